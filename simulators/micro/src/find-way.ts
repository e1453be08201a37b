import type { Network } from '@songxanh/core';
import type { Street } from './street.ts';

/** Seconds for a link that gives way without a signal (SUMO's weights.minor-penalty). */
const MINOR_LINK_S = 1.5;
/** Slower than this nobody reckons with, m/s (SUMO's NUMERICAL_EPS). */
const LEAST_MPS = 0.001;

/** What a driver reckons with. */
export interface Driver {
  readonly allowed: Uint8Array;
  readonly maxSpeedMps: number;
  readonly speedFactor: number;
}

/** Fastest ways over the edges of a street. */
export interface WayFinder {
  /** All edges from the first station over the others to the last, by number; undefined where there is no way around `closed` edges. */
  readonly find: (stations: Int32Array, driver: Driver, speeds: Float64Array, closed: Uint8Array) => Int32Array | undefined;
}

/** A finder whose answers at free speeds are those of the router of packages/sumo-files. */
export const createWayFinder = (network: Network, street: Street): WayFinder => {
  const edges = street.edgeIds.length;
  const penalty = new Float64Array(edges);
  const linkPenalty = new Float64Array(street.linkFrom.length);
  for (const { via, signal, state } of network.connections) {
    const lane = street.laneIndex.get(via);
    if (lane !== undefined && signal === undefined && !/[A-Z]/.test(state)) penalty[street.laneEdge[lane]!] = MINOR_LINK_S;
  }
  street.linkVia.forEach((via, link) => {
    if (via < 0 && street.linkSignal[link]! < 0 && !/[A-Z]/.test(String.fromCharCode(street.linkLetter[link]!)))
      linkPenalty[link] = MINOR_LINK_S;
  });
  const best = new Float64Array(edges);
  const before = new Int32Array(edges);
  const settled = new Uint8Array(edges);
  const heap = createHeap();

  const leg = (
    from: number,
    to: number,
    { allowed, maxSpeedMps, speedFactor }: Driver,
    speeds: Float64Array,
    closed: Uint8Array,
  ): boolean => {
    const costOf = (edge: number): number => {
      const lane = street.edgeFirstLane[edge]!;
      const free = Math.min(maxSpeedMps, street.laneSpeed[lane]! * speedFactor);
      const length = street.laneLength[lane]!;
      return Math.max(length / Math.max(speeds[edge]!, LEAST_MPS), length / free + penalty[edge]!);
    };
    best.fill(Infinity);
    before.fill(-1);
    settled.fill(0);
    heap.clear();
    best[from] = 0;
    heap.push(0, from);
    while (heap.size() > 0) {
      const edge = heap.pop();
      if (settled[edge]) continue;
      settled[edge] = 1;
      if (edge === to) return true;
      const begin = best[edge]! + costOf(edge);
      const first = street.edgeFirstLane[edge]!;
      for (let lane = first; lane < first + street.edgeLaneCount[edge]!; lane++) {
        if (allowed[lane] === 0) continue;
        for (const link of street.linksFrom[lane]!) {
          const target = street.linkTo[link]!;
          const next = street.laneEdge[target]!;
          if (allowed[target] === 0 || settled[next] || closed[next]) continue;
          const [via, second] = [street.linkVia[link]!, street.linkSecondVia[link]!];
          const inside =
            (via < 0 ? linkPenalty[link]! : costOf(street.laneEdge[via]!)) + (second < 0 ? 0 : costOf(street.laneEdge[second]!));
          const cost = begin + inside;
          if (cost >= best[next]!) continue;
          best[next] = cost;
          before[next] = edge;
          heap.push(cost, next);
        }
      }
    }
    return false;
  };

  return {
    find: (stations, driver, speeds, closed) => {
      const way: number[] = [stations[0]!];
      for (let i = 1; i < stations.length; i++) {
        if (!leg(stations[i - 1]!, stations[i]!, driver, speeds, closed)) return undefined;
        const part: number[] = [];
        for (let edge = stations[i]!; edge !== stations[i - 1]; edge = before[edge]!) part.push(edge);
        way.push(...part.reverse());
      }
      return Int32Array.from(way);
    },
  };
};

interface Heap {
  readonly size: () => number;
  readonly clear: () => void;
  readonly push: (key: number, value: number) => void;
  readonly pop: () => number;
}

/** Smallest key first; equal keys in order of insertion, so that ways are deterministic. */
const createHeap = (): Heap => {
  const keys: number[] = [];
  const orders: number[] = [];
  const values: number[] = [];
  let pushed = 0;
  const less = (i: number, j: number): boolean => keys[i]! < keys[j]! || (keys[i] === keys[j] && orders[i]! < orders[j]!);
  const swap = (i: number, j: number): void => {
    for (const list of [keys, orders, values]) [list[i], list[j]] = [list[j]!, list[i]!];
  };
  return {
    size: () => keys.length,
    clear: () => {
      for (const list of [keys, orders, values]) list.length = 0;
      pushed = 0;
    },
    push: (key, value) => {
      keys.push(key);
      orders.push(pushed++);
      values.push(value);
      for (let i = keys.length - 1; i > 0 && less(i, (i - 1) >> 1); i = (i - 1) >> 1) swap(i, (i - 1) >> 1);
    },
    pop: () => {
      const top = values[0]!;
      swap(0, keys.length - 1);
      for (const list of [keys, orders, values]) list.pop();
      for (let i = 0; ;) {
        const child = 2 * i + 1;
        if (child >= keys.length) return top;
        const smaller = child + 1 < keys.length && less(child + 1, child) ? child + 1 : child;
        if (!less(smaller, i)) return top;
        swap(smaller, i);
        i = smaller;
      }
    },
  };
};
