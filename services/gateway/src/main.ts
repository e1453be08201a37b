import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { JunctionId } from '@songxanh/core';
import {
  address,
  callOnce,
  dial,
  EdgeError,
  isServing,
  keepSubscription,
  list,
  numeric,
  optionalAddress,
  optionalText,
  readFiles,
  runProcess,
  serve,
  text,
} from '@songxanh/platform';
import type { StreetMessage } from '@songxanh/store';
import { channels, decisionStream, keepBeating, listProcesses, openStore, subscribeLive } from '@songxanh/store';
import type { LiveDecision, MaintainRequest, MaintainResponse, SignalState, SubscribeRequest, SubscribeResponse } from '@songxanh/wire';
import { parseObservation, parseSite } from '@songxanh/wire';
import { buildApp } from './app.ts';
import { networkBounds, networkFeatures } from './geometry/network-features.ts';
import { openProjection } from './geometry/projection.ts';
import { startBroadcast } from './live/broadcast.ts';
import { watchHealth } from './live/health-watch.ts';
import { startLiveBoard } from './live/live-board.ts';
import { detectorLetters, liveSignals } from './live/live-signals.ts';
import { toStreetFrame } from './live/street-frame.ts';
import { openOverrideDesk } from './override/override-desk.ts';
import { readMapSource } from './map-source.ts';

/** At most 10 frames per second of wall time: as smooth as a page can draw, whatever the street's speed. */
const FRAME_MS = 100;
const HEALTH_MS = 500;
const DETAIL_DECISIONS = 20;
/** A Redis that is stopped keeps its connections and says nothing. */
const REDIS_WITHIN_MS = 1000;
const silence = (): Promise<undefined> => new Promise((done) => setTimeout(done, REDIS_WITHIN_MS, undefined));

const settings = {
  name: text('gateway'),
  host: text('127.0.0.1'),
  port: numeric({ min: 0, max: 65_535, whole: true }, 8080),
  listen: address('127.0.0.1:50053'),
  scenario: text(),
  /** Site files or folders of them. */
  sites: list(),
  redis: optionalText(),
  detectors: address(),
  cabinets: optionalAddress(),
  tokenFile: text(),
  web: optionalText(),
};

const readToken = (file: string): string => {
  if (!existsSync(file)) throw new EdgeError('bad-config', `${file}: expected a file with the token for writes`);
  const token = readFileSync(file, 'utf8').trim();
  // 128 bits in hex: less could be guessed.
  if (token.length < 32)
    throw new EdgeError('bad-config', `${file}: expected a token of at least 32 characters, found ${String(token.length)}`);
  return token;
};

await runProcess('gateway', settings, async (config, { log, onStop }) => {
  const token = readToken(config.tokenFile);
  const sites = await readFiles(config.sites, '.site.json', parseSite);
  const source = await readMapSource(config.scenario);
  const projection = openProjection(source.network.location);
  const store =
    config.redis === undefined
      ? undefined
      : openStore(config.redis, { onState: (up, why) => log[up ? 'info' : 'warn']({ up, why }, 'redis') });
  onStop(() => store?.close());

  const board = startLiveBoard(Date.now());
  const broadcast = startBroadcast(board);
  const siteOf = new Map(sites.map((site) => [site.id, site]));
  const states = new Map<string, SignalState>();
  const putState = (state: SignalState): void => {
    const site = siteOf.get(state.junction);
    if (site === undefined) return;
    states.set(state.junction, state);
    board.putSignals(state.junction, liveSignals(site, state));
  };
  const desk = openOverrideDesk({
    store,
    log,
    onStates: (all) => {
      // The detector service's observations are newer while it lives; without it the agents' own word keeps the page true.
      for (const state of all) if (state.at >= (states.get(state.junction)?.at ?? 0) || !feed.isUp()) putState(state);
    },
  });

  const client = dial('DetectionService', config.detectors);
  const feed = keepSubscription<SubscribeResponse, SubscribeRequest>(
    client,
    'Subscribe',
    () => ({ subscriber: config.name, junctions: [] }),
    {
      onMessage: ({ observations }) => {
        for (const message of observations) {
          const observation = parseObservation(message);
          if (!observation.ok) continue;
          const { signals, counts } = observation.value;
          const site = siteOf.get(signals.junction);
          if (site === undefined) continue;
          states.set(signals.junction, signals);
          board.putSignals(signals.junction, liveSignals(site, signals), detectorLetters(site, counts.counts));
        }
      },
    },
  );
  onStop(() => {
    feed.close();
    client.close();
  });

  if (store !== undefined) {
    subscribeLive(store, channels.street, (value) => {
      board.putStreet(toStreetFrame(value as StreetMessage, projection.toLonLat));
    });
    subscribeLive(store, channels.comparison, (value) => {
      board.putFixedKpis((value as StreetMessage).kpis);
    });
    subscribeLive(store, channels.decisions, (value) => {
      for (const decision of value as readonly LiveDecision[]) board.addDecision(decision);
    });
    onStop(
      keepBeating(store, () => ({
        kind: 'gateway',
        name: config.name,
        address: `${config.host}:${String(config.port)}`,
        pid: process.pid,
        detail: '',
      })),
    );
  }

  const cabinets = config.cabinets === undefined ? undefined : dial('CabinetService', config.cabinets);
  onStop(() => cabinets?.close());
  const resetFault = (junction: JunctionId): Promise<MaintainResponse> => {
    if (cabinets === undefined) throw new EdgeError('unavailable', 'no cabinets are connected to this gateway');
    return callOnce<MaintainRequest, MaintainResponse>(cabinets, 'Maintain', { junction, resetFault: true });
  };

  const server = await buildApp({
    scenario: {
      title: source.title,
      timeZone: source.timeZone,
      midnight: source.midnight,
      bounds: networkBounds(source.network, projection.toLonLat),
      georeferenced: projection.georeferenced,
      leftHand: source.network.leftHand,
    },
    features: networkFeatures({ network: source.network, busStops: source.furniture.busStops, sites }, projection.toLonLat),
    sites,
    board,
    broadcast,
    desk,
    token,
    findState: (junction) => states.get(junction),
    lastDecisions: async (junction) => {
      const stored = store === undefined ? undefined : await decisionStream.readLast(store, junction, DETAIL_DECISIONS);
      const all: readonly LiveDecision[] =
        stored?.ok === true ? stored.value : board.state().decisions.filter((decision) => decision.junction === junction);
      return [...all].reverse();
    },
    resetFault,
    log,
    webFolder: config.web !== undefined && existsSync(join(config.web, 'index.html')) ? resolve(config.web) : undefined,
  });

  await desk.restore();
  const served = await serve(config.listen, desk.handlers);
  onStop(served.stop);
  onStop(() => server.close());
  const url = await server.listen({ host: config.host, port: config.port });

  const frames = setInterval(() => {
    const delta = board.takeDelta();
    if (delta !== undefined) broadcast.send(delta);
  }, FRAME_MS);
  const checkHealth = async (): Promise<void> => {
    const known = store === undefined ? undefined : await Promise.race([listProcesses(store), silence()]);
    board.putHealth(
      watchHealth(board.state().health, {
        now: Date.now(),
        redisUp: store?.isUp() === true && known !== undefined,
        known: known?.ok === true ? known.value : undefined,
        attachedAgents: desk.agents().map(({ agent }) => agent),
        detectorsUp: feed.isUp(),
        cabinetUp: config.cabinets === undefined ? undefined : await isServing(config.cabinets),
        signals: board.state().signals,
      }),
    );
  };
  const health = setInterval(() => void checkHealth(), HEALTH_MS);
  onStop(() => {
    clearInterval(frames);
    clearInterval(health);
  });
  log.info({ url, agents: served.address }, 'listening');
});
