/**
 * Looks for the best fixed plans of the corridor: one plan set (common cycle, splits, offsets) for each hour of the frozen demand.
 * Stochastic local search from the engineer's plans and the last search's, judged by person delay in our simulator; every evaluation is recorded.
 *
 *   node bench/dist/corridor/plan-search.js [--evaluations 700] [--workers 2]     writes bench/results/corridor-plans.json
 */
import type { TimeOfDayPlan } from '@songxanh/core';
import { createSimulation } from '@songxanh/micro';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { loadCorridor } from './corridor.ts';
import { fixedProgram } from './fixed-program.ts';
import { mutate, scaleCycle, type PlanSet } from './plan-mutation.ts';

/** The hours of the demand, each with a plan of its own, and the quarter-hours it is searched on (scenario seconds). */
export const PERIODS = [
  { name: 'early', fromS: 23_400, windowS: [24_000, 25_200] },
  { name: 'peak', fromS: 27_000, windowS: [27_600, 28_800] },
  { name: 'late', fromS: 30_600, windowS: [31_200, 32_400] },
] as const;

/** The demand's seed in the search; comparisons use others. */
const SEARCH_SEED = 1;
const RESULTS = resolve(import.meta.dirname, '../../results/corridor-plans.json');

interface Task {
  readonly id: number;
  readonly period: number;
  readonly plans: readonly (readonly [string, TimeOfDayPlan])[];
}
interface Outcome {
  readonly id: number;
  /** Person-seconds of delay in the window, from an empty street; Infinity where a plan cannot run. */
  readonly delay: number;
}

const work = async (): Promise<void> => {
  const scenario = await loadCorridor(SEARCH_SEED);
  parentPort!.on('message', ({ id, period, plans }: Task) => {
    const [beginS, endS] = PERIODS[period]!.windowS;
    const programs = new Map(scenario.network.programs);
    let runs = true;
    for (const [junction, plan] of plans) {
      const site = [...scenario.sites.values()].find((s) => s.id === junction)!;
      const program = fixedProgram(site, plan, scenario.midnight);
      if (program) programs.set(junction, program);
      else runs = false;
    }
    let delay = Infinity;
    if (runs) {
      const made = createSimulation({
        network: { ...scenario.network, programs },
        demand: scenario.demand,
        furniture: { detectors: [], busStops: scenario.furniture.busStops },
        beginS,
        endS,
        seed: SEARCH_SEED,
      });
      if (!made.ok) throw new Error(made.message);
      made.value.run();
      delay = made.value.kpis().personDelayS;
    }
    parentPort!.postMessage({ id, delay } satisfies Outcome);
  });
};

/** A small generator is enough to propose neighbours (mulberry32, public domain). */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

/** What an earlier search (perhaps by an older simulator) found for this period. */
const findEarlier = async (period: string): Promise<readonly PlanSet[]> => {
  try {
    const { periods } = JSON.parse(await readFile(RESULTS, 'utf8')) as {
      periods: { name: string; plans: Record<string, TimeOfDayPlan> }[];
    };
    return periods.filter(({ name }) => name === period).map(({ plans }) => new Map(Object.entries(plans)));
  } catch {
    return [];
  }
};

const search = async (): Promise<void> => {
  const { values } = parseArgs({ options: { evaluations: { type: 'string', default: '700' }, workers: { type: 'string', default: '2' } } });
  const scenario = await loadCorridor(SEARCH_SEED);
  const sites = [...scenario.sites.values()];
  const workers = Array.from({ length: Number(values.workers) }, () => new Worker(new URL(import.meta.url), { workerData: true }));
  const evaluate = (worker: Worker, task: Task): Promise<number> =>
    new Promise((done, fail) => {
      worker.once('message', ({ delay }: Outcome) => {
        worker.off('error', fail);
        done(delay);
      });
      worker.once('error', fail);
      worker.postMessage(task);
    });
  const earlier = await Promise.all(PERIODS.map(({ name }) => findEarlier(name)));
  const found = [];
  const history: { period: string; evaluation: number; cycleS: number; delay: number; best: number }[] = [];
  for (const [p, period] of PERIODS.entries()) {
    const engineers: PlanSet = new Map(sites.map((site) => [site.id, site.plans[p === 2 ? 1 : 0]!]));
    let best: { plans: PlanSet; delay: number } = { plans: engineers, delay: Infinity };
    let begun = 0;
    const draw = random(1000 + p);
    const starts: PlanSet[] = [120, 100, 80, 140, 90, 110, 70].map(
      (cycleS) => new Map([...engineers].map(([id, plan]) => [id, scaleCycle(plan, cycleS)])),
    );
    starts.unshift(...earlier[p]!);
    const run = async (worker: Worker): Promise<void> => {
      while (begun < Number(values.evaluations)) {
        const evaluation = begun++;
        const plans: PlanSet = evaluation === 0 ? engineers : (starts[evaluation - 1] ?? mutate(best.plans, draw));
        const delay = await evaluate(worker, { id: evaluation, period: p, plans: [...plans] });
        if (delay < best.delay) best = { plans, delay };
        history.push({ period: period.name, evaluation, cycleS: [...plans.values()][0]!.cycle / 1000, delay, best: best.delay });
        if (evaluation % 50 === 0)
          console.log(
            `${period.name} ${evaluation}: best ${Math.round(best.delay)} person-s, cycle ${[...best.plans.values()][0]!.cycle / 1000} s`,
          );
      }
    };
    await Promise.all(workers.map(run));
    found.push({
      ...period,
      delay: best.delay,
      engineers: history.find((h) => h.period === period.name && h.evaluation === 0)!.delay,
      plans: Object.fromEntries(best.plans),
    });
    await mkdir(resolve(RESULTS, '..'), { recursive: true });
    await writeFile(RESULTS, JSON.stringify({ seed: SEARCH_SEED, evaluations: history.length, periods: found, history }, null, 1));
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
};

if (isMainThread) await search();
else if (workerData === true) await work();
