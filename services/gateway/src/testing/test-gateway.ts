import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Playbook, Role, Site } from '@songxanh/core';
import { instant, reportController, startController } from '@songxanh/core';
import { createLog } from '@songxanh/platform';
import type { JunctionObservation, OverrideView, SignalState } from '@songxanh/wire';
import { parseSite } from '@songxanh/wire';
import { openAccounts } from '../access/accounts.ts';
import type { Oidc } from '../access/oidc.ts';
import { openSessions } from '../access/sessions.ts';
import { buildApp } from '../app.ts';
import { foresee } from '../forecast/foresee.ts';
import type { Broadcast } from '../live/broadcast.ts';
import { startBroadcast } from '../live/broadcast.ts';
import type { LiveBoard } from '../live/live-board.ts';
import { startLiveBoard } from '../live/live-board.ts';
import { keepWaitHistory } from '../live/wait-history.ts';
import type { OverrideDesk } from '../override/override-desk.ts';
import { openOverrideDesk } from '../override/override-desk.ts';
import { openRoom, type Room } from '../room/room.ts';
import { startRoomFeed, type RoomFeed } from '../room/room-feed.ts';

const SITE_FILE = join(__dirname, '../../../../scenarios/one-junction/sites/A.site.json');
const readSite = (): Site => {
  const site = parseSite(readFileSync(SITE_FILE, 'utf8'), SITE_FILE);
  if (!site.ok) throw new Error(site.message);
  return site.value;
};

export const site = readSite();
export const TOKEN = 'c0ffee'.repeat(8);
export const PREEMPTION_TOKEN = 'fade'.repeat(12);
export const startState: SignalState = reportController(site, startController(site, instant(60_000)));
export const PASSWORD = 'seven green waves';

export interface TestGateway {
  readonly server: FastifyInstance;
  readonly board: LiveBoard;
  readonly broadcast: Broadcast;
  readonly desk: OverrideDesk;
  readonly room: Room;
  readonly feed: RoomFeed;
  readonly journalFile: string;
  readonly accountsFile: string;
  /** What the gateway knows of the junction. */
  state: SignalState | undefined;
  /** What the junction's detectors saw. */
  past: readonly JunctionObservation[];
  /** Wall time. */
  now: number;
  readonly addAccount: (name: string, role: Role, area?: readonly string[]) => Promise<void>;
  /** The cookie of a new session. */
  readonly signIn: (name: string, password?: string) => Promise<string>;
  /** As if a page of this person had opened or closed. */
  readonly presenceOf: (name: string, open: boolean) => void;
  readonly close: () => Promise<void>;
}

export interface TestOptions {
  readonly twoPerson?: readonly string[];
  readonly playbooks?: readonly Playbook[];
  readonly oidc?: Oidc;
}

/** The gateway's whole HTTP side without Redis, agents or a clock. */
export const openTestGateway = async ({ twoPerson = [], playbooks = [], oidc }: TestOptions = {}): Promise<TestGateway> => {
  const folder = mkdtempSync(join(tmpdir(), 'songxanh-gateway-'));
  const journalFile = join(folder, 'journal.jsonl');
  const log = createLog('test', 'silent');
  const board = startLiveBoard();
  const broadcast = startBroadcast(board);
  const accountsFile = join(folder, 'accounts.json');
  const accounts = openAccounts(accountsFile);
  const now = (): number => gateway.now;
  const findState = (): SignalState | undefined => gateway.state;
  let noteEnd: (override: OverrideView, outcome: string) => void = () => undefined;
  const desk = openOverrideDesk({
    store: undefined,
    log,
    onStates: () => undefined,
    onEnded: (override, outcome) => noteEnd(override, outcome),
  });
  const sessions = openSessions({ accounts, store: undefined, now });
  const gateway = { state: startState, past: [], now: 1_000_000 } as unknown as TestGateway;
  const room = await openRoom({
    ...{ sites: [site], playbooks, board, desk, findState, store: undefined, journalFile, twoPerson, now, log },
    roleOf: (name) => accounts.find(name)?.role,
    streetOf: (id) => ({ W_A: 'Phố Tre', W_A_0: 'Phố Tre', N_A: '' })[id],
    recall: () => Promise.resolve({ past: gateway.past, method: 'max-pressure' }),
    // The same without its thread.
    forecaster: { foresee: (_, wish) => Promise.resolve(foresee(site, wish)), close: () => Promise.resolve() },
    lostHolder: { then: 'end', afterMs: 20_000 },
  });
  noteEnd = ({ junction, action }, outcome) => {
    room.journal.add({ kind: `override-${outcome}`, by: 'system', junction, detail: action.kind });
  };
  const feed = startRoomFeed(room, now);
  const server = await buildApp({
    ...{ room, feed, accounts, sessions, now, board, broadcast, desk, findState, log },
    history: keepWaitHistory(),
    recorder: undefined,
    secure: false,
    oidc,
    scenario: { title: 'Test', timeZone: 'UTC', midnight: 0, bounds: [0, 0, 1, 1], georeferenced: true, leftHand: false },
    features: { type: 'FeatureCollection', features: [] },
    sites: [site],
    token: TOKEN,
    preemptionToken: PREEMPTION_TOKEN,
    lastDecisions: () => Promise.resolve([]),
    resetFault: () => Promise.resolve({ done: true, message: '' }),
    webFolder: undefined,
  });
  const signIn = async (name: string, password = PASSWORD): Promise<string> => {
    const { headers, body, statusCode } = await server.inject({ method: 'POST', url: '/api/session', payload: { name, password } });
    if (statusCode !== 200) throw new Error(body);
    return String(headers['set-cookie']).split(';')[0] ?? '';
  };
  return Object.assign(gateway, {
    ...{ server, board, broadcast, desk, room, feed, journalFile, accountsFile, signIn },
    presenceOf: (name: string, open: boolean) => {
      if (open) room.presence.came(name);
      else room.presence.left(name, gateway.now);
    },
    addAccount: async (name: string, role: Role, area: readonly string[] = ['*']) => {
      await accounts.add({ name, fullName: name, role, area, password: PASSWORD });
    },
    close: async () => {
      feed.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
};
