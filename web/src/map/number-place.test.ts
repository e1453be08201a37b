import { degreesAt, METRES, numberPlace } from './number-place.ts';

test('numbers of one approach stand behind one another, against the traffic', () => {
  const lane = [
    [0, 0],
    [0, 100],
  ];
  expect(numberPlace([1, 100], lane, 0, METRES)).toEqual([1, 96]);
  expect(numberPlace([4, 100], lane, 1, METRES)).toEqual([4, 91.5]);
});

test('in degrees as far as in metres', () => {
  const scale = degreesAt(60);
  const [lon, lat] = numberPlace(
    [10, 60],
    [
      [9.99, 60],
      [10, 60],
    ],
    0,
    scale,
  ) as [number, number];
  expect((10 - lon) * scale[0]).toBeCloseTo(4);
  expect(lat).toBe(60);
});

test('a lane without a direction leaves the number at its lamp', () => {
  expect(numberPlace([1, 2], [[0, 0]], 3, METRES)).toEqual([1, 2]);
});
