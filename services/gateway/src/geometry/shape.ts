import type { Point } from '@songxanh/core';

const distance = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1]);

export const shapeLength = (shape: readonly Point[]): number => {
  let length = 0;
  for (let i = 1; i < shape.length; i += 1) length += distance(shape[i - 1]!, shape[i]!);
  return length;
};

interface Place {
  readonly point: Point;
  /** Unit vector along the shape. */
  readonly along: Point;
  /** Index of the shape's point behind the place. */
  readonly segment: number;
}

/** The place `m` metres along a shape of at least two points; beyond its ends, the end. */
export const placeAt = (shape: readonly Point[], m: number): Place => {
  let rest = Math.max(0, m);
  for (let i = 1; ; i += 1) {
    const a = shape[i - 1]!;
    const b = shape[i]!;
    const length = distance(a, b);
    const last = i === shape.length - 1;
    if (rest <= length || last) {
      const share = length === 0 ? 0 : Math.min(1, rest / length);
      const along: Point = length === 0 ? [1, 0] : [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
      return { point: [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share], along, segment: i - 1 };
    }
    rest -= length;
  }
};

/** The part of a shape between two distances along it. */
export const partOf = (shape: readonly Point[], fromM: number, toM: number): readonly Point[] => {
  const from = placeAt(shape, fromM);
  const to = placeAt(shape, toM);
  return [from.point, ...shape.slice(from.segment + 1, to.segment + 1), to.point];
};

/** A line of `widthM` across a shape at its end. */
export const lineAcrossEnd = (shape: readonly Point[], widthM: number): readonly [Point, Point] => {
  const { point, along } = placeAt(shape, shapeLength(shape));
  const half = widthM / 2;
  return [
    [point[0] - along[1] * half, point[1] + along[0] * half],
    [point[0] + along[1] * half, point[1] - along[0] * half],
  ];
};
