/** One run after the other on a thread of its own: seeds come in, results go out (see `runOnThreads`). */
import { parentPort, workerData } from 'node:worker_threads';
import { createSimulation, type SimulationOptions } from '../simulation.ts';
import type { RunResult } from './run-on-threads.ts';

const options = workerData as Omit<SimulationOptions, 'seed'>;
parentPort!.on('message', (seed: number) => {
  const made = createSimulation({ ...options, seed });
  if (!made.ok) throw new Error(made.message);
  const simulation = made.value;
  simulation.run();
  const result: RunResult = { seed, kpis: simulation.kpis(), trips: simulation.trips(), pedestrians: simulation.pedestrians() };
  parentPort!.postMessage(result);
});
