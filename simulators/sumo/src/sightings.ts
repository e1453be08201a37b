import type { ExitStorage, JunctionId, Movement, Network, Site, VehicleSighting } from '@songxanh/core';
import { readSignalsAhead } from '@songxanh/traci';
import { LANE, NEXT_SIGNALS, POSITION, SPEED, type TrackedVehicle } from './vehicles.ts';

/** How far along the road, across junctions, a vehicle is seen from a stop line, m. */
export const SIGHT_M = 200;
/** SUMO's default gap at standstill, m, and the place a car takes with it. */
const MIN_GAP_M = 2.5;
const PLACE_M = 5 + MIN_GAP_M;
/** Slower than this (m/s) the last vehicle of a full exit does not make room soon. */
const CRAWL_MPS = 1.5;

/** Movements behind each link index of each signal. */
const linkMovements = (network: Network, sites: Iterable<Site>): ReadonlyMap<string, readonly (readonly Movement[])[]> =>
  new Map(
    [...sites].map((site) => {
      const byLink: Movement[][] = Array.from({ length: site.headCount }, () => []);
      for (const { signal, fromEdge, fromLane, toEdge, toLane } of network.connections) {
        if (signal?.program !== (site.id as string)) continue;
        const from = network.edges.get(fromEdge)?.lanes[fromLane]?.id;
        const to = network.edges.get(toEdge)?.lanes[toLane]?.id;
        const movement = site.movements.find((one) => one.fromLane === from && one.toLane === to);
        if (movement) byLink[signal.index]?.push(movement);
      }
      return [site.id, byLink] as const;
    }),
  );

export interface SeenTraffic {
  readonly sightings: ReadonlyMap<JunctionId, readonly VehicleSighting[]>;
  readonly exits: ReadonlyMap<JunctionId, readonly ExitStorage[]>;
}

/** Tells what each junction sees of the vehicles on the street: those that come, and how full the exits are. */
export const createObserver = (
  network: Network,
  sites: ReadonlyMap<JunctionId, Site>,
): ((vehicles: Iterable<TrackedVehicle>) => SeenTraffic) => {
  const byLink = linkMovements(network, sites.values());
  const exitLanes = new Map(
    [...sites.values()].flatMap((site) =>
      site.movements.map(({ toLane }) => [toLane as string, network.lanes.get(toLane)?.lengthM ?? 0] as const),
    ),
  );

  return (vehicles) => {
    const sightings = new Map<JunctionId, VehicleSighting[]>([...sites.keys()].map((id) => [id, []]));
    const filled = new Map<string, { occupiedM: number; rearM: number; rearSpeedMps: number }>();
    for (const { id, values, persons, pcu, lengthM } of vehicles) {
      const lane = values.string(LANE);
      const speedMps = values.number(SPEED);
      if (exitLanes.has(lane)) noteOnExit(filled, lane, values.number(POSITION), lengthM, speedMps);
      for (const { signal, linkIndex, distanceM } of readSignalsAhead(values.reader(NEXT_SIGNALS), SIGHT_M)) {
        const movements = byLink.get(signal)?.[linkIndex];
        const movement = movements?.find(({ fromLane }) => fromLane === lane) ?? movements?.[0];
        if (!movement) continue;
        const sighting = { vehicle: id, lane: movement.fromLane, distanceM, speedMps, movement: movement.id, persons, pcu };
        sightings.get(signal as JunctionId)?.push(sighting);
      }
    }
    const exits = new Map([...sites.values()].map((site) => [site.id, listExits(site, exitLanes, filled)] as const));
    return { sightings, exits };
  };
};

const noteOnExit = (
  filled: Map<string, { occupiedM: number; rearM: number; rearSpeedMps: number }>,
  lane: string,
  frontM: number,
  lengthM: number,
  speedMps: number,
): void => {
  const rearM = frontM - lengthM;
  // Only what stands within sight of the junction behind is known to it.
  if (rearM > SIGHT_M) return;
  const so = filled.get(lane) ?? { occupiedM: 0, rearM: Infinity, rearSpeedMps: Infinity };
  const last = rearM < so.rearM;
  filled.set(lane, {
    occupiedM: so.occupiedM + lengthM + MIN_GAP_M,
    rearM: last ? rearM : so.rearM,
    rearSpeedMps: last ? speedMps : so.rearSpeedMps,
  });
};

const listExits = (
  site: Site,
  lengths: ReadonlyMap<string, number>,
  filled: ReadonlyMap<string, { occupiedM: number; rearM: number; rearSpeedMps: number }>,
): readonly ExitStorage[] =>
  [...new Set(site.movements.map(({ toLane }) => toLane))].flatMap((lane) => {
    const so = filled.get(lane);
    if (so === undefined) return [];
    const seenM = Math.min(lengths.get(lane) ?? SIGHT_M, SIGHT_M);
    return [
      {
        lane,
        occupancyRatio: Math.min(1, so.occupiedM / Math.max(seenM, PLACE_M)),
        blocked: so.rearM < PLACE_M && so.rearSpeedMps < CRAWL_MPS,
      },
    ];
  });
