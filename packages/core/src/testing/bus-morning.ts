import type { JunctionDemand } from '../demand/demand.ts';
import { laneId, signalGroupId } from '../ids.ts';
import { TRAFFIC_MIXES } from '../intersection/traffic-mix.ts';
import { loopStep, startLoop } from '../loop/loop.ts';
import { adaptivePlanner } from '../optimizer/adaptive-planner.ts';
import type { Planner } from '../optimizer/planner.ts';
import { isSettled, openComparison, stepComparison, type Comparison, type SeenSignals } from '../priority/comparison.ts';
import { joinQueues, openQueues, stepQueues, type PointQueues } from '../priority/point-queues.ts';
import { planWithinMeasures } from '../priority/priority-planner.ts';
import { requestId, type ActiveRequest } from '../priority/priority-request.ts';
import { after, seconds, type Instant } from '../time.ts';
import { createWorld, measuredFourArms } from './point-queue-world.ts';
import { MONDAY_7 } from './sites.ts';

const site = measuredFourArms();

/** A bus from the west every 150 s from minute 2 on; known 40 s ahead to 4 s, gone 20 s after its latest arrival at the latest. */
export const busesOf = (minutes: number): readonly ActiveRequest[] =>
  Array.from({ length: Math.floor(((minutes - 5) * 60) / 150) }, (_, i) => {
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

export interface BusMorning {
  /** Waited by the buses in all, s, and by everybody else, person-s. */
  readonly busS: number;
  readonly othersPersonS: number;
  readonly vehicles: number;
  readonly proofs: readonly Comparison[];
}

/** Some minutes of a busy four-arm junction; with `weighed` the buses are in the balance and each has its comparison. */
export const runBusMorning = (weighed: boolean, seed: number, minutes: number): BusMorning => {
  const buses = busesOf(minutes);
  const world = createWorld(site, {
    flows: { TN: 520, TS: 450, TE: 240, TW: 220, LN: 70, LS: 60, LE: 50, LW: 50 },
    pedestriansPerHour: 30,
    seed,
  });
  // A small search: what is tested is the comparison, not the plans.
  const search = adaptivePlanner({ beam: 6, beamPerStage: 2, branches: 3, horizonMs: 60_000 });
  let active: readonly ActiveRequest[] = [];
  const planner: Planner = (input) => planWithinMeasures(search, input, active);
  let state = startLoop(site, (MONDAY_7 - 1000) as Instant, { planner, sensing: 'detectors', planDelay: 'next-step' });
  let lamps: SeenSignals['lamps'] = [];
  let queues: PointQueues | undefined;
  let picture: JunctionDemand | undefined;
  let open: readonly Comparison[] = [];
  const proofs: Comparison[] = [];
  const joined = new Set<string>();
  for (let t = 0; t < minutes * 60; t++) {
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
      stepComparison(site, one, { now, demand: step.demand, actuations: seen.actuations, requests: active }, search),
    );
    proofs.push(...open.filter(isSettled));
    open = open.filter((one) => !isSettled(one));
    const fresh = active.filter(({ id }) => ![...open, ...proofs].some(({ request }) => request === id));
    open = [...open, ...fresh.map(({ id }) => openComparison(site, id, now, step.report, step.demand))];
  }
  return {
    busS: [...(queues?.requestWaitedS.values() ?? [])].reduce((total, s) => total + s, 0),
    // As many in each vehicle as its loops let the planner believe.
    othersPersonS: world.tally.vehicleDelayS * TRAFFIC_MIXES.cars.mean.persons + world.tally.pedestrianDelayS,
    vehicles: world.tally.vehicles,
    proofs: [...proofs, ...open],
  };
};
