import fc from 'fast-check';
import { arbitrarySeed, createDraw, drawSite } from '../testing/arbitrary-site.ts';
import { runDrill } from '../testing/drill.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 2000);

test('no random junction, plan, override, fault or late step ever breaks a rule on the street', () => {
  const tally = new Map<string, number>();
  const count = (name: string, n = 1): void => void tally.set(name, (tally.get(name) ?? 0) + n);
  fc.assert(
    fc.property(arbitrarySeed(), (seed) => {
      const result = runDrill(drawSite(seed), createDraw(seed + 1));
      count('accepted', result.accepted);
      for (const [reason, n] of result.refused) count(reason, n);
      for (const mode of result.modes) count(mode);
      for (const source of result.sources) count(source);
      expect(result.breaches).toEqual([]);
    }),
    { numRuns: RUNS, seed: 20260105 },
  );
  // The drills reach what they are meant to reach.
  for (const name of [
    'accepted',
    'short-green',
    'commitment-broken',
    'red-cap',
    'night-flash',
    'fault-flash',
    'operator',
    'manual',
    'actuated',
  ])
    expect(tally.get(name) ?? 0).toBeGreaterThan(RUNS / 100);
});
