import type { Point } from '@songxanh/core';
import type { EdgePlace, StreetMap } from './street-map.ts';

/** A stop lies at the kerb, its position in a feed some metres off. */
const STOP_WITHIN_M = 35;
const MOST_CANDIDATES = 6;
/** Metres of detour that a metre of distance from the stop is worth. */
const OFFSET_COST = 4;

interface Leg {
  readonly place: EdgePlace;
  readonly cost: number;
  readonly edges: readonly string[];
}

/**
 * The edges a line runs over, from its stops alone: at each stop every edge near it counts (both directions lie there), and the shortest way through
 * them all decides. Returns the stop that no edge is near to, or that no way leads to.
 */
export const wayOverStops = (
  map: StreetMap,
  stops: readonly Point[],
): { readonly ok: true; readonly edges: readonly string[] } | { readonly ok: false; readonly stop: number } => {
  const lengthOf = (edges: readonly string[]): number => edges.reduce((total, edge) => total + map.polylineOf(edge).lengthM, 0);
  const candidates = (stop: Point): readonly EdgePlace[] => map.edgesNear(stop, STOP_WITHIN_M).slice(0, MOST_CANDIDATES);
  let legs: readonly Leg[] = [];
  for (const [i, stop] of stops.entries()) {
    const next = candidates(stop).flatMap((place): readonly Leg[] => {
      const here = place.offsetM * OFFSET_COST;
      if (i === 0) return [{ place, cost: here, edges: [place.edge] }];
      const [best] = legs
        .flatMap((leg): readonly Leg[] => {
          const sameEdge = leg.place.edge === place.edge && place.posM >= leg.place.posM;
          const way = sameEdge ? [place.edge] : map.findWay(leg.place.edge, place.edge);
          if (way === undefined || (!sameEdge && way.length < 2)) return [];
          const lengthM = sameEdge ? place.posM - leg.place.posM : lengthOf(way.slice(0, -1)) - leg.place.posM + place.posM;
          return [{ place, cost: leg.cost + lengthM + here, edges: [...leg.edges, ...way.slice(1)] }];
        })
        .sort((a, b) => a.cost - b.cost);
      return best === undefined ? [] : [best];
    });
    if (next.length === 0) return { ok: false, stop: i };
    legs = next;
  }
  const [best] = [...legs].sort((a, b) => a.cost - b.cost);
  return best === undefined ? { ok: false, stop: 0 } : { ok: true, edges: best.edges };
};
