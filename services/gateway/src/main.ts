import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { JunctionId } from '@songxanh/core';
import {
  address,
  callOnce,
  choice,
  dial,
  EdgeError,
  isServing,
  keepSubscription,
  list,
  numeric,
  optionalAddress,
  optionalText,
  readFiles,
  readToken,
  runProcess,
  serve,
  text,
} from '@songxanh/platform';
import type { ClosuresMessage, PriorityMessage, StreetMessage } from '@songxanh/store';
import {
  channels,
  decisionStream,
  keepBeating,
  listProcesses,
  observationStream,
  openStore,
  publishLive,
  subscribeLive,
  waitForStore,
} from '@songxanh/store';
import type {
  JunctionObservation,
  LiveDecision,
  MaintainRequest,
  MaintainResponse,
  OverrideView,
  SignalState,
  SubscribeRequest,
  SubscribeResponse,
} from '@songxanh/wire';
import { parseObservation, parseSite } from '@songxanh/wire';
import { openAccounts } from './access/accounts.ts';
import { openOidc } from './access/oidc.ts';
import { openSessions } from './access/sessions.ts';
import { buildApp } from './app.ts';
import { openForecaster } from './forecast/forecaster.ts';
import { geometryOf } from './geometry/approaches.ts';
import { networkBounds, networkFeatures } from './geometry/network-features.ts';
import { openProjection } from './geometry/projection.ts';
import { startBroadcast } from './live/broadcast.ts';
import { keepFlows } from './live/flows.ts';
import { watchHealth } from './live/health-watch.ts';
import { startLiveBoard } from './live/live-board.ts';
import { detectorLetters, liveSignals } from './live/live-signals.ts';
import { toStreetFrame } from './live/street-frame.ts';
import { startRecorder } from './live/recorder.ts';
import { watchServing } from './live/watch-serving.ts';
import { keepWaitHistory } from './live/wait-history.ts';
import { openOverrideDesk } from './override/override-desk.ts';
import { readMapSource } from './map-source.ts';
import type { Recalled } from './room/command-desk.ts';
import { orderOf } from './room/order-of.ts';
import { readPlaybooks } from './room/read-playbooks.ts';
import { openRoom, type Room } from './room/room.ts';
import { startRoomFeed } from './room/room-feed.ts';

/** At most 10 frames per second of wall time: as smooth as a page can draw, whatever the street's speed. */
const FRAME_MS = 100;
/** What an order changes goes out between two frames, but not closer to the last one than this. */
const LEAST_FRAME_MS = 20;
const HEALTH_MS = 500;
/** The street and the optimizer hear of works within this, and again, should they have been away. */
const CLOSURES_MS = 1000;
const DAY_MS = 86_400_000;
/** Locks end, alarms rise: faster than an eye notices. */
const ROOM_MS = 250;
/** A page that does not answer a ping within two of these counts as gone: half of the shortest patience of `--lost-holder-after`. */
const PROBE_MS = 2500;
const DETAIL_DECISIONS = 20;
/** As much as an optimizer that takes over replays: five minutes, all that the stream keeps. */
const RECALLED = 300;
const observations = observationStream<JunctionObservation>();
/** Whom nobody tells of for this long is not shown any more: it is told of once a second. */
const PRIORITY_SILENT_MS = 5000;
/** A Redis that is stopped keeps its connections and says nothing. */
const REDIS_WITHIN_MS = 1000;
const FIRST_REDIS_WITHIN_MS = 10_000;
/**
 * Cabinets that do not answer for so long count as down; who refuses a connection does at once. On a crowded machine an answer took 0.4 s, and this
 * process is late to read it too.
 */
const CABINET_WITHIN_MS = 2500;
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
  /** The token with which the priority service gives emergency preemption; nobody does where absent. */
  preemptionTokenFile: optionalText(),
  web: optionalText(),
  /** The people who may sign in. */
  accounts: text('accounts.json'),
  /** The audit log, appended to; none where absent. */
  journal: optionalText(),
  /** Scripts of the operations centre; those that fit every city where absent. */
  playbooks: optionalText(),
  /** What happens to the locks and overrides of somebody whose page is gone for so many seconds. */
  lostHolder: choice(['end', 'keep'], 'end'),
  lostHolderAfter: numeric({ min: 5, max: 3600 }, 20),
  /** Kinds of action that a second person must confirm: hold, advance, stage, plan, all-red, flash. */
  twoPerson: list([]),
  /** Folder for what the page was told, minute by minute; no replay where absent. */
  recording: optionalText(),
  recordingMinutes: numeric({ min: 1, max: 100_000, whole: true }, 24 * 60),
  /** The city's identity provider (docs/control-room.md); accounts of this machine alone where absent. */
  oidc: optionalText(),
  /** How long the journal is kept at least, days; for ever where 0. Decree 269/2025/NĐ-CP art. 21 asks for 24 months. */
  journalDays: numeric({ min: 0, max: 36_500, whole: true }, 0),
  /** The page comes by https (a proxy before this): cookies are for https only then. */
  https: choice(['yes', 'no'], 'no'),
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
  const flows = keepFlows(sites);
  const siteOf = new Map(sites.map((site) => [site.id, site]));
  const states = new Map<string, SignalState>();
  const putState = (state: SignalState): void => {
    const site = siteOf.get(state.junction);
    if (site === undefined) return;
    states.set(state.junction, state);
    board.putSignals(state.junction, liveSignals(site, state));
  };
  let frameSoon = (): void => undefined;
  let noteEnd: (override: OverrideView, outcome: string, message: string) => void = () => undefined;
  const desk = openOverrideDesk({
    store,
    log,
    onEnded: (...ended) => noteEnd(...ended),
    onStates: (all) => {
      // The detector service's observations are newer while it lives; without it the agents' own word keeps the page true.
      for (const state of all) if (state.at >= (states.get(state.junction)?.at ?? 0) || !feed.isUp()) putState(state);
      // Agents tell of a change by themselves when somebody else took charge: who gave the order looks for its effect.
      frameSoon();
    },
  });

  /** When the priority service was last heard, wall time. */
  let priorityAt = 0;
  let tellEmergencies: Room['putEmergencies'] = () => undefined;

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
          flows.see(signals.junction, counts.from, counts.to, counts.counts);
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
    subscribeLive(store, channels.priority, (value) => {
      const { transit, asks, emergencies } = value as PriorityMessage;
      priorityAt = Date.now();
      board.putPriority({ transit, asks });
      tellEmergencies(emergencies);
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

  // Locks and overrides in force lie there: a gateway that opens without them would end them.
  if (store !== undefined) await waitForStore(store, FIRST_REDIS_WITHIN_MS);
  const accounts = openAccounts(config.accounts);
  accounts.list();
  const now = (): number => Date.now();
  const sessions = openSessions({ accounts, store, now });
  await Promise.all([sessions.restore(), desk.restore()]);
  const forecaster = openForecaster(sites);
  onStop(forecaster.close);
  const recall = async (junction: JunctionId): Promise<Recalled> => {
    if (store === undefined) return { past: [], method: undefined };
    const [past, decided] = await Promise.all([
      observations.readLast(store, junction, RECALLED),
      decisionStream.readLast(store, junction, 1),
    ]);
    return { past: past.ok ? past.value : [], method: decided.ok ? decided.value[0]?.method : undefined };
  };
  const opened = await openRoom({
    ...{ sites, recall, forecaster },
    streetOf: (id) => (source.network.edges.get(id) ?? source.network.edges.get(id.replace(/_\d+$/, '')))?.name,
    playbooks: readPlaybooks(config.playbooks, sites),
    board,
    desk,
    findState: (junction) => states.get(junction),
    roleOf: (name) => accounts.find(name)?.role ?? sessions.roleOf(name),
    store,
    journalFile: config.journal,
    lostHolder: { then: config.lostHolder, afterMs: config.lostHolderAfter * 1000 },
    twoPerson: config.twoPerson,
    now,
    log,
  });
  tellEmergencies = opened.putEmergencies;
  noteEnd = ({ junction, by, action }, outcome, message) => {
    opened.journal.add({
      kind: `override-${outcome}`,
      by: 'system',
      junction,
      says: [orderOf(action), { say: 'given-by', who: by }, { say: 'refused', why: outcome, text: message }],
    });
  };
  const roomFeed = startRoomFeed(opened, now);
  onStop(roomFeed.close);
  const history = keepWaitHistory();
  const recorder =
    config.recording === undefined
      ? undefined
      : startRecorder({
          folder: config.recording,
          board,
          keep: config.recordingMinutes,
          now,
          onError: (error) => log.error({ err: error }, 'could not record'),
        });
  onStop(() => recorder?.close());

  const server = await buildApp({
    room: opened,
    feed: roomFeed,
    accounts,
    sessions,
    history,
    recorder,
    now,
    secure: config.https === 'yes',
    oidc: config.oidc === undefined ? undefined : openOidc(config.oidc, now, log),
    scenario: {
      title: source.title,
      timeZone: source.timeZone,
      midnight: source.midnight,
      bounds: networkBounds(source.network, projection.toLonLat),
      georeferenced: projection.georeferenced,
      leftHand: source.network.leftHand,
    },
    geometry: new Map(sites.map((site) => [site.id as string, geometryOf(source.network, site)])),
    features: networkFeatures({ network: source.network, busStops: source.furniture.busStops, sites }, projection.toLonLat),
    sites,
    board,
    broadcast,
    desk,
    token,
    preemptionToken: config.preemptionTokenFile === undefined ? undefined : readToken(config.preemptionTokenFile),
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

  const served = await serve(config.listen, desk.handlers);
  onStop(served.stop);
  onStop(() => server.close());
  const url = await server.listen({ host: config.host, port: config.port });

  let framedAt = 0;
  const frame = (): void => {
    framedAt = performance.now();
    const counted = flows.take();
    if (counted !== undefined) board.putFlows(counted);
    const delta = board.takeDelta();
    if (delta !== undefined) {
      broadcast.send(delta);
      recorder?.note(delta);
      history.see(delta.at, board.state().signals);
    }
    roomFeed.flush();
  };
  const frames = setInterval(frame, FRAME_MS);
  frameSoon = () => {
    if (performance.now() - framedAt >= LEAST_FRAME_MS) frame();
  };
  const trim = (): void => {
    if (config.journalDays > 0) opened.journal.trim(now() - config.journalDays * DAY_MS);
  };
  trim();
  const trims = setInterval(trim, DAY_MS);
  const ticks = setInterval(opened.tick, ROOM_MS);
  const closures = setInterval(() => {
    if (store !== undefined) void publishLive(store, channels.closures, { closed: opened.public.closed() } satisfies ClosuresMessage);
  }, CLOSURES_MS);
  const probes = setInterval(() => {
    roomFeed.probe(sessions.touch);
  }, PROBE_MS);
  const { cabinets: cabinetAddress } = config;
  const cabinetWatch =
    cabinetAddress === undefined ? undefined : watchServing(() => isServing(cabinetAddress, CABINET_WITHIN_MS), HEALTH_MS);
  const checkHealth = async (): Promise<void> => {
    if (Date.now() - priorityAt > PRIORITY_SILENT_MS) {
      board.putPriority(undefined);
      opened.putEmergencies(undefined);
    }
    const known = store === undefined ? undefined : await Promise.race([listProcesses(store), silence()]);
    board.putHealth(
      watchHealth(board.state().health, {
        now: Date.now(),
        redisUp: store?.isUp() === true && known !== undefined,
        known: known?.ok === true ? known.value : undefined,
        attachedAgents: desk.agents().map(({ agent }) => agent),
        detectorsUp: feed.isUp(),
        cabinetUp: cabinetWatch?.isUp(),
        signals: board.state().signals,
      }),
    );
  };
  const health = setInterval(() => void checkHealth(), HEALTH_MS);
  onStop(() => {
    clearInterval(frames);
    clearInterval(health);
    cabinetWatch?.stop();
    clearInterval(ticks);
    clearInterval(trims);
    clearInterval(probes);
    clearInterval(closures);
  });
  log.info({ url, agents: served.address }, 'listening');
});
