import type { Connection, Network, VehicleType } from '@songxanh/core';
import { findPath } from './find-path.ts';
import type { Step } from './find-path.ts';
import { mayUse } from './vehicle-class.ts';

/** SUMO's `--weights.minor-penalty`: seconds for a link that gives way without a signal. */
const MINOR_LINK_PENALTY_S = 1.5;

export interface VehicleRouter {
  /** Fastest path at free flow for this type over all `stations` (edges) in turn; undefined where there is none. */
  readonly route: (stations: readonly string[], type: VehicleType) => readonly string[] | undefined;
  /** Whether some connection leads from one edge straight to the other. */
  readonly connected: (from: string, to: string) => boolean;
}

const penaltyS = ({ signal, state }: Connection): number => (signal === undefined && !/[A-Z]/.test(state) ? MINOR_LINK_PENALTY_S : 0);

/** Time through the node: its internal lanes one after the other, with the penalty of each link that gives way (also inside the node). */
const insideS = (network: Network, connection: Connection, inside: ReadonlyMap<string, Connection>, maxSpeedMps: number): number => {
  let timeS = 0;
  for (let next: Connection | undefined = connection; next !== undefined && next.via !== ''; next = inside.get(next.via)) {
    const lane = network.lanes.get(next.via);
    if (lane !== undefined) timeS += lane.lengthM / Math.min(lane.speedMps, maxSpeedMps) + penaltyS(next);
  }
  return connection.via === '' ? penaltyS(connection) : timeS;
};

/** Routes like SUMO's own router on an empty network: edge and internal lane times plus a penalty for minor links. */
export const createVehicleRouter = (network: Network): VehicleRouter => {
  const outOf = new Map<string, Connection[]>();
  const inside = new Map<string, Connection>();
  for (const connection of network.connections) {
    const from = network.edges.get(connection.fromEdge);
    if (from === undefined) continue;
    if (from.kind === 'internal') {
      const lane = from.lanes[connection.fromLane];
      if (lane !== undefined && connection.via !== '') inside.set(lane.id, connection);
    } else if (from.kind === 'normal' && network.edges.get(connection.toEdge)?.kind === 'normal') {
      const list = outOf.get(from.id);
      if (list === undefined) outOf.set(from.id, [connection]);
      else list.push(connection);
    }
  }

  const graphs = new Map<string, Map<string, readonly Step[]>>();
  const stepsOf = (edgeId: string, type: VehicleType): readonly Step[] => {
    const edge = network.edges.get(edgeId);
    const length = edge?.lanes[0]?.lengthM ?? 0;
    const edgeS = length / Math.min(edge?.lanes[0]?.speedMps ?? 1, type.maxSpeedMps);
    const cheapest = new Map<string, number>();
    for (const connection of outOf.get(edgeId) ?? []) {
      const fromLane = edge?.lanes[connection.fromLane];
      const toLane = network.edges.get(connection.toEdge)?.lanes[connection.toLane];
      if (fromLane === undefined || toLane === undefined) continue;
      if (!mayUse(fromLane, type.vehicleClass) || !mayUse(toLane, type.vehicleClass)) continue;
      const cost = edgeS + insideS(network, connection, inside, type.maxSpeedMps);
      cheapest.set(connection.toEdge, Math.min(cost, cheapest.get(connection.toEdge) ?? Infinity));
    }
    return [...cheapest].map(([to, cost]) => ({ to, cost }));
  };

  const paths = new Map<string, readonly string[] | undefined>();
  const path = (from: string, to: string, type: VehicleType): readonly string[] | undefined => {
    const typeKey = `${type.vehicleClass} ${String(type.maxSpeedMps)}`;
    const key = `${typeKey} ${from} ${to}`;
    if (paths.has(key)) return paths.get(key);
    const graph = graphs.get(typeKey) ?? new Map<string, readonly Step[]>();
    graphs.set(typeKey, graph);
    const found = findPath(from, to, (edge) => {
      const known = graph.get(edge) ?? stepsOf(edge, type);
      graph.set(edge, known);
      return known;
    });
    paths.set(key, found);
    return found;
  };

  return {
    route: (stations, type) => {
      const edges: string[] = stations.slice(0, 1);
      for (const [i, to] of stations.entries()) {
        const from = stations[i - 1];
        if (from === undefined) continue;
        const leg = path(from, to, type);
        if (leg === undefined) return undefined;
        edges.push(...leg.slice(1));
      }
      const usable = edges.every((edge) => network.edges.get(edge)?.lanes.some((lane) => mayUse(lane, type.vehicleClass)));
      return usable ? edges : undefined;
    },
    connected: (from, to) => (outOf.get(from) ?? []).some((connection) => connection.toEdge === to),
  };
};
