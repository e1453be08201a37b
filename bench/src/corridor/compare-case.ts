import { fork } from 'node:child_process';
import { adaptivePlanner } from '@songxanh/core';
import { getSearchedPlans } from './best-plans.ts';
import { loadCorridor } from './corridor.ts';
import { summarize, type RunSummary } from './journeys.ts';
import { runMicro } from './micro-run.ts';
import { runSumo } from './sumo-run.ts';

/** The best fixed plans of the recorded search, the engineer's own plans, or the adaptive control with loops only. */
export const CONTROLS = ['best fixed', 'engineer', 'adaptive'] as const;
export const SIMULATORS = ['micro', 'sumo'] as const;

export interface CompareCase {
  readonly simulator: (typeof SIMULATORS)[number];
  readonly control: (typeof CONTROLS)[number];
  readonly seed: number;
  readonly hours: number;
}

export interface CompareResult extends CompareCase {
  readonly summary: RunSummary;
}

const work = async ({ simulator, control, seed, hours }: CompareCase): Promise<RunSummary> => {
  const scenario = await loadCorridor(seed);
  const own = [...scenario.sites.values()];
  const sites = control === 'best fixed' ? own.map(getSearchedPlans().equip) : own;
  const { beginS } = scenario.files;
  const endS = Math.min(scenario.files.endS, beginS + hours * 3600);
  const run = { scenario, sites, seed, beginS, endS, ...(control === 'adaptive' ? { planner: () => adaptivePlanner() } : {}) };
  return summarize(await (simulator === 'micro' ? runMicro(run) : runSumo(run)));
};

/** Runs a case in a process of its own. */
export const runCase = (one: CompareCase): Promise<CompareResult> =>
  new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [JSON.stringify(one)]);
    child.once('message', (summary) => {
      resolve({ ...one, summary: summary as RunSummary });
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`${one.simulator}, ${one.control}, seed ${one.seed}: ended with ${String(code)}`));
    });
  });

const [, main, task] = process.argv;
if (main === import.meta.filename && task !== undefined)
  void work(JSON.parse(task) as CompareCase).then((summary) => {
    process.send?.(summary);
    process.disconnect();
  });
