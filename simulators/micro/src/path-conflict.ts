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

/** Points along a drawn path, about every half metre; it is `lengthM` long for the network. */
export const samplePath = (shape: readonly Point[], lengthM: number): Point[] => {
  const segments = shape.slice(1).map((p, i) => Math.hypot(p[0] - shape[i]![0], p[1] - shape[i]![1]));
  const drawn = segments.reduce((a, b) => a + b, 0);
  const count = Math.max(1, Math.ceil(lengthM / SAMPLE_M));
  const samples: Point[] = [];
  let segment = 0;
  let before = 0;
  for (let i = 0; i <= count; i++) {
    const at = (drawn * i) / count;
    while (segment < segments.length - 1 && before + segments[segment]! < at) before += segments[segment++]!;
    const [a, b] = [shape[segment]!, shape[segment + 1] ?? shape[segment]!];
    const part = segments[segment] ? (at - before) / segments[segment]! : 0;
    samples.push([a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part]);
  }
  return samples;
};

/** A path drawn as points about half a metre apart; x and y of point i are at 2i and 2i + 1. */
export interface SampledPath {
  readonly lengthM: number;
  readonly points: Float64Array;
}

export const sampled = (shape: readonly Point[], lengthM: number): SampledPath => ({
  lengthM,
  points: shape.length < 2 ? new Float64Array(0) : Float64Array.from(samplePath(shape, lengthM).flat()),
});

/** Where two paths meet, or undefined where vehicles on them never touch. Lengths are the network's, which may differ from the drawn shapes'. */
export const findPathConflict = (a: SampledPath, b: SampledPath): PathConflict | undefined => {
  const [p, q] = [a.points, b.points];
  let [firstA, lastA, firstB, lastB] = [Infinity, -1, Infinity, -1];
  for (let i = 0; i < p.length; i += 2)
    for (let k = 0; k < q.length; k += 2) {
      const dx = p[i]! - q[k]!;
      const dy = p[i + 1]! - q[k + 1]!;
      if (dx * dx + dy * dy >= TOUCH_M * TOUCH_M) continue;
      if (firstA > i) firstA = i;
      lastA = i;
      if (firstB > k) firstB = k;
      if (lastB < k) lastB = k;
    }
  if (lastA < 0) return undefined;
  const [stepA, stepB] = [a.lengthM / (p.length - 2), b.lengthM / (q.length - 2)];
  return { beginA: firstA * stepA, endA: lastA * stepA, beginB: firstB * stepB, endB: lastB * stepB };
};
