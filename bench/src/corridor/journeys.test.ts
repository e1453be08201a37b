import { PEDESTRIAN, perPerson, summarize, type Journey } from './journeys.ts';

const bus: Journey = { kind: 'bus', entry: 'W0_J1', dueS: 23_400, delayS: 10, persons: 30, end: 'arrived' };
const motorcycle: Journey = { kind: 'motorcycle', entry: 'W0_J1', dueS: 24_299, delayS: 100, persons: 1.2, end: 'on-the-way' };
const car: Journey = { kind: 'car', entry: 'W0_J1', dueS: 24_300, delayS: 50, persons: 1.6, end: 'never-inserted' };
const walker: Journey = { kind: PEDESTRIAN, entry: '', dueS: 24_300, delayS: 20, persons: 1, end: 'arrived' };

test('a full bus weighs as much as the people in it', () => {
  expect(perPerson(summarize([bus, motorcycle]))).toBeCloseTo((30 * 10 + 1.2 * 100) / 31.2);
});

test('those who never came in and those on foot count like all others', () => {
  const summary = summarize([bus, motorcycle, car, walker]);
  expect(summary.personDelayS).toBeCloseTo(300 + 120 + 80 + 20);
  expect(summary.byKind[PEDESTRIAN]).toEqual({ journeys: 1, persons: 1, personDelayS: 20 });
  expect(summary).toMatchObject({ journeys: 4, arrived: 1, onTheWay: 1, neverInserted: 1 });
});

test('a journey belongs to the quarter of an hour in which it wanted to begin', () => {
  const { byQuarter } = summarize([bus, motorcycle, car, walker]);
  expect(Object.keys(byQuarter)).toEqual(['23400', '24300']);
  expect(byQuarter['24300']?.persons).toBeCloseTo(2.6);
});
