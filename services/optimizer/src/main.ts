import type { Planner } from '@songxanh/core';
import { adaptivePlanner, fixedTimePlanner, maxPressurePlanner } from '@songxanh/core';
import { address, choice, collectInPauses, dial, list, readFiles, runProcess, serve, text } from '@songxanh/platform';
import {
  channels,
  keepBeating,
  openStore,
  subscribeLive,
  type ClosuresMessage,
  type JunctionRequests,
  type ToldOutflow,
} from '@songxanh/store';
import { parseSite } from '@songxanh/wire';
import { buildApp } from './app.ts';
import { openObservationFeed } from './observation-feed.ts';
import { warmUp } from './rehearse.ts';

const METHODS = ['adaptive', 'fixed', 'max-pressure'] as const;
const planners: Readonly<Record<(typeof METHODS)[number], () => Planner>> = {
  adaptive: adaptivePlanner,
  fixed: fixedTimePlanner,
  'max-pressure': maxPressurePlanner,
};

const settings = {
  name: text('optimizer'),
  // A fixed port: the address is part of the lease, for redirects.
  listen: address('127.0.0.1:50052'),
  /** Site files or folders of them. */
  sites: list(),
  redis: text(),
  detectors: address(),
  method: choice(METHODS, 'adaptive'),
};

await runProcess('optimizer', settings, async (config, { log, onStop }) => {
  const store = openStore(config.redis, { onState: (up, why) => log[up ? 'info' : 'warn']({ up, why }, 'redis') });
  onStop(store.close);
  const client = dial('DetectionService', config.detectors);
  onStop(() => {
    client.close();
  });
  const feed = openObservationFeed(client, config.name, (messages) => {
    app.takeObservations(messages);
  });
  onStop(feed.close);
  const self = { name: config.name, address: config.listen };
  const sites = await readFiles(config.sites, '.site.json', parseSite);
  const planner = planners[config.method]();
  const app = buildApp({
    sites,
    planner,
    store,
    self,
    log,
    subscribe: feed.subscribe,
    onRest: collectInPauses(),
  });
  subscribeLive(store, channels.requests, (value) => {
    app.takeRequests(value as readonly JunctionRequests[]);
  });
  subscribeLive(store, channels.closures, (value) => {
    app.takeClosures((value as ClosuresMessage).closed);
  });
  subscribeLive(store, channels.outflow, (value) => {
    app.takeOutflow(value as readonly ToldOutflow[]);
  });
  const served = await serve(config.listen, app.handlers);
  onStop(served.stop);
  onStop(app.stop);
  const detail = (): string => JSON.stringify({ method: config.method, owned: app.owned(), ...app.tally() });
  onStop(keepBeating(store, () => ({ kind: 'optimizer', name: config.name, address: served.address, pid: process.pid, detail: detail() })));
  log.info({ address: served.address, method: config.method }, 'listening');
  // Agents that begin before would wait for answers that nobody gives.
  served.setHealthy(false);
  await warmUp(sites, planner);
  await app.start();
  served.setHealthy(true);
});
