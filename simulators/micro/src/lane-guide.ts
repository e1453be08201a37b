import type { Street } from './street.ts';
import type { World } from './world.ts';

/**
 * Where routes can be followed from each lane of their edges, all routes in the same arrays. A route's steps, one for each edge, are
 * consecutive; the entry of lane j of step s is `start[s] + j`.
 */
export interface Guides {
  readonly edge: Int32Array;
  readonly start: Int32Array;
  /** 1: the route ends on this edge. */
  readonly last: Uint8Array;
  /** Distance from the begin of the edge that can be driven without changing lanes, m. */
  readonly reach: Float64Array;
  /** Lanes to the left (positive) or right of the nearest lane with the farthest reach. */
  readonly offset: Int8Array;
  /** Link to the next edge, −1 where this lane has none. */
  readonly link: Int32Array;
}

/** A lane counts as equally good when its reach is within this of the best one's, m. */
const SAME_REACH_M = 1;
/** On a shorter edge there is no time to change lanes: who is wrong there must have changed before, m. */
const SHORT_EDGE_M = 10;
/** No vehicle plans its lane farther ahead than this (SUMO: 3,000 m). */
const HORIZON_M = 3000;

/** Guides with room for `routes`, each a list of edges, and nothing laid yet. */
export const roomForGuides = (street: Street, routes: readonly Int32Array[]): Guides => {
  let [steps, entries] = [0, 0];
  for (const edges of routes)
    for (const edge of edges) {
      steps++;
      entries += street.edgeLaneCount[edge]!;
    }
  return {
    edge: new Int32Array(steps),
    start: new Int32Array(steps),
    last: new Uint8Array(steps),
    reach: new Float64Array(entries),
    offset: new Int8Array(entries),
    link: new Int32Array(entries).fill(-1),
  };
};

/** The same guides with room for so many steps and entries in all; more than asked for, so that it is seldom needed. */
export const growGuides = (guides: Guides, steps: number, entries: number): Guides => {
  if (guides.edge.length >= steps && guides.link.length >= entries) return guides;
  const [roomS, roomE] = [Math.ceil(1.25 * steps), Math.ceil(1.25 * entries)];
  const grown = <C extends Float64Array | Int32Array | Uint8Array | Int8Array>(column: C, room: number): C => {
    const made = new (column.constructor as new (length: number) => C)(room);
    made.set(column);
    return made;
  };
  return {
    edge: grown(guides.edge, roomS),
    start: grown(guides.start, roomS),
    last: grown(guides.last, roomS),
    reach: grown(guides.reach, roomE),
    offset: grown(guides.offset, roomE),
    link: grown(guides.link, roomE),
  };
};

/** Steps and entries already laid. */
export interface GuideFront {
  step: number;
  entry: number;
}

/** Lays the guide for a route and moves `front` behind it. `stopLane[i]` is the lane a vehicle must be on somewhere on edge i (a bus stop), −1 for any; empty for none. */
export const layGuide = (
  guides: Guides,
  front: GuideFront,
  street: Street,
  allowed: Uint8Array,
  edges: Int32Array,
  stopLane: Int32Array,
): void => {
  const firstStep = front.step;
  const { start, reach, offset, link } = guides;
  for (const edge of edges) {
    guides.edge[front.step] = edge;
    start[front.step] = front.entry;
    front.step++;
    front.entry += street.edgeLaneCount[edge]!;
  }
  guides.last[front.step - 1] = 1;
  for (let i = edges.length - 1; i >= 0; i--) {
    const step = firstStep + i;
    const begin = start[step]!;
    const first = street.edgeFirstLane[edges[i]!]!;
    const count = street.edgeLaneCount[edges[i]!]!;
    const stop = i < stopLane.length ? stopLane[i]! : -1;
    for (let j = 0; j < count; j++) {
      const lane = first + j;
      const at = begin + j;
      reach[at] = allowed[lane] ? street.laneLength[lane]! : -1;
      link[at] = -1;
      if (!allowed[lane]) continue;
      if (i < edges.length - 1) {
        const next = chooseLink(guides, street, allowed, lane, edges[i + 1]!, start[step + 1]!);
        link[at] = next;
        const onward = stop >= 0 && stop !== lane;
        if (next >= 0 && !onward) {
          const target = street.linkTo[next]!;
          reach[at] += Math.min(HORIZON_M, reach[start[step + 1]! + target - street.edgeFirstLane[edges[i + 1]!]!]!);
        }
      } else if (stop >= 0 && stop !== lane) reach[at] = 0;
    }
    if (i < edges.length - 1 && street.laneLength[street.edgeFirstLane[edges[i + 1]!]!]! < SHORT_EDGE_M)
      closeWrongLanes(guides, street, { lane: first, at: begin, count }, edges[i + 1]!, start[step + 1]!);
    let best = -1;
    for (let at = begin; at < begin + count; at++) best = Math.max(best, reach[at]!);
    for (let j = 0; j < count; j++) {
      let nearest = 0;
      for (let d = 0; d < count; d++) {
        if (j + d < count && reach[begin + j + d]! >= best - SAME_REACH_M) nearest = d;
        else if (j - d >= 0 && reach[begin + j - d]! >= best - SAME_REACH_M) nearest = -d;
        else continue;
        break;
      }
      offset[begin + j] = nearest;
    }
  }
};

/** Takes away the links of an edge's lanes that would need more changes on the next, short edge than others do. */
const closeWrongLanes = (
  { link, reach, offset }: Guides,
  street: Street,
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
  { reach, offset }: Guides,
  street: Street,
  allowed: Uint8Array,
  lane: number,
  nextEdge: number,
  nextStart: number,
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

/** Kept beside a motorcycle (minGapLat in SUMO's sublane model), m. */
const LATERAL_GAP_M = 0.3;
/** `fleet.link` of a vehicle on the last edge of its route. */
export const ROUTE_ENDS = -2;
/** `reach` beside a road's outermost lanes. */
const NO_LANE = -1;

/** Notes what there is to know about the lane `v` has come to: the guides are too large to be looked up in every step. */
export const takeBearings = ({ fleet, guides, street }: World, v: number): void => {
  const lane = fleet.lane[v]!;
  if (fleet.narrow[v]) {
    // Slots are narrower than a motorcycle and its gap: those beside each other take turns, so that as many pass as have room side by side.
    const { tauS, widthM } = fleet.types[fleet.typeOf[v]!]!;
    fleet.tau[v] = tauS * Math.max(1, (street.laneSlots[lane]! * (widthM + LATERAL_GAP_M)) / street.laneWidth[lane]!);
  }
  if (street.laneLink[lane]! >= 0) return;
  const step = fleet.step[v]!;
  const edge = guides.edge[step]!;
  const j = lane - street.edgeFirstLane[edge]!;
  const at = guides.start[step]! + j;
  fleet.link[v] = guides.last[step] === 1 ? ROUTE_ENDS : guides.link[at]!;
  fleet.offset[v] = guides.offset[at]!;
  fleet.reach[v] = guides.reach[at]!;
  const hasLeft = j + 1 < street.edgeLaneCount[edge]!;
  fleet.leftReach[v] = hasLeft ? guides.reach[at + 1]! : NO_LANE;
  fleet.leftOffset[v] = hasLeft ? guides.offset[at + 1]! : 0;
  fleet.rightReach[v] = j > 0 ? guides.reach[at - 1]! : NO_LANE;
  fleet.rightOffset[v] = j > 0 ? guides.offset[at - 1]! : 0;
};
