import type { BusStop, LaneAreaDetector, LoopDetector, Network, NetworkLane, Result, StreetFurniture } from '@songxanh/core';
import { faultAt, gatherFile, gatherText, maybeNumber, textOf } from '../xml.ts';
import type { Element, Gatherer } from '../xml.ts';
import { positionOn } from '../routes/parse-stop.ts';

const laneOf = (element: Element, network: Network): NetworkLane => {
  const lane = network.lanes.get(textOf(element, 'lane'));
  if (lane === undefined) throw faultAt(element, 'expected a lane of the network', 'lane');
  return lane;
};

const parseLoop = (element: Element, network: Network): LoopDetector => {
  const lane = laneOf(element, network);
  textOf(element, 'pos');
  return { kind: 'loop', id: textOf(element, 'id'), lane: lane.id, posM: positionOn(element, 'pos', lane.lengthM, 0) };
};

const parseLaneArea = (element: Element, network: Network): LaneAreaDetector => {
  if (element.attributes['lanes'] !== undefined)
    throw faultAt(element, 'expected one lane: lane areas over several lanes are not supported', 'lanes');
  const lane = laneOf(element, network);
  const lengthM = maybeNumber(element, 'length');
  const startPosM = positionOn(element, 'pos', lane.lengthM, 0);
  const endPosM =
    lengthM === undefined ? positionOn(element, 'endPos', lane.lengthM, lane.lengthM) : Math.min(startPosM + lengthM, lane.lengthM);
  if (endPosM <= startPosM) throw faultAt(element, 'expected its end behind its begin');
  return { kind: 'lane-area', id: textOf(element, 'id'), lane: lane.id, startPosM, endPosM };
};

const parseBusStop = (element: Element, network: Network): BusStop => {
  const lane = laneOf(element, network);
  const endPosM = positionOn(element, 'endPos', lane.lengthM, lane.lengthM);
  const startPosM = positionOn(element, 'startPos', lane.lengthM, Math.max(0, endPosM - 10));
  if (endPosM < startPosM) throw faultAt(element, 'expected endPos not before startPos', 'endPos');
  return { id: textOf(element, 'id'), name: element.attributes['name'] ?? '', lane: lane.id, startPosM, endPosM };
};

const gatherFurniture = (network: Network): Gatherer<StreetFurniture> => {
  const detectors = new Map<string, LoopDetector | LaneAreaDetector>();
  const busStops = new Map<string, BusStop>();
  const add = <T extends { readonly id: string }>(element: Element, all: Map<string, T>, value: T): void => {
    if (all.has(value.id)) throw faultAt(element, 'expected an id of its own: this one exists already');
    all.set(value.id, value);
  };
  const open = (element: Element): void => {
    switch (element.name) {
      case 'inductionLoop':
      case 'e1Detector':
        add(element, detectors, parseLoop(element, network));
        break;
      case 'laneAreaDetector':
      case 'e2Detector':
        add(element, detectors, parseLaneArea(element, network));
        break;
      case 'busStop':
      case 'trainStop':
        add(element, busStops, parseBusStop(element, network));
        break;
    }
  };
  return { open, finish: () => ({ detectors: [...detectors.values()], busStops: [...busStops.values()] }) };
};

const ROOTS = ['additional', 'add', 'routes'];

/** Reads detectors and bus stops of `.add.xml` files; other elements are left to SUMO. */
export const readAdditional = async (files: readonly string[], network: Network): Promise<StreetFurniture> => {
  const gatherer = gatherFurniture(network);
  for (const file of files) await gatherFile(file, ROOTS, gatherer);
  return gatherer.finish();
};

/** The same from text in memory; `name` stands for the file in messages. */
export const parseAdditional = (text: string, name: string, network: Network): Result<StreetFurniture> =>
  gatherText(text, name, ROOTS, gatherFurniture(network));
