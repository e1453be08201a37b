import type { Network } from '@songxanh/core';
import { findPath } from './find-path.ts';
import type { Step } from './find-path.ts';
import { mayUse } from './vehicle-class.ts';

/**
 * Shortest walk over sidewalks, walking areas and crossings through all `stations` (edges); the result names the road edges and the crossings on
 * the way. In a network without walking areas people go straight from station to station.
 */
export const createWalkRouter = (network: Network): ((stations: readonly string[]) => readonly string[] | undefined) => {
  const neighbours = new Map<string, Set<string>>();
  const join = (a: string, b: string): void => {
    const known = neighbours.get(a);
    if (known === undefined) neighbours.set(a, new Set([b]));
    else known.add(b);
  };
  for (const { fromEdge, toEdge } of network.connections) {
    const kinds = [network.edges.get(fromEdge)?.kind, network.edges.get(toEdge)?.kind];
    if (!kinds.includes('walking-area')) continue;
    // People walk both ways.
    join(fromEdge, toEdge);
    join(toEdge, fromEdge);
  }
  const walkable = (edge: string): boolean => network.edges.get(edge)?.lanes.some((lane) => mayUse(lane, 'pedestrian')) ?? false;
  const steps = (edge: string): readonly Step[] =>
    [...(neighbours.get(edge) ?? [])].filter(walkable).map((to) => ({ to, cost: network.edges.get(to)?.lanes[0]?.lengthM ?? 0 }));
  const onTheWay = (edge: string): boolean => network.edges.get(edge)?.kind !== 'walking-area';

  return (stations) => {
    if (neighbours.size === 0) return stations;
    const edges: string[] = stations.slice(0, 1);
    for (const [i, to] of stations.entries()) {
      const from = stations[i - 1];
      if (from === undefined || from === to) continue;
      const leg = findPath(from, to, steps);
      if (leg === undefined) return undefined;
      edges.push(...leg.slice(1).filter(onTheWay));
    }
    return edges;
  };
};
