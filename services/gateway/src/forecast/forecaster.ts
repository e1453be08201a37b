import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { QueueForecast, Site } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import type { ForesightWish } from './foresee.ts';

export interface Forecaster {
  /** Undefined where nothing is known of the junction's traffic. */
  readonly foresee: (junction: string, wish: ForesightWish) => Promise<QueueForecast | undefined>;
  readonly close: () => Promise<void>;
}

/** A forecast of ten minutes takes 1 to 4 s; a group's wait for one another. */
const WITHIN_MS = 30_000;

const openWorker = (sites: readonly Site[]): Worker => {
  const extension = extname(import.meta.filename);
  const file = join(import.meta.dirname, `foresee-worker${extension}`);
  if (extension !== '.ts') return new Worker(file, { workerData: sites });
  // From sources, where nothing is built: Node 20 does not hand `--import tsx` on to threads.
  const entry = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(file)}); })`;
  return new Worker(entry, { eval: true, execArgv: ['--conditions=source'], workerData: sites });
};

interface Waiting {
  readonly done: (forecast: QueueForecast | undefined) => void;
  readonly failed: (error: Error) => void;
}

/** The thread begins with the first forecast that is asked for. */
export const openForecaster = (sites: readonly Site[]): Forecaster => {
  let worker: Worker | undefined;
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  const stop = (error: Error): void => {
    void worker?.terminate();
    worker = undefined;
    for (const { failed } of waiting.values()) failed(error);
    waiting.clear();
  };
  const start = (): Worker => {
    const started = openWorker(sites);
    started.unref();
    started.on('message', ({ id, forecast }: { id: number; forecast: QueueForecast | undefined }) => {
      waiting.get(id)?.done(forecast);
      waiting.delete(id);
    });
    started.on('error', (error) => {
      if (worker === started) stop(error instanceof Error ? error : new Error(String(error)));
    });
    return started;
  };

  return {
    foresee: (junction, wish) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        const timer = setTimeout(() => stop(new EdgeError('timed-out', 'the forecast took too long')), WITHIN_MS);
        waiting.set(id, {
          done: (forecast) => {
            clearTimeout(timer);
            resolve(forecast);
          },
          failed: (error) => {
            clearTimeout(timer);
            reject(error);
          },
        });
        worker ??= start();
        worker.postMessage({ id, junction, wish });
      }),
    close: async () => {
      await worker?.terminate();
    },
  };
};
