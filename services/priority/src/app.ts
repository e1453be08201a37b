import type { FastifyInstance } from 'fastify';
import {
  refuse,
  statementsOf,
  type Instant,
  type Network,
  type PolicyRule,
  type PriorityStatement,
  type RequestProof,
  type Site,
} from '@songxanh/core';
import type { Handlers, Log } from '@songxanh/platform';
import {
  channels,
  eventStream,
  outcomeLedger,
  proofLedger,
  publishLive,
  saveRequests,
  subscribeLive,
  type JunctionRequests,
  type Store,
} from '@songxanh/store';
import { parseObservation, type JunctionObservationMessage, type PriorityStatus, type VehiclePosition } from '@songxanh/wire';
import { openAskHandler } from './api/ask-handler.ts';
import { openFrontDesk, type DeskRates } from './api/desk.ts';
import { buildHttp } from './api/http.ts';
import { liveView } from './live-view.ts';
import type { Client, FindClient } from './access/clients.ts';
import type { OverrideClient } from './emergency/override-client.ts';
import { openWaves } from './emergency/waves.ts';
import type { GraphHopper } from './eta/graphhopper.ts';
import { openRouteService, type RouteSource } from './eta/route-service.ts';
import { openOffice, type Office } from './requests/office.ts';
import { openGeo, type Geo } from './street/geo.ts';
import { openStreetMap } from './street/street-map.ts';
import { openFeedWatch } from './transit/feed-watch.ts';
import type { Gtfs } from './transit/gtfs-static.ts';
import { layLines, type Pattern } from './transit/lines.ts';
import { openTracker } from './transit/tracker.ts';

export interface PriorityDeps {
  readonly sites: readonly Site[];
  readonly network: Network;
  readonly timeZone: string;
  readonly rules: readonly PolicyRule[];
  readonly gtfs: Gtfs | undefined;
  readonly graphHopper: GraphHopper | undefined;
  readonly findClient: FindClient;
  readonly store: Store | undefined;
  /** Absent: emergency vehicles are told that nobody takes their preemption to the street. */
  readonly overrides: OverrideClient | undefined;
  /** Told beside the store: where service and optimizer share a process. */
  readonly onRequests?: (list: JunctionRequests) => void;
  readonly wallMs: () => number;
  readonly rates?: DeskRates;
  readonly log: Log;
}

export interface PriorityApp {
  readonly handlers: { readonly PriorityService: Handlers };
  readonly http: FastifyInstance;
  readonly office: Office;
  readonly geo: Geo;
  readonly takeObservations: (messages: readonly JunctionObservationMessage[]) => void;
  /** A GTFS-realtime message, as `client`. */
  readonly takeFeed: (client: Client, bytes: Uint8Array) => readonly PriorityStatus[];
  readonly takePositions: (client: Client, positions: readonly VehiclePosition[]) => readonly PriorityStatus[];
  /** For a route service that was not there at the start. */
  readonly askTimes: () => Promise<void>;
  /** Pattern → who tells its driving times. */
  readonly etaSources: () => Readonly<Record<string, RouteSource>>;
}

/** The service without its sockets. */
export const buildApp = async (deps: PriorityDeps): Promise<PriorityApp> => {
  const { sites, network, timeZone, rules, gtfs, store, overrides, findClient, log } = deps;
  const geo = openGeo(network.location);
  const map = openStreetMap(network, new Map(sites.map((site) => [site.id, site])));
  const routes = openRouteService(map, geo, deps.graphHopper);

  const lines = gtfs === undefined ? undefined : layLines(gtfs, map, geo);
  for (const { line, stop, trips } of lines?.left ?? []) log.info({ line, stop, trips }, 'pattern lies outside these streets');
  const times = new Map<Pattern, Awaited<ReturnType<typeof routes.timesOver>>>();
  /** Asks for the times of lines that the route service has not told yet. */
  const askTimes = async (): Promise<void> => {
    for (const pattern of lines?.patterns ?? []) {
      const before = times.get(pattern);
      if (before?.source === 'graphhopper') continue;
      const found = await routes.timesOver(pattern.route);
      times.set(pattern, found);
      if (before?.source === found.source) continue;
      log.info(
        { line: pattern.line, pattern: pattern.id, source: found.source, why: found.why, trips: pattern.trips.length },
        'line timed',
      );
    }
  };
  await askTimes();
  const tracker =
    gtfs === undefined || lines === undefined
      ? undefined
      : openTracker({ gtfs, lines, geo, timeZone, driveS: (pattern, from, to) => times.get(pattern)?.driveS(from, to) });
  const waves = openWaves(geo);

  const monthFormat = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' });
  const monthOf = (at: Instant): string => monthFormat.format(at);

  const office = openOffice({
    sites,
    rules,
    tracker,
    waves,
    onStatus: (client, status) => {
      handler.tell(client, status);
    },
    onRequests: (list) => {
      deps.onRequests?.(list);
      if (store?.isUp() === true) void saveRequests(store, [list]);
    },
    onEvent: (event) => {
      if (store?.isUp() === true) void eventStream.append(store, event.junction, [event]);
    },
    onOutcome: (outcome) => {
      log.info({ ...outcome }, 'request over');
      if (store?.isUp() === true) void outcomeLedger.append(store, monthOf(outcome.at), outcome);
    },
    onPreempt: async (junction, override, now) => {
      if (overrides === undefined) return refuse('no-gateway', 'no gateway is configured');
      const result = await (override === undefined ? overrides.release(junction) : overrides.give(junction, override, now));
      if (result.ok) log.info({ junction, override }, override === undefined ? 'preemption released' : 'preemption given');
      return result;
    },
    onPreemptRefused: (junction, { reason, message }) => {
      log.error({ junction, reason, detail: message }, 'preemption did not reach the street');
    },
  });
  const desk = openFrontDesk(office, deps.wallMs, deps.rates);
  const handler = openAskHandler(findClient, desk);

  if (store !== undefined)
    subscribeLive(store, channels.proofs, (value) => {
      for (const { proof, exhausted } of value as readonly { readonly proof: RequestProof; readonly exhausted: boolean }[]) {
        if (exhausted) office.exhaust(proof.junction, proof.request);
        else log.info({ ...proof }, 'request proved');
      }
    });

  const watches = new Map<string, ReturnType<typeof openFeedWatch>>();
  const takePositions: PriorityApp['takePositions'] = (client, positions) =>
    positions.map((position) => desk.position(client, position.vehicle, { ok: true, value: position }));
  const takeFeed: PriorityApp['takeFeed'] = (client, bytes) => {
    const now = office.now();
    const reject = (reason: string): readonly PriorityStatus[] => {
      office.countRefusal(reason);
      return [{ id: 'feed', junction: '', status: 'rejected', reason, at: now ?? (0 as Instant) }];
    };
    if (now === undefined) return reject('junction-silent');
    const watch = watches.get(client.name) ?? openFeedWatch();
    watches.set(client.name, watch);
    const news = watch.take(bytes, now);
    if (!news.ok) {
      log.warn({ client: client.name, reason: news.reason, detail: news.message }, 'feed refused');
      return reject(news.reason);
    }
    for (const { trip, delay, at } of news.value.delays) tracker?.takeDelay(trip, delay, at);
    for (let i = 0; i < news.value.skipped; i++) office.countRefusal('feed-entity-unusable');
    return takePositions(client, news.value.positions);
  };

  const statements = async (month: string): Promise<readonly PriorityStatement[]> => {
    if (store === undefined) return [];
    const [outcomes, proofs] = await Promise.all([outcomeLedger.read(store, month), proofLedger.read(store, month)]);
    if (!outcomes.ok || !proofs.ok) return [];
    return statementsOf(outcomes.value, proofs.value, monthOf, (line) => tracker?.headwayVariation(line));
  };

  const http = buildHttp({
    ...{ findClient, desk, office, waves, routes, statements, takeFeed, log },
    vehicles: () => tracker?.vehicles() ?? [],
  });
  /** The control room is told once per second of street time. */
  let toldAt = 0;
  const tellRoom = (): void => {
    const now = office.now();
    if (store?.isUp() !== true || now === undefined || Math.abs(now - toldAt) < 1000) return;
    toldAt = now;
    const { held, toldTo } = office;
    const view = liveView({ now, vehicles: tracker?.vehicles() ?? [], held: held(), waves: waves.list(), toldTo, geo });
    void publishLive(store, channels.priority, view);
  };
  return {
    handlers: { PriorityService: handler.handlers },
    http,
    office,
    geo,
    takeObservations: (messages) => {
      for (const message of messages) {
        const observation = parseObservation(message);
        if (observation.ok) office.observe(observation.value.signals);
        else log.warn({ junction: message.junction, reason: observation.reason, detail: observation.message }, 'observation refused');
      }
      tellRoom();
    },
    takeFeed,
    takePositions,
    askTimes,
    etaSources: () => Object.fromEntries([...times].map(([pattern, { source }]) => [pattern.id, source])),
  };
};
