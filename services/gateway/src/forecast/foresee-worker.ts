/** Forecasts on a thread of their own: they take seconds, and the live feed does not wait. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Site } from '@songxanh/core';
import { foresee, type ForesightWish } from './foresee.ts';

const siteOf = new Map((workerData as readonly Site[]).map((site) => [site.id as string, site]));

parentPort!.on('message', ({ id, junction, wish }: { id: number; junction: string; wish: ForesightWish }) => {
  const site = siteOf.get(junction);
  parentPort!.postMessage({ id, forecast: site === undefined ? undefined : foresee(site, wish) });
});
