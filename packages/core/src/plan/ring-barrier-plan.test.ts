import { signalGroupId } from '../ids.ts';
import { fourArms } from '../testing/sites.ts';
import { seconds } from '../time.ts';
import { compileRingBarrier, type RingBarrierPlan } from './ring-barrier-plan.ts';

/** Dual ring of NEMA phases: lefts 1, 3, 5, 7 and throughs 2, 4, 6, 8 with protected lefts. */
const site = (() => {
  const base = fourArms();
  const serve = (number: number, ...names: string[]) => ({ number, groups: names.map(signalGroupId) });
  const phases = [
    serve(1, 'LN'),
    serve(2, 'TS'),
    serve(3, 'LE'),
    serve(4, 'TW'),
    serve(5, 'LS'),
    serve(6, 'TN'),
    serve(7, 'LW'),
    serve(8, 'TE'),
  ];
  return {
    ...base,
    ringBarrier: {
      phases,
      rings: [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
    },
  };
})();

const plan = (durations: readonly number[], cycle = 90): RingBarrierPlan => ({
  name: 'peak',
  cycle: seconds(cycle),
  offset: seconds(0),
  splits: durations.map((duration, i) => ({ phase: i + 1, duration: seconds(duration) })),
});

test('each change of a phase in either ring begins a stage', () => {
  const compiled = compileRingBarrier(site, plan([15, 30, 15, 30, 20, 25, 15, 30]));
  const splits = compiled.ok ? compiled.value.plan.splits.map(({ stage, duration }) => [stage, duration / 1000]) : compiled;
  expect(splits).toEqual([
    ['NSleft', 15],
    ['phases-2+5', 5],
    ['phases-2+6', 25],
    ['EWleft', 15],
    ['phases-4+8', 30],
  ]);
});

test.each([
  [
    'rings that miss each other at a barrier',
    plan([15, 30, 15, 30, 20, 20, 15, 30]),
    'barrier: peak: ring 1 reaches barrier 1 after 45 s, ring 2 after 40 s',
  ],
  [
    'splits that do not fill the cycle',
    plan([15, 30, 15, 30, 15, 30, 15, 30], 100),
    'cycle: peak: splits add up to 90 s, the cycle is 100 s',
  ],
  [
    'a split below minimum green and clearance',
    plan([7, 38, 15, 30, 15, 30, 15, 30]),
    'short-split: peak: phase 1 has 7 s, LN needs 8 s (minimum green and clearance)',
  ],
  ['a phase nobody knows', plan([15, 30, 15, 30, 15, 30, 15, 30, 9]), 'unknown-phase: peak: there is no phase 9'],
])('refuses %s', (_, bad, expected) => {
  const compiled = compileRingBarrier(site, bad);
  expect(compiled.ok ? 'accepted' : `${compiled.reason}: ${compiled.message}`).toBe(expected);
});

test('refuses rings whose phases conflict', () => {
  const { phases } = site.ringBarrier;
  const crossed = {
    ...site,
    ringBarrier: {
      phases,
      rings: [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [7, 8],
          [5, 6],
        ],
      ],
    },
  };
  const compiled = compileRingBarrier(crossed, plan([15, 30, 15, 30, 15, 30, 15, 30]));
  expect(compiled.ok ? 'accepted' : compiled.reason).toBe('conflicting-greens');
});
