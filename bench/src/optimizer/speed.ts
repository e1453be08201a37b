/** Decision time on the four-arm junction (4 stages, 13 groups) at a 120 s horizon; every decision counts, then those that searched. */
import { loadavg } from 'node:os';
import { adaptivePlanner, loopStep, startLoop, type Instant, type Planner } from '@songxanh/core';
import { createWorld, measuredFourArms } from '@songxanh/core/testing/point-queue-world';
import { MONDAY_7 } from '@songxanh/core/testing/sites';
import { markdownTable } from '../markdown-table.ts';
import { quantile } from '../quantiles.ts';
import { record, today } from '../results.ts';

/** The project's own: a city's junctions decided once a second on one free core, none of them late. */
const TARGET = 'p99 ≤ 1 ms, ≥ 5,000 decisions/s';
/** Until the compiler has settled. */
const WARM_UP_DECISIONS = 200;

interface Timing {
  readonly wallMs: number;
  /** What the decision itself took, however crowded the machine is. */
  readonly cpuMs: number;
}

const all: Timing[] = [];
const searched: Timing[] = [];
const decide = adaptivePlanner({ horizonMs: 120_000 });
const timed: Planner = (input) => {
  const [begin, cpu] = [performance.now(), process.cpuUsage()];
  const decision = decide(input);
  const wallMs = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  const timing = { wallMs, cpuMs: (user + system) / 1000 };
  all.push(timing);
  if (decision.record.bindingRule !== 'minimum-green') searched.push(timing);
  return decision;
};

const site = measuredFourArms({ stageOrder: 'free' });
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

const row = (name: string, timings: readonly Timing[]): (string | number)[] => {
  const warm = timings.slice(WARM_UP_DECISIONS);
  const [wall, cpu] = [warm.map(({ wallMs }) => wallMs), warm.map(({ cpuMs }) => cpuMs)];
  const perSecond = (1000 * warm.length) / cpu.reduce((sum, ms) => sum + ms, 0);
  const at = (values: readonly number[]): string[] => [0.5, 0.99].map((p) => quantile(values, p).toFixed(2));
  return [name, warm.length, ...at(wall), ...at(cpu), Math.round(perSecond), loadavg()[0]!.toFixed(1)];
};
const head = ['decisions', 'number', 'wall p50 ms', 'p99', 'CPU p50 ms', 'p99', 'per CPU second', 'load'];
const text = `Optimizer, 4 stages, 120 s horizon; target ${TARGET}; recorded ${today()}.\n\n${markdownTable(head, [row('all', all), row('searches', searched)])}`;
record('optimizer.md', text);
process.stdout.write(`${text}\n`);
