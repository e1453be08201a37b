import { fork } from 'node:child_process';
import { policyKinds, type PriorityKind } from './policies.ts';
import { loadCorridor } from '../corridor/corridor.ts';
import type { BusTrip } from './bus-watch.ts';
import { runFree, runWithPriority } from './priority-run.ts';
import { runFreeInSumo, runWithPriorityInSumo } from './priority-run-sumo.ts';

/** Ten minutes to fill the streets, then the peak from 07:00 on. */
const BEGIN_S = 24_600;
export const FROM_S = 25_200;

export interface PriorityCase {
  readonly kind: PriorityKind;
  readonly latencyS: number;
  readonly seed: number;
  readonly minutes: number;
  /** Our simulator where absent. */
  readonly sim?: 'sumo';
}

export interface PriorityResult extends PriorityCase {
  readonly buses: readonly BusTrip[];
  /** The line's buses alone on the streets, all signals green. */
  readonly free: readonly BusTrip[];
  /** Everybody else who set out in the peak hour. */
  readonly others: { readonly persons: number; readonly personDelayS: number };
  readonly requests: number;
  readonly granted: number;
}

const work = async ({ kind, latencyS, seed, minutes, sim }: PriorityCase): Promise<Omit<PriorityResult, keyof PriorityCase>> => {
  const scenario = await loadCorridor(seed);
  const span = { scenario, seed, beginS: BEGIN_S, endS: FROM_S + 60 * minutes };
  const { buses, journeys, tally } = await (sim === 'sumo' ? runWithPriorityInSumo : runWithPriority)({
    ...span,
    latencyS,
    rules: policyKinds[kind],
  });
  const others = journeys.filter((journey) => journey.kind !== 'bus' && journey.dueS >= FROM_S);
  return {
    buses,
    free: await (sim === 'sumo' ? runFreeInSumo : runFree)(span),
    others: {
      persons: others.reduce((total, { persons }) => total + persons, 0),
      personDelayS: others.reduce((total, { persons, delayS }) => total + persons * delayS, 0),
    },
    requests: tally.requests,
    granted: tally.granted,
  };
};

/** Runs a case in a process of its own. */
export const runCase = (one: PriorityCase): Promise<PriorityResult> =>
  new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [JSON.stringify(one)]);
    child.once('message', (result) => {
      resolve({ ...one, ...(result as Omit<PriorityResult, keyof PriorityCase>) });
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`${one.kind}, ${String(one.latencyS)} s, seed ${String(one.seed)}: ended with ${String(code)}`));
    });
  });

const [, main, task] = process.argv;
if (main === import.meta.filename && task !== undefined) {
  process.once('disconnect', () => process.exit(1));
  void work(JSON.parse(task) as PriorityCase).then((result) => process.send?.(result, undefined, undefined, () => process.exit(0)));
}
