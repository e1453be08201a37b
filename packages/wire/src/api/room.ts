/**
 * What the gateway tells the control room: sessions, locks, commands, alarms, playbooks, reports, replay, as JSON.
 * Times are wall time in ms since 1970-01-01T00:00Z unless they are called street time.
 */
import type {
  Alarm,
  AlarmDeed,
  AlarmComment,
  AfterAction,
  Deed,
  JunctionLock,
  Phrase,
  Playbook,
  PlaybookRun,
  QueueForecast,
  RequestStatus,
  Role,
} from '@songxanh/core';
import type { OverrideAction, OverrideView } from './live.ts';

export type { AfterAction, Alarm, AlarmComment, AlarmDeed, Deed, JunctionLock, Phrase, Playbook, PlaybookRun, Role };

/** Who is signed in. */
export interface Me {
  readonly name: string;
  readonly fullName: string;
  readonly role: Role;
  /** Ids of junctions; `*` for all. */
  readonly area: readonly string[];
  readonly may: readonly Deed[];
  /** When the session ends whatever is done in it. */
  readonly until: number;
}

export interface SessionAnswer {
  readonly me: Me | null;
  /** False while nobody has an account: the first one is made with the token printed at start. */
  readonly hasAccounts: boolean;
  /** Where the city's identity provider may be used: what the button says. */
  readonly provider?: string;
}

/** Signed out; where the browser goes to end the session at the identity provider too. */
export interface SignedOut {
  readonly endUrl: string | null;
}

/** What an operator asks of one junction or a group of them. */
export type CommandAction = OverrideAction | { readonly kind: 'advance' } | { readonly kind: 'release' };

export interface CommandWish {
  readonly junctions: readonly string[];
  readonly action: CommandAction;
  readonly reason: string;
  /** Street time. */
  readonly durationS: number;
}

export interface CommandAnswer {
  /** `waiting`: a second person must confirm. */
  readonly outcome: 'given' | 'waiting';
  readonly overrides: readonly OverrideView[];
  readonly proposal?: Proposal;
}

/** A command that the two-person rule holds back. */
export interface Proposal extends CommandWish {
  readonly id: string;
  readonly by: string;
  readonly expires: number;
}

/** One line of the journal: what happened or was done, by whom, about what, and whether it was refused. */
export interface JournalEntry {
  readonly seq: number;
  readonly at: number;
  /** Stable code: `lock-taken`, `command-given`, `alarm-raised`, … */
  readonly kind: string;
  /** Account, `machine:<name>`, or `system`. */
  readonly by: string;
  readonly role?: Role;
  readonly junction?: string;
  /** Junctions where it concerns several. */
  readonly junctions?: readonly string[];
  /** In English, for whoever reads the file. */
  readonly detail: string;
  /** The same by codes, for pages; entries of before this field lack it. */
  readonly says?: readonly Phrase[];
  readonly reason?: string;
  readonly outcome: 'done' | 'refused';
}

export interface Works {
  readonly id: string;
  readonly junction: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly by: string;
  /** Edges or lanes nobody may drive on meanwhile. */
  readonly closes?: readonly string[];
  /** Names of the streets these are of. */
  readonly streets?: readonly string[];
}

export const REPORT_STATES = ['received', 'in-work', 'solved', 'not-ours'] as const;

/** A citizen's report of a problem; whoever has its code may follow it. */
export interface CitizenReport {
  readonly code: string;
  readonly junction: string;
  readonly kind: 'signal' | 'waiting' | 'crossing' | 'other';
  readonly text: string;
  readonly at: number;
  readonly state: (typeof REPORT_STATES)[number];
  readonly answer: string;
  readonly changedAt: number;
}

/** Everything the room shares, whole: it is small. */
/** An emergency vehicle on its way: for the room only, the public does not see it. */
export interface EmergencyView {
  readonly vehicle: string;
  readonly vehicleClass: string;
  readonly lon: number;
  readonly lat: number;
  /** The rest of its way, degrees. */
  readonly way: readonly (readonly [number, number])[];
  /** Junctions ahead with what it was told of each; null before. */
  readonly junctions: readonly { readonly junction: string; readonly status: RequestStatus | null }[];
}

export interface RoomState {
  readonly locks: readonly JunctionLock[];
  readonly overrides: readonly OverrideView[];
  readonly proposals: readonly Proposal[];
  readonly alarms: readonly Alarm[];
  readonly runs: readonly PlaybookRun[];
  /** Playbooks whose trigger holds. */
  readonly suggested: readonly string[];
  readonly works: readonly Works[];
  readonly reports: readonly CitizenReport[];
  /** Absent while no priority service tells of them. */
  readonly emergencies?: readonly EmergencyView[];
  readonly people: readonly { readonly name: string; readonly role: Role }[];
  /** Actions that need a second person. */
  readonly twoPerson: readonly string[];
  readonly lostHolder: { readonly then: 'end' | 'keep'; readonly afterMs: number };
}

/** `/room` sends one per change: the entries since the last one the client has, and the room as it is now. `seq` is the last entry's. */
export interface RoomMessage {
  readonly type: 'room';
  readonly seq: number;
  /** Wall time of the gateway: lock and alarm times count from it. */
  readonly now: number;
  readonly entries: readonly JournalEntry[];
  readonly state: RoomState;
}

/** When the signals would do what is asked, all in street time. */
export interface PreviewView {
  readonly junction: string;
  readonly at: number;
  readonly reached: number | null;
  readonly stages: readonly { readonly stage: string; readonly at: number }[];
  readonly without: readonly { readonly stage: string; readonly at: number }[];
  readonly heldBy: readonly { readonly group: string; readonly at: number }[];
}

/** What an order would do to the queues, beside what would come without it. */
export interface TrafficPreview extends QueueForecast {
  readonly junction: string;
  /** As far as it looks ahead: the order and what it leaves behind, ten minutes at most. */
  readonly forS: number;
}

/** A recorded minute; `from` and `to` in street time. */
export interface ReplaySegment {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** What the public page shows of a junction. */
export interface PublicJunction {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly mode: string;
  /** Longest wait now, s. */
  readonly waitS: number;
  /** Longest wait of each of the last minutes, oldest first, s. */
  readonly history: readonly number[];
}

export interface PublicCity {
  readonly title: string;
  readonly timeZone: string;
  /** Street time. */
  readonly at: number;
  readonly meanDelayS: number | null;
  readonly arrived: number | null;
  readonly adaptiveShare: number;
  readonly junctions: readonly PublicJunction[];
  readonly works: readonly Works[];
}
