import { instant, type LampState, type Site } from '@songxanh/core';
import { watchClearances } from './clearance-check.ts';

/** Two groups in each other's way: three seconds between them, greens of at least five. */
const site = {
  groups: [
    { id: 'a', minGreen: 5000 },
    { id: 'b', minGreen: 5000 },
  ],
  intergreens: [
    { from: 'a', to: 'b', duration: 3000 },
    { from: 'b', to: 'a', duration: 3000 },
  ],
  conflicts: [{ kind: 'hard', a: 'a', b: 'b' }],
} as unknown as Site;

/** Letters of the two groups, second by second: g green, r red. */
const breachesOf = (seconds: readonly string[]): number => {
  const check = watchClearances(site);
  seconds.forEach((letters, s) => {
    const lamps = ['a', 'b'].map((group, i) => ({ group, lamp: letters[i] === 'g' ? 'green' : 'red', since: instant(0) }) as LampState);
    check.see(lamps, s * 1000);
  });
  return check.breaches();
};
const times = (letters: string, n: number): readonly string[] => Array.from({ length: n }, () => letters);

it.each<[string, readonly string[], number]>([
  [
    'counts nothing where greens and intergreens are kept',
    [...times('gr', 6), ...times('rr', 3), ...times('rg', 5), ...times('rr', 3), ...times('gr', 1)],
    0,
  ],
  ['counts a green that begins too soon behind another', [...times('gr', 6), ...times('rr', 2), ...times('rg', 6)], 1],
  ['counts a green below its minimum', [...times('rr', 4), ...times('gr', 4), ...times('rr', 4)], 1],
  ['counts greens that meet', [...times('gr', 6), ...times('gg', 6)], 1],
])('%s', (_, seconds, breaches) => {
  expect(breachesOf(seconds)).toBe(breaches);
});
