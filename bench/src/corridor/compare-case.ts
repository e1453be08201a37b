import { fork } from 'node:child_process';
import { adaptivePlanner, maxPressurePlanner } from '@songxanh/core';
import { getSearchedPlans } from './best-plans.ts';
import type { Planning } from './control-junctions.ts';
import { loadCorridor } from './corridor.ts';
import { summarize, type RunSummary } from './journeys.ts';
import { journeysInMicro } from './micro-run.ts';
import { journeysInSumo } from './sumo-run.ts';

/**
 * The best fixed plans of the recorded search; the engineer's own plans; max-pressure and our control with loops only;
 * our control where every vehicle within sight is known, which tells what better detection could be worth (SUMO only).
 */
export const CONTROLS = ['best fixed', 'engineer', 'max-pressure', 'adaptive', 'adaptive seeing all'] as const;
/** What a comparison is about, unless asked for more. */
export const USUAL_CONTROLS: readonly (typeof CONTROLS)[number][] = ['best fixed', 'engineer', 'adaptive'];
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

const PLANNING: Readonly<Partial<Record<CompareCase['control'], Planning>>> = {
  'max-pressure': { planner: () => maxPressurePlanner(), sensing: 'detectors' },
  adaptive: { planner: () => adaptivePlanner(), sensing: 'detectors' },
  'adaptive seeing all': { planner: () => adaptivePlanner(), sensing: 'vehicles' },
};

const work = async ({ simulator, control, seed, hours }: CompareCase): Promise<RunSummary> => {
  const scenario = await loadCorridor(seed);
  const own = [...scenario.sites.values()];
  const sites = control === 'best fixed' ? own.map(getSearchedPlans().equip) : own;
  const { beginS } = scenario.files;
  const endS = Math.min(scenario.files.endS, beginS + hours * 3600);
  const planning = PLANNING[control];
  const run = { scenario, sites, seed, beginS, endS, ...(planning ? { planning } : {}) };
  return summarize(await (simulator === 'micro' ? journeysInMicro(run) : journeysInSumo(run)));
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
if (main === import.meta.filename && task !== undefined) {
  // Whoever asked is gone; SUMO ends with its connection.
  process.once('disconnect', () => process.exit(1));
  void work(JSON.parse(task) as CompareCase).then((summary) => process.send?.(summary, undefined, undefined, () => process.exit(0)));
}
