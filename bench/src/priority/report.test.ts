import { delayPerJunction, estimate, headwayVariation, passagesOf } from './measures.ts';
import { priorityReport } from './report.ts';
import type { PriorityResult } from './run-case.ts';

const trip = (id: string, enteredS: number, legs: readonly number[]) => {
  let at = enteredS;
  return { id, pattern: 'in', enteredS, passedS: legs.map((leg) => (at += leg)), stoodS: legs.map((leg) => leg / 2) };
};
const FREE = [trip('f', 0, [50, 60])];
const result = (change: Partial<PriorityResult>): PriorityResult => ({
  ...{ kind: 'none', latencyS: 0, seed: 1, minutes: 60, free: FREE, requests: 0, granted: 0, others: { persons: 100, personDelayS: 5000 } },
  buses: [0, 1, 2, 3, 4].map((i) => trip(`b${String(i)}`, 26_000 + 360 * i, [120, 100])),
  ...change,
});

it("reckons a bus's delay against the same way alone, and what it had lost before", () => {
  const passages = passagesOf(result({}), 26_200);
  expect(passages.slice(0, 2)).toMatchObject([
    { bus: 'b0', place: 1, passedS: 26_220, delayS: 40, lostBeforeS: 70 },
    { bus: 'b1', place: 0, delayS: 70, lostBeforeS: 0 },
  ]);
  expect(delayPerJunction(passagesOf(result({}), 0))).toBe(55);
});

it('calls headways regular when they are all the same', () => {
  expect(headwayVariation(passagesOf(result({}), 0))).toBe(0);
  const bunched = [0, 20, 720, 740, 1440].map((s, i) => trip(`b${String(i)}`, 26_000 + s, [120, 100]));
  expect(headwayVariation(passagesOf(result({ buses: bunched }), 0))).toBeGreaterThan(0.9);
});

it('states 95 % intervals by Student', () => {
  const { mean, half } = estimate([1, 2, 3, 4, 5]);
  expect(mean).toBe(3);
  expect(half).toBeCloseTo((2.78 * Math.sqrt(2.5)) / Math.sqrt(5), 6);
});

it('compares each case with the run of its seed without priority', () => {
  const half = { buses: result({}).buses.map(({ id, enteredS }) => trip(id, enteredS, [85, 80])), requests: 10, granted: 9 };
  const cost = { persons: 100, personDelayS: 5100 };
  const text = priorityReport(
    [
      result({}),
      result({ kind: 'unconditional', others: cost, ...half }),
      result({ seed: 2 }),
      result({ kind: 'unconditional', seed: 2, others: cost, ...half }),
    ],
    '2026-01-05',
  );
  const row = text.split('\n').find((line) => line.startsWith('| unconditional'))!;
  expect(row.split('|').map((cell) => cell.trim())).toEqual(
    expect.arrayContaining(['27.5', '-50.0 % (-50.0…-50.0)', '2.0 % (2.0…2.0)', '20.0', '35.0', '90.0 % (90.0…90.0)']),
  );
});
