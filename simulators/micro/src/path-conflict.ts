import type { Point } from '@songxanh/core';

/** Two paths through a node meet where vehicle outlines would touch: from `begin` to `end` along each of them, m from the stop line. */
export interface PathConflict {
  readonly beginA: number;
  readonly endA: number;
  readonly beginB: number;
  readonly endB: number;
}

/** Path axes nearer than this touch: a car's width of 1.8 m and 0.2 m to spare. */
export const TOUCH_M = 2.0;
const SAMPLE_M = 0.5;

/** A path drawn as points about half a metre apart; x and y of point i are at 2i and 2i + 1. Used again for one path after another. */
export interface SampledPath {
  lengthM: number;
  /** Numbers of `points` in use. */
  size: number;
  points: Float64Array;
}

export const emptyPath = (): SampledPath => ({ lengthM: 0, size: 0, points: new Float64Array(256) });

/** Fills `path` with points along a drawn path; it is `lengthM` long for the network. */
export const samplePath = (path: SampledPath, shape: readonly Point[], lengthM: number): SampledPath => {
  path.lengthM = lengthM;
  path.size = 0;
  if (shape.length < 2) return path;
  const segmentM = (i: number): number => Math.hypot(shape[i + 1]![0] - shape[i]![0], shape[i + 1]![1] - shape[i]![1]);
  let drawn = 0;
  for (let i = 0; i < shape.length - 1; i++) drawn += segmentM(i);
  const count = Math.max(1, Math.ceil(lengthM / SAMPLE_M));
  path.size = 2 * (count + 1);
  if (path.points.length < path.size) path.points = new Float64Array(2 * path.size);
  const { points } = path;
  let segment = 0;
  let before = 0;
  let own = segmentM(0);
  for (let i = 0; i <= count; i++) {
    const at = (drawn * i) / count;
    while (segment < shape.length - 2 && before + own < at) {
      before += own;
      own = segmentM(++segment);
    }
    const [a, b] = [shape[segment]!, shape[segment + 1]!];
    const part = own ? (at - before) / own : 0;
    points[2 * i] = a[0] + (b[0] - a[0]) * part;
    points[2 * i + 1] = a[1] + (b[1] - a[1]) * part;
  }
  return path;
};

/** Where two paths meet, or undefined where vehicles on them never touch. Lengths are the network's, which may differ from the drawn shapes'. */
export const findPathConflict = (a: SampledPath, b: SampledPath): PathConflict | undefined => {
  const [p, q] = [a.points, b.points];
  let [firstA, lastA, firstB, lastB] = [Infinity, -1, Infinity, -1];
  for (let i = 0; i < a.size; i += 2)
    for (let k = 0; k < b.size; k += 2) {
      const dx = p[i]! - q[k]!;
      const dy = p[i + 1]! - q[k + 1]!;
      if (dx * dx + dy * dy >= TOUCH_M * TOUCH_M) continue;
      if (firstA > i) firstA = i;
      lastA = i;
      if (firstB > k) firstB = k;
      if (lastB < k) lastB = k;
    }
  if (lastA < 0) return undefined;
  const [stepA, stepB] = [a.lengthM / (a.size - 2), b.lengthM / (b.size - 2)];
  return { beginA: firstA * stepA, endA: lastA * stepA, beginB: firstB * stepB, endB: lastB * stepB };
};
