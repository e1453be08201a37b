import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PedestrianRow } from '../pedestrians.ts';
import type { Kpis, TripRow } from '../results.ts';
import type { SimulationOptions } from '../simulation.ts';

/** What one run has come to. */
export interface RunResult {
  readonly seed: number;
  readonly kpis: Kpis;
  readonly trips: readonly TripRow[];
  readonly pedestrians: readonly PedestrianRow[];
}

const openWorker = (workerData: Omit<SimulationOptions, 'seed'>): Worker => {
  const extension = extname(import.meta.filename);
  const file = join(import.meta.dirname, `run-worker${extension}`);
  if (extension !== '.ts') return new Worker(file, { workerData });
  // From sources, where nothing is built: Node 20 does not hand `--import tsx` on to threads.
  const entry = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(file)}); })`;
  return new Worker(entry, { eval: true, execArgv: ['--conditions=source'], workerData });
};

/**
 * The same street with each of the seeds, under its own signal programs, on so many threads at once; results in the order of the seeds. What
 * a run comes to depends on its seed alone.
 */
export const runOnThreads = async (
  options: Omit<SimulationOptions, 'seed'>,
  seeds: readonly number[],
  threads: number,
): Promise<readonly RunResult[]> => {
  const results = new Map<number, RunResult>();
  const waiting = [...seeds];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = openWorker(options);
      const next = (): void => {
        const seed = waiting.shift();
        if (seed === undefined) void worker.terminate().then(() => resolve());
        else worker.postMessage(seed);
      };
      worker.on('message', (result: RunResult) => {
        results.set(result.seed, result);
        next();
      });
      worker.once('error', reject);
      next();
    });
  await Promise.all(Array.from({ length: Math.max(1, Math.min(threads, seeds.length)) }, work));
  return seeds.map((seed) => results.get(seed)!);
};
