export interface Dot {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Between a dot's middle and its name's edge, px. */
const GAP = 12;
/** A dot is this far from its middle to its rim, px. */
const RIM = 7;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const overlaps = (a: Box, b: Box): boolean => Math.abs(a.x - b.x) * 2 < a.w + b.w && Math.abs(a.y - b.y) * 2 < a.h + b.h;

/** Where each name goes beside its dot, px from the dot to the name's middle: over it, or where it covers the fewest other dots and names. */
export const placePins = (dots: readonly Dot[]): ReadonlyMap<string, readonly [number, number]> => {
  const taken: Box[] = dots.map(({ x, y }) => ({ x, y, w: 2 * RIM, h: 2 * RIM }));
  return new Map(
    dots.map(({ id, x, y, width, height }, k) => {
      const sides: readonly (readonly [number, number])[] = [
        [0, -GAP - height / 2],
        [0, GAP + height / 2],
        [GAP + width / 2, 0],
        [-GAP - width / 2, 0],
      ];
      const choices = sides.map((side) => {
        const box = { x: x + side[0], y: y + side[1], w: width, h: height };
        return { side, box, covered: taken.filter((other, i) => i !== k && overlaps(box, other)).length };
      });
      const best = choices.reduce((a, b) => (b.covered < a.covered ? b : a));
      taken.push(best.box);
      return [id, best.side];
    }),
  );
};
