import { accept, refuse, type Network, type Result, type TrafficDemand, type Trip } from '@songxanh/core';
import { layGuide, roomForGuides, type Guides } from './lane-guide.ts';
import { allowedLanes } from './permissions.ts';
import type { Street } from './street.ts';

/** Where all trips go. */
export interface PlannedRoutes {
  readonly guides: Guides;
  readonly firstStep: Int32Array;
  readonly allowedOf: Uint8Array[];
}

/** A way through the network that one trip or many follow. */
interface Way {
  readonly number: number;
  readonly allowed: Uint8Array;
  readonly edges: Int32Array;
  /** Empty where it has no stop. */
  readonly stopLane: Int32Array;
}

/** Lays the guides of all trips; refuses one that its network cannot carry, naming the vehicle and the edges. */
export const planRoutes = (network: Network, street: Street, demand: TrafficDemand, trips: readonly Trip[]): Result<PlannedRoutes> => {
  const classes = new Map<string, Uint8Array>();
  const types = [...demand.types.values()];
  const allowedOf = types.map((type) => {
    const found = classes.get(type.vehicleClass) ?? allowedLanes(network, street, type.vehicleClass);
    classes.set(type.vehicleClass, found);
    return found;
  });
  const ways = new Map<string, Way>();
  const wayOf = new Int32Array(trips.length);
  for (const [t, trip] of trips.entries()) {
    const { vehicleClass } = demand.types.get(trip.type)!;
    const key = `${vehicleClass}|${trip.edges.join(' ')}|${trip.stops.map((stop) => stop.lane).join(' ')}`;
    let way = ways.get(key);
    if (way === undefined) {
      const allowed = classes.get(vehicleClass)!;
      const edges = numberEdges(street, allowed, trip);
      if (!edges.ok) return edges;
      for (const stop of trip.stops) {
        if (!street.laneIndex.has(stop.lane))
          return refuse('unknown-lane', `vehicle ${trip.id}: stop on lane ${stop.lane}, which is not in the network`);
      }
      const stopLane = new Int32Array(trip.stops.length > 0 ? edges.value.length : 0);
      for (let i = 0; i < stopLane.length; i++) {
        const stop = trip.stops.find((s) => street.laneEdge[street.laneIndex.get(s.lane)!] === edges.value[i]);
        stopLane[i] = stop ? street.laneIndex.get(stop.lane)! : -1;
      }
      way = { number: ways.size, allowed, edges: Int32Array.from(edges.value), stopLane };
      ways.set(key, way);
    }
    wayOf[t] = way.number;
  }
  const guides = roomForGuides(
    street,
    [...ways.values()].map(({ edges }) => edges),
  );
  const front = { step: 0, entry: 0 };
  const begins = Int32Array.from(ways.values(), ({ allowed, edges, stopLane }) => {
    const begin = front.step;
    layGuide(guides, front, street, allowed, edges, stopLane);
    return begin;
  });
  return accept({ guides, firstStep: wayOf.map((way) => begins[way]!), allowedOf });
};

/** The edges of a trip by number; each must touch the next for the trip's class. */
const numberEdges = (street: Street, allowed: Uint8Array, trip: Trip): Result<number[]> => {
  const path: number[] = [];
  for (const id of trip.edges) {
    const edge = street.edgeIndex.get(id);
    if (edge === undefined) return refuse('unknown-edge', `vehicle ${trip.id}: edge ${id} is not in the network`);
    const last = path.at(-1);
    if (last !== undefined && !touches(street, allowed, last, edge))
      return refuse('no-way', `vehicle ${trip.id}: no connection from edge ${street.edgeIds[last]!} to edge ${id} for its class`);
    path.push(edge);
  }
  return path.length > 0 ? accept(path) : refuse('empty-route', `vehicle ${trip.id}: its route has no edge`);
};

const touches = (street: Street, allowed: Uint8Array, from: number, to: number): boolean => {
  const first = street.edgeFirstLane[from]!;
  for (let lane = first; lane < first + street.edgeLaneCount[from]!; lane++)
    if (allowed[lane] && street.linksFrom[lane]!.some((link) => street.laneEdge[street.linkTo[link]!] === to)) return true;
  return false;
};
