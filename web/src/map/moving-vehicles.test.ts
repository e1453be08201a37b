import { FLEET_STRIDE, mercator, nextFleet, noFleet, placeIn, vehicleNear } from './moving-vehicles.ts';

const ORIGIN = mercator(10, 20);
const frame = (before = noFleet(ORIGIN), ...vehicles: number[][]) => nextFleet(before, vehicles.flat());
const row = (fleet: ReturnType<typeof frame>, k: number) => [...fleet.numbers.slice(k * FLEET_STRIDE, (k + 1) * FLEET_STRIDE)];

describe('vehicles between two frames', () => {
  it('glide along and turn the short way over north, either way round', () => {
    const first = frame(undefined, [4, 10e7, 20e7, 350, 1, 80], [5, 10e7, 20e7, 10, 0, 0]);
    const fleet = frame(first, [5, 10e7, 20e7, 350, 0, 0], [4, 10.001e7, 20e7, 10, 1, 80]);
    const [x, y] = placeIn(fleet, 4, 0.5)!;
    const [wantedX, wantedY] = mercator(10.0005, 20);
    // A tenth of a metre.
    expect(Math.hypot(x - wantedX, y - wantedY) * 4e7).toBeLessThan(0.1);
    expect(row(fleet, 1).slice(4)).toEqual([-10, 20, 1, 80]);
    expect(row(fleet, 0).slice(4, 6)).toEqual([370, -20]);
  });

  it('appear where they are first seen and vanish when they have gone', () => {
    const fleet = frame(frame(undefined, [1, 10e7, 20e7, 0, 0, 0]), [2, 10.001e7, 20.001e7, 90, 2, 0]);
    expect(placeIn(fleet, 1, 0.2)).toBeUndefined();
    expect(placeIn(fleet, 2, 0)).toEqual(placeIn(fleet, 2, 1));
    expect(row(fleet, 0).slice(4)).toEqual([90, 0, 2, 0]);
  });

  it('are found by who clicks near them, the nearest first', () => {
    const fleet = frame(undefined, [1, 10e7, 20e7, 0, 0, 0], [2, 10.001e7, 20e7, 0, 0, 0]);
    const reach = 0.0008 / 360;
    expect(vehicleNear(fleet, mercator(10.0004, 20), reach, 1)).toBe(1);
    expect(vehicleNear(fleet, mercator(10.0006, 20), reach, 1)).toBe(2);
    expect(vehicleNear(fleet, mercator(10.003, 20), reach, 1)).toBeUndefined();
  });

  it('ignores a frame that is cut short', () => {
    expect(frame(undefined, [1, 2, 3]).rows.size).toBe(0);
  });
});
