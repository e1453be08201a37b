import { startLoop, loopStep } from '../loop/loop.ts';
import type { Planner } from '../optimizer/planner.ts';
import { busesOf, runBusMorning } from '../testing/bus-morning.ts';
import { createWorld, measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { after, seconds, type Instant } from '../time.ts';
import { accountOf, isSettled, openComparison, stepComparison, type Comparison, type SeenSignals } from './comparison.ts';

const site = measuredFourArms();

describe('buses in the balance', () => {
  const minutes = 11;
  const without = runBusMorning(false, 3, minutes);
  const priority = runBusMorning(true, 3, minutes);

  it('lose at most 60 % of what they lose without', () => {
    expect(priority.busS).toBeLessThan(0.6 * without.busS);
  });

  // How well totals agree over longer mornings is in docs/priority.md.
  it('are each proved, and the proofs say that it helped', () => {
    expect(priority.proofs).toHaveLength(busesOf(minutes).length);
    const saved = priority.proofs.reduce((total, proof) => total + accountOf(proof).savedS, 0);
    expect(saved).toBeGreaterThan(0.5 * (without.busS - priority.busS));
    expect(saved).toBeLessThan(1.5 * (without.busS - priority.busS));
  });
});

test('a request that changes nothing saves nothing and costs nothing', () => {
  const never: Planner = ({ now }) => ({
    plan: undefined,
    record: { junction: site.id, at: now, method: 'none', reason: 'hold', chosen: { steps: [], cost: 0 }, alternatives: [], seen: [] },
  });
  let state = startLoop(site, (MONDAY_7 - 1000) as Instant, { planner: never, sensing: 'vehicles', planDelay: 'next-step' });
  const world = createWorld(site, { flows: { TN: 400, TE: 300, TW: 200 }, pedestriansPerHour: 0, seed: 3 });
  let lamps: SeenSignals['lamps'] = [];
  let one: Comparison | undefined;
  const [bus] = busesOf(10);
  for (let t = 0; t < 400; t++) {
    const now = after(MONDAY_7, seconds(t));
    const seen = world.step(lamps, now);
    const step = loopStep(state, { now, ...seen });
    state = step.state;
    lamps = step.report.lamps;
    const requests = t < 165 && bus !== undefined ? [bus] : [];
    if (t === 100) one = openComparison(site, bus!.id, now, step.report, step.demand);
    else if (one !== undefined) one = stepComparison(site, one, { now, demand: step.demand, actuations: seen.actuations, requests }, never);
  }
  expect(one).toBeDefined();
  const account = accountOf(one!);
  expect(account.savedS).toBe(0);
  expect(account.costPersonS).toBeCloseTo(0, 6);
  expect(isSettled(one!)).toBe(true);
});
