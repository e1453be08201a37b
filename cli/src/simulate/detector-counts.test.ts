import { detectorId, instant } from '@songxanh/core';
import { countDetectors } from './detector-counts.ts';

const MIDNIGHT = instant(1_000_000);
const pulse = (fromS: number, toS: number, id = 'a') =>
  [fromS, toS].map((s, i) => ({ detector: detectorId(id), at: instant(MIDNIGHT + s * 1000), on: i === 0 }));

test('counts who has left a loop in each interval, and shares its occupancy between them', () => {
  const counts = countDetectors(['a'], MIDNIGHT, 100, 60);
  counts.note([...pulse(110, 112), ...pulse(150, 166), ...pulse(170, 170.5)]);
  expect(counts.rows(220)).toEqual([
    { id: 'a', beginS: 100, endS: 160, vehicles: 1, occupancyRatio: 12 / 60 },
    { id: 'a', beginS: 160, endS: 220, vehicles: 2, occupancyRatio: 6.5 / 60 },
  ]);
});

test('keeps a loop occupied on which somebody still stands, and ends with a shorter interval', () => {
  const counts = countDetectors(['a', 'b'], MIDNIGHT, 0, 60);
  counts.note(pulse(50, 99).slice(0, 1));
  expect(counts.rows(90)).toMatchObject([
    { id: 'a', beginS: 0, endS: 60, vehicles: 0, occupancyRatio: 10 / 60 },
    { id: 'b', occupancyRatio: 0 },
    { id: 'a', beginS: 60, endS: 90, vehicles: 0, occupancyRatio: 1 },
    { id: 'b', occupancyRatio: 0 },
  ]);
});

test('does not know other detectors', () => {
  const counts = countDetectors([], MIDNIGHT, 0, 60);
  counts.note(pulse(1, 2, 'button'));
  expect(counts.rows(60)).toEqual([]);
});
