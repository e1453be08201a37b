import { interpolateVehicles, parseVehicles } from './moving-vehicles.ts';

const frame = (...vehicles: number[][]) => parseVehicles(vehicles.flat());

describe('vehicles between two frames', () => {
  it('glide along and turn the short way over north', () => {
    const [feature] = interpolateVehicles(frame([4, 10e7, 20e7, 350, 1, 80]), frame([4, 11e7, 20e7, 10, 1, 80]), 0.5).features;
    expect(feature?.geometry.coordinates[0]).toBeCloseTo(10.5);
    expect(feature?.properties).toMatchObject({ class: 'motorcycle', heading: 360 });
  });

  it('appear where they are first seen and vanish when they have gone', () => {
    const { features } = interpolateVehicles(frame([1, 1e7, 1e7, 0, 0, 0]), frame([2, 3e7, 3e7, 90, 2, 0]), 0.2);
    expect(features).toHaveLength(1);
    expect(features[0]).toMatchObject({ geometry: { coordinates: [3, 3] }, properties: { class: 'bus', heading: 90 } });
  });

  it('are not read where nobody looks', () => {
    const both = [1, 1e7, 1e7, 0, 0, 0, 2, 3e7, 3e7, 0, 0, 0];
    expect([...parseVehicles(Int32Array.from(both), (lon) => lon > 2).keys()]).toEqual([2]);
  });

  it('ignores a frame that is cut short', () => {
    expect(parseVehicles([1, 2, 3]).size).toBe(0);
  });
});
