import type { Point } from '@songxanh/core';

/** A way in the plane, with the distance of each of its points from its begin. */
export interface Polyline {
  readonly points: readonly Point[];
  readonly distances: readonly number[];
  readonly lengthM: number;
}

export const makePolyline = (points: readonly Point[]): Polyline => {
  const distances: number[] = [];
  let lengthM = 0;
  points.forEach(([x, y], i) => {
    const before = points[i - 1];
    if (before !== undefined) lengthM += Math.hypot(x - before[0], y - before[1]);
    distances.push(lengthM);
  });
  return { points, distances, lengthM };
};

export interface Projected {
  readonly distanceM: number;
  /** How far the point lies from the way. */
  readonly offsetM: number;
}

/** The nearest place of the way between `fromM` and `toM`. */
export const projectOn = (line: Polyline, [px, py]: Point, fromM = -Infinity, toM = Infinity): Projected => {
  let best: Projected = { distanceM: 0, offsetM: Infinity };
  for (let i = 1; i < line.points.length; i++) {
    const [ax, ay] = line.points[i - 1]!;
    const [bx, by] = line.points[i]!;
    const begin = line.distances[i - 1]!;
    const length = line.distances[i]! - begin;
    if (length === 0 || begin > toM || begin + length < fromM) continue;
    const share = Math.min(1, Math.max(0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length ** 2));
    const distanceM = Math.min(toM, Math.max(fromM, begin + share * length));
    const at = (distanceM - begin) / length;
    const offsetM = Math.hypot(px - ax - at * (bx - ax), py - ay - at * (by - ay));
    if (offsetM < best.offsetM) best = { distanceM, offsetM };
  }
  return best;
};

export const pointAt = (line: Polyline, distanceM: number): Point => {
  const found = line.distances.findIndex((distance) => distance >= distanceM);
  const i = found < 0 ? line.points.length - 1 : Math.max(1, found);
  const [ax, ay] = line.points[i - 1]!;
  const [bx, by] = line.points[i]!;
  const begin = line.distances[i - 1]!;
  const share = Math.min(1, Math.max(0, (distanceM - begin) / Math.max(0.001, line.distances[i]! - begin)));
  return [ax + share * (bx - ax), ay + share * (by - ay)];
};
