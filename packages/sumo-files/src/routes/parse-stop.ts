import type { BusStop, BusStopVisit, Network } from '@songxanh/core';
import { faultAt, maybeNumber, maybeSeconds, textOf } from '../xml.ts';
import type { Element } from '../xml.ts';

/** SUMO counts negative positions from the lane's end. */
export const positionOn = (element: Element, attribute: string, lengthM: number, absentM: number): number => {
  const given = maybeNumber(element, attribute) ?? absentM;
  const positionM = given < 0 ? lengthM + given : given;
  const friendly = /^(1|true)$/.test(element.attributes['friendlyPos'] ?? '');
  // Files round: 0.1 m past the end is SUMO's own tolerance (POSITION_EPS).
  if (!friendly && (positionM < -0.1 || positionM > lengthM + 0.1))
    throw faultAt(element, `expected ${attribute} on its lane, 0…${lengthM.toFixed(2)} m`, attribute);
  return Math.min(Math.max(positionM, 0), lengthM);
};

/** A `<stop>` of a vehicle: at a bus stop or on a lane. */
export const parseStop = (element: Element, network: Network, busStops: ReadonlyMap<string, BusStop>): BusStopVisit => {
  const durationS = maybeSeconds(element, 'duration');
  const untilS = maybeSeconds(element, 'until');
  const times = { durationS: durationS ?? 0, ...(untilS === undefined ? {} : { untilS }) };
  if (durationS === undefined && untilS === undefined) throw faultAt(element, 'expected a duration or until');

  const busStop = element.attributes['busStop'];
  if (busStop !== undefined) {
    const place = busStops.get(busStop);
    if (place === undefined) throw faultAt(element, 'expected a busStop of the additional files', 'busStop');
    return { lane: place.lane, startPosM: place.startPosM, endPosM: place.endPosM, busStop, ...times };
  }
  for (const attribute of ['parkingArea', 'chargingStation', 'containerStop', 'overheadWireSegment'])
    if (element.attributes[attribute] !== undefined)
      throw faultAt(element, `expected a busStop or a lane: ${attribute} is not supported`, attribute);
  const laneId = textOf(element, 'lane');
  const lane = network.lanes.get(laneId);
  if (lane === undefined) throw faultAt(element, 'expected a lane of the network', 'lane');
  const endPosM = positionOn(element, 'endPos', lane.lengthM, lane.lengthM);
  return { lane: laneId, startPosM: positionOn(element, 'startPos', lane.lengthM, Math.max(0, endPosM - 0.2)), endPosM, ...times };
};
