import {
  junctionId,
  laneId,
  type ExitStorage,
  type JunctionId,
  type Movement,
  type Network,
  type Site,
  type VehicleSighting,
} from '@songxanh/core';
import { ROUTE_ENDS } from '../lane-guide.ts';
import { RUNNING } from '../trip-book.ts';
import type { World } from '../world.ts';

/** How far along the road, across junctions, a vehicle is seen from a stop line, m. */
const SIGHT_M = 200;
/** SUMO's default gap at standstill, m, and the place a car takes with it. */
const MIN_GAP_M = 2.5;
const PLACE_M = 5 + MIN_GAP_M;
/** Slower than this (m/s) the last vehicle of a full exit does not make room soon. */
const CRAWL_MPS = 1.5;

export interface SeenTraffic {
  readonly sightings: ReadonlyMap<JunctionId, readonly VehicleSighting[]>;
  readonly exits: ReadonlyMap<JunctionId, readonly ExitStorage[]>;
}

/** A signalised link as its junction knows it. */
interface Head {
  readonly junction: JunctionId;
  readonly movement: Movement;
}

const headsOf = ({ street }: World, network: Network, sites: ReadonlyMap<JunctionId, Site>): readonly (Head | undefined)[] =>
  Array.from(street.linkFrom, (from, link) => {
    const signal = street.linkSignal[link]!;
    if (signal < 0) return undefined;
    const junction = junctionId(street.signalIds[signal]!);
    const fromLane = street.laneIds[from]!;
    const toLane = street.laneIds[street.linkTo[link]!]!;
    const movement = sites.get(junction)?.movements.find((one) => one.fromLane === fromLane && one.toLane === toLane);
    return movement && network.lanes.has(fromLane) ? { junction, movement } : undefined;
  });

/** Tells what each junction sees of the vehicles on the street, as the SUMO street does: those that come, and how full the exits are. */
export const createObserver = (world: World, network: Network, sites: ReadonlyMap<JunctionId, Site>): (() => SeenTraffic) => {
  const { street } = world;
  const heads = headsOf(world, network, sites);
  const exitsOf = new Map([...sites].map(([id, site]) => [id, [...new Set(site.movements.map(({ toLane }) => toLane))]]));

  /** The signals ahead of `v`, nearest first. */
  const lookAhead = (v: number, see: (head: Head, distanceM: number) => void): void => {
    const { fleet, guides } = world;
    let lane = fleet.lane[v]!;
    let step = fleet.step[v]!;
    let seen = -fleet.pos[v]!;
    let link = street.laneLink[lane]!;
    if (link >= 0) {
      seen += street.linkLength[link]! - street.lanePathOffset[lane]!;
      lane = street.linkTo[link]!;
      step++;
    }
    for (let depth = 0; ; depth++) {
      seen += street.laneLength[lane]!;
      const entry = guides.start[step]! + lane - street.edgeFirstLane[guides.edge[step]!]!;
      link = guides.last[step] === 1 ? ROUTE_ENDS : guides.link[entry]!;
      // Who must still change lanes is seen on the one it heads for.
      if (link === -1) {
        const aside = lane + guides.offset[entry]!;
        link = guides.link[entry + guides.offset[entry]!]!;
        if (aside === lane || link < 0) return;
      }
      if (link < 0 || seen > SIGHT_M) return;
      const head = heads[link];
      if (head !== undefined) see(head, seen);
      seen += street.linkLength[link]!;
      lane = street.linkTo[link]!;
      step++;
    }
  };

  const exitStorage = (id: string): readonly ExitStorage[] => {
    const { fleet, order } = world;
    const lane = street.laneIndex.get(id);
    if (lane === undefined || order.count[lane] === 0) return [];
    let [occupied, rear, rearSpeed] = [0, Infinity, Infinity];
    for (let v = order.last[lane]!; v >= 0; v = fleet.ahead[v]!) {
      const back = fleet.pos[v]! - fleet.length[v]!;
      if (back > SIGHT_M) break;
      occupied += fleet.length[v]! + MIN_GAP_M;
      if (back < rear) [rear, rearSpeed] = [back, fleet.speed[v]!];
    }
    if (rear === Infinity) return [];
    const seenM = Math.max(Math.min(street.laneLength[lane]!, SIGHT_M), PLACE_M);
    const blocked = rear < PLACE_M && rearSpeed < CRAWL_MPS;
    return [{ lane: laneId(id), occupancyRatio: Math.min(1, occupied / seenM), blocked }];
  };

  return () => {
    const { fleet, book } = world;
    const sightings = new Map<JunctionId, VehicleSighting[]>([...sites.keys()].map((id) => [id, []]));
    for (let v = 0; v < fleet.end; v++) {
      if (fleet.state[v] !== RUNNING) continue;
      const { persons, pcu } = fleet.types[fleet.typeOf[v]!]!;
      const vehicle = book.trips[fleet.trip[v]!]!.id;
      const speedMps = fleet.speed[v]!;
      lookAhead(v, ({ junction, movement }, distanceM) =>
        sightings.get(junction)!.push({ vehicle, lane: movement.fromLane, distanceM, speedMps, movement: movement.id, persons, pcu }),
      );
    }
    return { sightings, exits: new Map([...exitsOf].map(([id, lanes]) => [id, lanes.flatMap(exitStorage)])) };
  };
};
