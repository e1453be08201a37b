import { adaptivePlanner, loopStep, startLoop, type Instant, type Planner } from '@songxanh/core';
import { createWorld, measuredFourArms } from '@songxanh/core/testing/point-queue-world';
import { MONDAY_7 } from '@songxanh/core/testing/sites';

/** Decision time on the four-arm junction (4 stages, 13 groups) at a 120 s horizon; every decision counts, then those that searched. */
const site = measuredFourArms({ stageOrder: 'free' });
const decide = adaptivePlanner({ horizonMs: 120_000 });
const all: number[] = [];
const searched: number[] = [];
const timed: Planner = (input) => {
  const begin = performance.now();
  const decision = decide(input);
  const ms = performance.now() - begin;
  all.push(ms);
  if (decision.record.bindingRule !== 'minimum-green') searched.push(ms);
  return decision;
};
const flows = { TN: 500, TS: 420, TE: 260, TW: 240, LN: 70, LS: 60, LE: 50, LW: 50 };
const world = createWorld(site, { flows, pedestriansPerHour: 40, seed: 1 });
let state = startLoop(site, (MONDAY_7 - 1000) as Instant, { sensing: 'vehicles', planDelay: 'next-step', planner: timed });
let lamps: Parameters<typeof world.step>[0] = [];
for (let t = 0; t < 3600; t++) {
  const now = (MONDAY_7 + t * 1000) as Instant;
  const step = loopStep(state, { now, ...world.step(lamps, now) });
  state = step.state;
  lamps = step.report.lamps;
}
const quantile = (sorted: readonly number[], p: number): string => (sorted[Math.floor(sorted.length * p)] ?? 0).toFixed(3);
for (const [name, times] of [
  ['all decisions', all],
  ['searches', searched],
] as const) {
  const warm = times.slice(200).sort((a, b) => a - b);
  const total = warm.reduce((sum, ms) => sum + ms, 0);
  console.log(
    `${name}: ${warm.length}, p50 ${quantile(warm, 0.5)} ms, p99 ${quantile(warm, 0.99)} ms, ${Math.round((1000 * warm.length) / total)} per second`,
  );
}
