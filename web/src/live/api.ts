import type { JunctionDetail, JunctionSummary, ScenarioInfo } from '@songxanh/wire/live';
import type {
  AfterAction,
  AlarmDeed,
  CitizenReport,
  CommandAction,
  CommandAnswer,
  CommandWish,
  JournalEntry,
  Playbook,
  PlaybookRun,
  PreviewView,
  ReplaySegment,
  SessionAnswer,
  TrafficPreview,
  SignedOut,
  Works,
} from '@songxanh/wire/room';
import type { FeatureCollection } from 'geojson';

/** What the gateway refused, in its own words. */
export class Refused extends Error {
  readonly status: number;
  /** The refusal's stable code, where there is one. */
  readonly reason: string | undefined;

  constructor(status: number, message: string, reason?: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
  const response = await fetch(path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    const said = (await response.json().catch(() => ({}))) as { message?: string; reason?: string };
    throw new Refused(response.status, said.message ?? `${path}: ${response.status}`, said.reason);
  }
  return (response.status === 204 ? undefined : await response.json()) as T;
};
const get = <T>(path: string): Promise<T> => call('GET', path);
const post = <T>(path: string, body: unknown = {}): Promise<T> => call('POST', path, body);
const id = encodeURIComponent;

export const getScenario = (): Promise<ScenarioInfo> => get('/api/scenario');
export const getNetwork = (): Promise<FeatureCollection> => get('/api/network');
export const listJunctions = (): Promise<JunctionSummary[]> => get('/api/junctions');
export const getJunction = (junction: string): Promise<JunctionDetail> => get(`/api/junctions/${id(junction)}`);

export const getSession = (): Promise<SessionAnswer> => get('/api/session');
export const signIn = (name: string, password: string): Promise<SessionAnswer> => post('/api/session', { name, password });
export const signOut = (): Promise<SignedOut> => call('DELETE', '/api/session');
export const makeFirstAccount = async (token: string, account: { name: string; password: string; role: string }): Promise<void> => {
  const response = await fetch('/api/accounts', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(account),
  });
  if (!response.ok) throw new Refused(response.status, ((await response.json()) as { message: string }).message);
};

export const takeLocks = (junctions: readonly string[], reason: string, durationS: number, takeOver: boolean): Promise<unknown> =>
  post('/api/locks', { junctions, reason, durationS, takeOver });
export const releaseLocks = (junctions: readonly string[]): Promise<void> => post('/api/locks/release', { junctions });
export const command = (wish: CommandWish): Promise<CommandAnswer> => post('/api/commands', wish);
export const confirmCommand = (proposal: string): Promise<CommandAnswer> => post(`/api/commands/${id(proposal)}/confirm`);
export const rejectCommand = (proposal: string): Promise<void> => post(`/api/commands/${id(proposal)}/reject`);
export const preview = (junction: string, action: CommandAction, durationS: number): Promise<PreviewView> =>
  post('/api/preview', { junction, action, durationS });
export const previewTraffic = (junction: string, action: CommandAction, durationS: number): Promise<TrafficPreview> =>
  post('/api/preview/traffic', { junction, action, durationS });
export const resetFault = (junction: string, reason: string): Promise<unknown> => post('/api/faults/reset', { junction, reason });

export const handleAlarm = (alarm: string, deed: AlarmDeed): Promise<unknown> => post(`/api/alarms/${id(alarm)}`, deed);
export const readJournal = (before: number | undefined): Promise<JournalEntry[]> =>
  get(`/api/journal?count=200${before === undefined ? '' : `&before=${before}`}`);

export const listPlaybooks = (): Promise<Playbook[]> => get('/api/playbooks');
export const startPlaybook = (playbook: string, mode: 'live' | 'drill'): Promise<PlaybookRun> =>
  post(`/api/playbooks/${id(playbook)}/start`, { mode });
export const settleStep = (run: string, step: number, state: 'done' | 'skipped', note: string): Promise<PlaybookRun> =>
  post(`/api/runs/${id(run)}/steps`, { step, state, ...(note === '' ? {} : { note }) });
export const endRun = (run: string): Promise<PlaybookRun> => post(`/api/runs/${id(run)}/end`);
export const getRunReport = (run: string): Promise<AfterAction> => get(`/api/runs/${id(run)}/report`);

export const answerReport = (code: string, state: CitizenReport['state'], answer: string): Promise<unknown> =>
  post(`/api/reports/${id(code)}`, { state, answer });
export const announceWorks = (works: Omit<Works, 'id' | 'by' | 'streets'>): Promise<unknown> => post('/api/works', works);
export const withdrawWorks = (works: string): Promise<void> => call('DELETE', `/api/works/${id(works)}`);

export const listReplay = (): Promise<ReplaySegment[]> => get('/api/replay');
export const readSegment = async (file: string): Promise<string> => {
  const response = await fetch(`/api/replay/${id(file)}`);
  if (!response.ok) throw new Refused(response.status, file);
  return response.text();
};
