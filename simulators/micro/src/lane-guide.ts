import type { Street } from './street.ts';

/**
 * Where a route can be followed from each lane of its edges. Entry of lane j of the route's i-th edge: `start[i] + j`.
 */
export interface LaneGuide {
  readonly edges: Int32Array;
  readonly start: Int32Array;
  /** Distance from the begin of the edge that can be driven without changing lanes, m. */
  readonly reach: Float64Array;
  /** Lanes to the left (positive) or right of the nearest lane with the farthest reach. */
  readonly offset: Int8Array;
  /** Link to the next edge, −1 where this lane has none. */
  readonly link: Int32Array;
  /** Total length from the begin of the first edge, without links, m. */
  readonly lengthM: number;
}

/** A lane counts as equally good when its reach is within this of the best one's, m. */
const SAME_REACH_M = 1;
/** On a shorter edge there is no time to change lanes: who is wrong there must have changed before, m. */
const SHORT_EDGE_M = 10;
/** No vehicle plans its lane farther ahead than this (SUMO: 3,000 m). */
const HORIZON_M = 3000;

/** Lays the guide for a route. `stopLane[i]` is the lane a vehicle must be on somewhere on edge i (a bus stop), −1 for any. */
export const layLaneGuide = (street: Street, allowed: Uint8Array, edges: Int32Array, stopLane: Int32Array): LaneGuide => {
  const start = new Int32Array(edges.length);
  for (let i = 1; i < edges.length; i++) start[i] = start[i - 1]! + street.edgeLaneCount[edges[i - 1]!]!;
  const size = edges.length === 0 ? 0 : start[edges.length - 1]! + street.edgeLaneCount[edges[edges.length - 1]!]!;
  const reach = new Float64Array(size);
  const offset = new Int8Array(size);
  const link = new Int32Array(size).fill(-1);
  let lengthM = 0;
  for (let i = edges.length - 1; i >= 0; i--) {
    const first = street.edgeFirstLane[edges[i]!]!;
    const count = street.edgeLaneCount[edges[i]!]!;
    lengthM += street.laneLength[first]!;
    for (let j = 0; j < count; j++) {
      const lane = first + j;
      const at = start[i]! + j;
      reach[at] = allowed[lane] ? street.laneLength[lane]! : -1;
      if (!allowed[lane]) continue;
      if (i < edges.length - 1) {
        const next = chooseLink(street, allowed, lane, edges[i + 1]!, start[i + 1]!, reach, offset);
        link[at] = next;
        const onward = stopLane[i]! >= 0 && stopLane[i] !== lane;
        if (next >= 0 && !onward) {
          const target = street.linkTo[next]!;
          reach[at] += Math.min(HORIZON_M, reach[start[i + 1]! + target - street.edgeFirstLane[edges[i + 1]!]!]!);
        }
      } else if (stopLane[i]! >= 0 && stopLane[i] !== lane) reach[at] = 0;
    }
    if (i < edges.length - 1 && street.laneLength[street.edgeFirstLane[edges[i + 1]!]!]! < SHORT_EDGE_M)
      closeWrongLanes(street, link, reach, offset, { lane: first, at: start[i]!, count }, edges[i + 1]!, start[i + 1]!);
    const best = Math.max(...reach.subarray(start[i], start[i]! + count));
    for (let j = 0; j < count; j++) {
      let nearest = 0;
      for (let d = 0; d < count; d++) {
        if (j + d < count && reach[start[i]! + j + d]! >= best - SAME_REACH_M) nearest = d;
        else if (j - d >= 0 && reach[start[i]! + j - d]! >= best - SAME_REACH_M) nearest = -d;
        else continue;
        break;
      }
      offset[start[i]! + j] = nearest;
    }
  }
  return { edges, start, reach, offset, link, lengthM };
};

/** Takes away the links of an edge's lanes that would need more changes on the next, short edge than others do. */
const closeWrongLanes = (
  street: Street,
  link: Int32Array,
  reach: Float64Array,
  offset: Int8Array,
  edge: { lane: number; at: number; count: number },
  nextEdge: number,
  nextStart: number,
): void => {
  const changes = (j: number): number => {
    const via = link[edge.at + j]!;
    return via < 0 ? Infinity : Math.abs(offset[nextStart + street.linkTo[via]! - street.edgeFirstLane[nextEdge]!]!);
  };
  const all = Array.from({ length: edge.count }, (_, j) => changes(j));
  const fewest = Math.min(...all);
  all.forEach((needed, j) => {
    if (needed <= fewest || needed === Infinity) return;
    link[edge.at + j] = -1;
    reach[edge.at + j] = street.laneLength[edge.lane + j]!;
  });
};

/** Of a lane's links to the next edge the one whose lane reaches farthest, then needs the fewest changes. */
const chooseLink = (
  street: Street,
  allowed: Uint8Array,
  lane: number,
  nextEdge: number,
  nextStart: number,
  reach: Float64Array,
  offset: Int8Array,
): number => {
  let chosen = -1;
  let [bestReach, bestOffset] = [-1, Infinity];
  for (const link of street.linksFrom[lane]!) {
    const target = street.linkTo[link]!;
    if (street.laneEdge[target] !== nextEdge || !allowed[target]) continue;
    const at = nextStart + target - street.edgeFirstLane[nextEdge]!;
    const [far, changes] = [reach[at]!, Math.abs(offset[at]!)];
    if (far > bestReach + SAME_REACH_M || (far > bestReach - SAME_REACH_M && changes < bestOffset)) {
      [chosen, bestReach, bestOffset] = [link, far, changes];
    }
  }
  return chosen;
};
