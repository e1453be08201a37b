import { laneId, signalGroupId } from '../ids.ts';
import { startLoop, loopStep } from '../loop/loop.ts';
import { adaptivePlanner } from '../optimizer/adaptive-planner.ts';
import type { Planner } from '../optimizer/planner.ts';
import { createWorld, measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { after, seconds, type Instant } from '../time.ts';
import type { JunctionDemand } from '../demand/demand.ts';
import { accountOf, isSettled, openComparison, stepComparison, type Comparison, type SeenSignals } from './comparison.ts';
import { joinQueues, openQueues, stepQueues, type PointQueues } from './point-queues.ts';
import { planWithinMeasures } from './priority-planner.ts';
import { requestId, type ActiveRequest } from './priority-request.ts';

const site = measuredFourArms();
const MINUTES = 40;

/** A bus from the west every 150 s from minute 2 on; known 40 s ahead to 4 s, gone 20 s after its latest arrival at the latest. */
const buses: readonly ActiveRequest[] = Array.from({ length: 14 }, (_, i) => {
  const earliest = after(MONDAY_7, seconds(140 + i * 150));
  return {
    id: requestId(`bus-${String(i)}`),
    group: signalGroupId('TW'),
    lane: laneId('TW_0'),
    earliest,
    latest: after(earliest, seconds(4)),
    weight: 60,
  };
});

interface Run {
  /** Waited by the buses in all, s, and by everybody else, person-s. */
  readonly busS: number;
  readonly othersPersonS: number;
  readonly vehicles: number;
  readonly proofs: readonly Comparison[];
}

/** Forty minutes of the junction; with `weighed` the buses are in the balance and each has its comparison. */
const run = (weighed: boolean, seed: number): Run => {
  const world = createWorld(site, {
    flows: { TN: 520, TS: 450, TE: 240, TW: 220, LN: 70, LS: 60, LE: 50, LW: 50 },
    pedestriansPerHour: 30,
    seed,
  });
  // A small search: what is tested is the comparison, not the plans.
  const search = adaptivePlanner({ beam: 6, beamPerStage: 2, branches: 3, horizonMs: 60_000 });
  let active: readonly ActiveRequest[] = [];
  const planner: Planner = (input) => planWithinMeasures(search, input, active);
  let state = startLoop(site, (MONDAY_7 - 1000) as Instant, { planner, sensing: 'vehicles', planDelay: 'next-step' });
  let lamps: SeenSignals['lamps'] = [];
  let queues: PointQueues | undefined;
  let picture: JunctionDemand | undefined;
  let open: readonly Comparison[] = [];
  const proofs: Comparison[] = [];
  const joined = new Set<string>();
  for (let t = 0; t < MINUTES * 60; t++) {
    const now = after(MONDAY_7, seconds(t));
    active = weighed ? buses.filter(({ earliest, latest }) => now >= earliest - 40_000 && now < latest + 20_000) : [];
    const seen = world.step(lamps, now);
    const before = lamps;
    const step = loopStep(state, { now, ...seen });
    state = step.state;
    lamps = step.report.lamps;
    // The buses themselves are measured the same way in both runs.
    const joining = buses.filter((bus) => bus.earliest + 2000 <= now && !joined.has(bus.id));
    for (const { id } of joining) joined.add(id);
    if (queues !== undefined && picture !== undefined) {
      const standing = joinQueues(queues, joining, ({ earliest }) => after(earliest, seconds(2)));
      queues = stepQueues(site, standing, { from: after(now, seconds(-1)), now, demand: picture, lamps: before });
    } else if (step.report.mode === 'running') queues = openQueues(site, step.demand, now);
    picture = step.demand;
    open = open.map((one) =>
      stepComparison(
        site,
        one,
        { now, signals: step.report, lamps: before, demand: step.demand, actuations: seen.actuations, requests: active },
        search,
      ),
    );
    proofs.push(...open.filter(isSettled));
    open = open.filter((one) => !isSettled(one));
    const fresh = active.filter(({ id }) => ![...open, ...proofs].some(({ request }) => request === id));
    open = [...open, ...fresh.map(({ id }) => openComparison(site, id, now, step.report, step.demand))];
  }
  return {
    busS: [...(queues?.requestWaitedS.values() ?? [])].reduce((total, s) => total + s, 0),
    othersPersonS: world.tally.vehicleDelayS + world.tally.pedestrianDelayS,
    vehicles: world.tally.vehicles,
    proofs: [...proofs, ...open],
  };
};

describe('buses in the balance', () => {
  const mornings = [1, 2, 3].map((seed) => ({ without: run(false, seed), priority: run(true, seed) }));
  const sum = (of: (morning: (typeof mornings)[number]) => number): number => mornings.reduce((total, morning) => total + of(morning), 0);

  it('wait 40 % less, and others little longer', () => {
    expect(sum(({ priority }) => priority.busS)).toBeLessThan(0.6 * sum(({ without }) => without.busS));
    expect(sum(({ priority }) => priority.othersPersonS)).toBeLessThan(1.1 * sum(({ without }) => without.othersPersonS));
  });

  it('are each proved, and what the proofs saved agrees with the paired runs within a fifth', () => {
    const saved = sum(({ priority }) => priority.proofs.reduce((total, proof) => total + accountOf(proof).savedS, 0));
    const paired = sum(({ without, priority }) => without.busS - priority.busS);
    for (const { priority } of mornings) expect(priority.proofs).toHaveLength(buses.length);
    expect(saved).toBeGreaterThan(0.8 * paired);
    expect(saved).toBeLessThan(1.2 * paired);
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
  const bus = buses[0]!;
  for (let t = 0; t < 400; t++) {
    const now = after(MONDAY_7, seconds(t));
    const before = lamps;
    const seen = world.step(lamps, now);
    const step = loopStep(state, { now, ...seen });
    state = step.state;
    lamps = step.report.lamps;
    const requests = t < 165 ? [bus] : [];
    if (t === 100) one = openComparison(site, bus.id, now, step.report, step.demand);
    else if (one !== undefined)
      one = stepComparison(
        site,
        one,
        { now, signals: step.report, lamps: before, demand: step.demand, actuations: seen.actuations, requests },
        never,
      );
  }
  expect(one).toBeDefined();
  const account = accountOf(one!);
  expect(account.savedS).toBe(0);
  expect(account.costPersonS).toBeCloseTo(0, 6);
  expect(isSettled(one!)).toBe(true);
});
