import type { Point } from '@songxanh/core';
import { openProjection } from './projection.ts';
import { lineAcrossEnd, partOf, placeAt, shapeLength } from './shape.ts';

const corner: readonly Point[] = [
  [0, 0],
  [10, 0],
  [10, 10],
];

test('finds a place along a bent lane and stops at its ends', () => {
  expect(shapeLength(corner)).toBe(20);
  expect(placeAt(corner, 15).point).toEqual([10, 5]);
  expect(placeAt(corner, 99).point).toEqual([10, 10]);
  expect(placeAt(corner, -1).point).toEqual([0, 0]);
});

test('cuts a detector zone out of a lane with the bends between', () => {
  expect(partOf(corner, 5, 15)).toEqual([
    [5, 0],
    [10, 0],
    [10, 5],
  ]);
  expect(partOf(corner, 12, 15)).toEqual([
    [10, 2],
    [10, 5],
  ]);
});

test('draws the stop line across the end of the lane', () => {
  expect(lineAcrossEnd(corner, 4)).toEqual([
    [8, 10],
    [12, 10],
  ]);
});

test('takes a plane with a projection back to its place on earth', () => {
  // Netoffset and projection as SUMO writes them; 500 km east is the central meridian of UTM zone 48 (105° E).
  const { toLonLat, georeferenced } = openProjection({
    offset: [-500_000, -2_000_000],
    projection: '+proj=utm +zone=48 +ellps=WGS84 +datum=WGS84 +units=m +no_defs',
    boundary: [0, 0, 1, 1],
    origBoundary: [0, 0, 1, 1],
  });
  const [lon, lat] = toLonLat([0, 0]);
  expect(georeferenced).toBe(true);
  expect(lon).toBeCloseTo(105, 9);
  // 2,000,000 m north on the central meridian (scale 0.9996) is 18.0888° N.
  expect(lat).toBeCloseTo(18.0888, 3);
});

test('lays a network without projection round 0° E 0° N', () => {
  const { toLonLat, georeferenced } = openProjection({
    offset: [0, 0],
    projection: '!',
    boundary: [0, 0, 1, 1],
    origBoundary: [0, 0, 1, 1],
  });
  expect(georeferenced).toBe(false);
  expect(toLonLat([111_319.49, 0])[0]).toBeCloseTo(1, 6);
});
