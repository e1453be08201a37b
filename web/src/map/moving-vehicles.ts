import { VEHICLE_STRIDE } from '@songxanh/wire/live';

/** Web Mercator, the whole world from 0 to 1, y to the south. */
export type MercatorPlace = readonly [x: number, y: number];

export const mercator = (lon: number, lat: number): MercatorPlace => [
  (180 + lon) / 360,
  (180 - (180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))) / 360,
];

/** Numbers per vehicle in a fleet: where it was and where it is (Mercator, from the origin), heading and turn since then (degrees), class, speed (dm/s). */
export const FLEET_STRIDE = 8;
/** A fleet's numbers fill a texture's rows of this many vehicles. */
export const FLEET_ROW = 512;

/** A frame's vehicles, ready for the graphics card, with what each needs to glide here from the frame before. */
export interface Fleet {
  /** What places are measured from: close by, so that single precision tells centimetres apart. */
  readonly origin: MercatorPlace;
  readonly numbers: Float32Array;
  /** Row of each vehicle by its number. */
  readonly rows: ReadonlyMap<number, number>;
}

export const noFleet = (origin: MercatorPlace): Fleet => ({ origin, numbers: new Float32Array(0), rows: new Map() });

const DEGREES = 1e-7;

/** The fleet of a new frame: who was there before comes from there and turns the short way, who is new stands. */
export const nextFleet = ({ origin, numbers: old, rows: oldRows }: Fleet, flat: ArrayLike<number>): Fleet => {
  const count = Math.floor(flat.length / VEHICLE_STRIDE);
  const numbers = new Float32Array(Math.ceil(count / FLEET_ROW) * FLEET_ROW * FLEET_STRIDE);
  const rows = new Map<number, number>();
  for (let row = 0; row < count; row += 1) {
    const read = row * VEHICLE_STRIDE;
    const at = row * FLEET_STRIDE;
    const id = flat[read]!;
    const [x, y] = mercator(flat[read + 1]! * DEGREES, flat[read + 2]! * DEGREES);
    const heading = flat[read + 3]!;
    const oldRow = oldRows.get(id);
    const before = oldRow === undefined ? undefined : oldRow * FLEET_STRIDE;
    const was = before === undefined ? heading : old[before + 4]! + old[before + 5]!;
    numbers[at + 2] = x - origin[0];
    numbers[at + 3] = y - origin[1];
    numbers[at] = before === undefined ? numbers[at + 2]! : old[before + 2]!;
    numbers[at + 1] = before === undefined ? numbers[at + 3]! : old[before + 3]!;
    numbers[at + 5] = ((((heading - was + 540) % 360) + 360) % 360) - 180;
    numbers[at + 4] = heading - numbers[at + 5]!;
    numbers[at + 6] = flat[read + 4]!;
    numbers[at + 7] = flat[read + 5]!;
    rows.set(id, row);
  }
  return { origin, numbers, rows };
};

/** Where a vehicle is between two frames: `share` 0 is the older one, 1 the newer one. */
export const placeIn = ({ origin, numbers, rows }: Fleet, id: number, share: number): MercatorPlace | undefined => {
  const row = rows.get(id);
  if (row === undefined) return undefined;
  const at = row * FLEET_STRIDE;
  const between = (k: number): number => numbers[at + k]! + (numbers[at + k + 2]! - numbers[at + k]!) * share;
  return [origin[0] + between(0), origin[1] + between(1)];
};

/** The vehicle nearest to a place, and no farther than `reach`. */
export const vehicleNear = (fleet: Fleet, [x, y]: MercatorPlace, reach: number, share: number): number | undefined => {
  let nearest: number | undefined;
  let least = reach;
  for (const id of fleet.rows.keys()) {
    const [vx, vy] = placeIn(fleet, id, share)!;
    const distance = Math.hypot(vx - x, vy - y);
    if (distance > least) continue;
    least = distance;
    nearest = id;
  }
  return nearest;
};
