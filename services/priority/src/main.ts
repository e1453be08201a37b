import { PRIORITY_CLASSES } from '@songxanh/core';
import {
  address,
  dial,
  EdgeError,
  keepSubscription,
  list,
  numeric,
  optionalText,
  readFiles,
  readToken,
  runProcess,
  serve,
  text,
} from '@songxanh/platform';
import { channels, keepBeating, openStore, subscribeLive, type StreetMessage } from '@songxanh/store';
import { FileFault, loadScenario } from '@songxanh/sumo-files';
import { parseSite, type SubscribeRequest, type SubscribeResponse } from '@songxanh/wire';
import { readClients, type Client } from './access/clients.ts';
import { buildApp } from './app.ts';
import { openOverrideClient } from './emergency/override-client.ts';
import { openGraphHopper } from './eta/graphhopper.ts';
import { readPolicies } from './requests/policy-file.ts';
import { pollFeed } from './transit/feed-poll.ts';
import { readGtfs } from './transit/gtfs-static.ts';
import { openStreetFleet } from './transit/street-fleet.ts';

const settings = {
  name: text('priority'),
  /** gRPC. */
  listen: address('127.0.0.1:50054'),
  /** HTTP. */
  host: text('127.0.0.1'),
  port: numeric({ min: 0, max: 65_535, whole: true }, 8081),
  scenario: text(),
  /** Site files or folders of them. */
  sites: list(),
  detectors: address(),
  redis: optionalText(),
  tokenFile: text(),
  /** Clients with tokens and classes of their own; see docs/priority.md. */
  clients: optionalText(),
  policies: optionalText(),
  /** GTFS feed, a folder or a zip. */
  gtfs: optionalText(),
  /** URL of a GTFS-realtime feed, asked every `poll` seconds of wall time. */
  gtfsRealtime: optionalText(),
  poll: numeric({ min: 1, max: 300 }, 10),
  /** GraphHopper server, http://host:port. */
  graphhopper: optionalText(),
  /** Gateway, http://host:port: preemption goes through its overrides, with a token that nobody else has. */
  gateway: optionalText(),
  preemptionTokenFile: optionalText(),
  /** Seconds of street time between the positions of a simulated street's buses, 0 for none; and how late they come. */
  streetFleet: numeric({ min: 0, max: 300 }, 0),
  streetFleetLatency: numeric({ min: 0, max: 600 }, 0),
};

/** A route server may come up after us. */
const ASK_TIMES_MS = 30_000;

/** The street's own buses and a polled feed are told of by nobody from outside. */
const FLEET: Client = { name: 'street-fleet', classes: PRIORITY_CLASSES };
const POLLED: Client = { name: 'gtfs-realtime', classes: ['transit'] };

await runProcess('priority', settings, async (config, { log, onStop }) => {
  const { gateway, preemptionTokenFile } = config;
  if (gateway !== undefined && preemptionTokenFile === undefined)
    throw new EdgeError('bad-config', '--gateway without --preemption-token-file: expected the file with the token for preemption');
  const scenario = await loadScenario(config.scenario, { parseSite }).catch((error: unknown) => {
    throw error instanceof FileFault ? new EdgeError('bad-input', error.message) : error;
  });
  const store =
    config.redis === undefined
      ? undefined
      : openStore(config.redis, { onState: (up, why) => log[up ? 'info' : 'warn']({ up, why }, 'redis') });
  onStop(() => store?.close());
  const app = await buildApp({
    sites: await readFiles(config.sites, '.site.json', parseSite),
    network: scenario.network,
    timeZone: scenario.timeZone,
    rules: await readPolicies(config.policies),
    gtfs: config.gtfs === undefined ? undefined : await readGtfs(config.gtfs),
    graphHopper: config.graphhopper === undefined ? undefined : openGraphHopper(config.graphhopper),
    findClient: await readClients(config.clients, readToken(config.tokenFile)),
    store,
    overrides:
      gateway === undefined || preemptionTokenFile === undefined ? undefined : openOverrideClient(gateway, readToken(preemptionTokenFile)),
    wallMs: () => performance.now(),
    log,
  });

  const client = dial('DetectionService', config.detectors);
  const feed = keepSubscription<SubscribeResponse, SubscribeRequest>(
    client,
    'Subscribe',
    () => ({ subscriber: config.name, junctions: [] }),
    {
      onMessage: ({ observations }) => {
        app.takeObservations(observations);
      },
    },
  );
  onStop(() => {
    feed.close();
    client.close();
  });

  if (config.gtfsRealtime !== undefined)
    onStop(
      pollFeed(config.gtfsRealtime, config.poll * 1000, {
        feed: (bytes) => void app.takeFeed(POLLED, bytes),
        failed: (why) => {
          app.office.countRefusal('feed-unreachable');
          log.warn({ why }, 'feed not read');
        },
      }),
    );
  if (config.streetFleet > 0 && store !== undefined) {
    const due = openStreetFleet(app.geo, { everyMs: config.streetFleet * 1000, latencyMs: config.streetFleetLatency * 1000 });
    subscribeLive(store, channels.street, (value) => {
      app.takePositions(FLEET, due(value as StreetMessage));
    });
  }

  if (config.graphhopper !== undefined) {
    const again = setInterval(() => void app.askTimes(), ASK_TIMES_MS);
    onStop(() => {
      clearInterval(again);
    });
  }
  const served = await serve(config.listen, app.handlers);
  onStop(served.stop);
  onStop(() => app.http.close());
  const url = await app.http.listen({ host: config.host, port: config.port });
  if (store !== undefined) {
    const detail = (): string => JSON.stringify({ http: url, ...app.office.tally() });
    onStop(
      keepBeating(store, () => ({ kind: 'priority', name: config.name, address: served.address, pid: process.pid, detail: detail() })),
    );
  }
  log.info({ url, address: served.address, eta: app.etaSources() }, 'listening');
});
