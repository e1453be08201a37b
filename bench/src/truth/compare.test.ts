import { countShares, flowShare, geh, pairedDifference } from './compare.ts';
import type { Outcome } from './run.ts';

const run = (...bins: readonly number[]): Outcome => ({ durationS: 0, timeLossS: 0, departDelayS: 0, arrived: 0, counts: { a: bins } });

test('gives the GEH of two flows', () => {
  expect(geh(100, 100)).toBe(0);
  expect(geh(0, 0)).toBe(0);
  expect(geh(600, 500)).toBeCloseTo(4.26, 2);
});

test('counts an approach as agreeing below a GEH of 5', () => {
  expect(flowShare([run(300, 300)], [run(250, 250)])).toBe(1);
  expect(flowShare([run(400, 400)], [run(250, 250)])).toBe(0);
});

test('measures our counts by the range of one seed less, as it does the seeds themselves', () => {
  const theirs = [run(10, 5), run(12, 5), run(14, 5)];
  // 12 lies between 10 and 14 only; 5 always does.
  expect(countShares([run(12, 5)], theirs)).toEqual({ ours: 1, theirs: (0.5 + 1 + 0.5) / 3 });
  expect(countShares([run(20, 5)], theirs).ours).toBe(0.5);
});

test('is certain of a difference that all seeds show alike, not of one that they do not', () => {
  expect(pairedDifference([10, 11, 12], [5, 6, 7.2])).toMatchObject({ isCertain: true });
  expect(pairedDifference([10, 11, 12], [5, 14, 12])).toMatchObject({ isCertain: false });
  expect(pairedDifference([1], [2]).isCertain).toBe(false);
});
