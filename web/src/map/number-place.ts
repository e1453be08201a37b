import type { JunctionSummary } from '@songxanh/wire/live';
import type { Position } from 'geojson';

/** A number stands this far before its lamp, and those of further groups of the approach as much more, m: side by side they would cover each other. */
const FIRST_M = 4;
const NEXT_M = 4.5;

const METRES_PER_DEGREE = 111_320;
/** Metres per unit of the coordinates, along x and y. */
type Scale = readonly [number, number];
export const METRES: Scale = [1, 1];
export const degreesAt = (lat: number): Scale => [METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180), METRES_PER_DEGREE];

/** Each vehicle group's place among those of its arm. */
export const placesInArm = ({ groups }: JunctionSummary): ReadonlyMap<string, number> => {
  const seen = new Map<string, number>();
  return new Map(
    groups
      .filter(({ kind }) => kind !== 'pedestrian')
      .map(({ id, arms }) => {
        const arm = arms.join();
        const index = seen.get(arm) ?? 0;
        seen.set(arm, index + 1);
        return [id, index];
      }),
  );
};

/** Where the number of an approach's `index`-th group stands: before its lamp, against the direction its lane ends in. */
export const numberPlace = (lamp: Position, lane: readonly (readonly number[])[], index: number, [mx, my]: Scale): Position => {
  const [ax = 0, ay = 0] = lane.at(-2) ?? [];
  const [bx = 0, by = 0] = lane.at(-1) ?? [];
  const [dx, dy] = [(bx - ax) * mx, (by - ay) * my];
  const length = Math.hypot(dx, dy);
  const share = length === 0 ? 0 : (FIRST_M + NEXT_M * index) / length;
  return [(lamp[0] ?? 0) - (dx * share) / mx, (lamp[1] ?? 0) - (dy * share) / my];
};
