import type { Override, SignalEvent } from '../controller/controller.ts';
import { isGreen, type LampState } from '../controller/lamp.ts';
import type { SignalGroupId, StageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { indexSite, NO_CONFLICT } from '../plan/site-index.ts';
import { after, minutes, seconds, type Duration, type Instant } from '../time.ts';
import { PRIORITY_EVENT } from './priority-events.ts';
import { greenIfEntered, type EntryView } from './entry-green.ts';
import type { ArrivalInterval } from './priority-request.ts';

export interface PreemptionSettings {
  /** Kept in hand before the earliest arrival, beside the time that queue and change of stage need. */
  readonly lead: Duration;
  /** Warned of this long before it is opened. */
  readonly advance: Duration;
  /** A plan may be another one in a moment: so far ahead a change of stage that would be in the way is prevented. */
  readonly notice: Duration;
  /** Longest dwell; then the junction goes back to everybody, whatever the call says. */
  readonly maxPresence: Duration;
  /** The dwell stands at least this long, so that a late position ends nothing under a vehicle's nose. */
  readonly minDwell: Duration;
  /** Rail: the stage that empties the track, and for how long, before the dwell. */
  readonly trackClearance?: { readonly stage: StageId; readonly lasts: Duration };
}

export const DEFAULT_PREEMPTION: PreemptionSettings = {
  lead: seconds(5),
  advance: seconds(10),
  notice: seconds(10),
  maxPresence: minutes(2),
  minDwell: seconds(3),
};

/** A vehicle that takes the right of way at this junction. */
export interface PreemptCall {
  readonly id: string;
  readonly kind: 'rail' | 'emergency';
  readonly group: SignalGroupId;
  readonly arrival: ArrivalInterval;
  /** How long the traffic before it needs to get out of its way. */
  readonly queueTime: Duration;
}

export type PreemptionPhase = 'idle' | 'advance' | 'entry' | 'track-clearance' | 'dwell' | 'recovery';

/** Plain immutable data. */
export interface Preemption {
  readonly phase: PreemptionPhase;
  readonly since: Instant;
  /** In charge, or warned of. */
  readonly call?: PreemptCall;
  readonly stage?: StageId;
  /** When the override for the present call was given first. */
  readonly enteredAt?: Instant;
  /** Calls that have had their longest presence: not served again. */
  readonly barred: readonly string[];
}

export const NO_PREEMPTION: Preemption = { phase: 'idle', since: 0 as Instant, barred: [] };

export type PreemptionEffect =
  /** Replaces the one before. */
  | { readonly kind: 'give'; readonly override: Omit<Override, 'id'> }
  | { readonly kind: 'release' }
  | { readonly kind: 'event'; readonly event: SignalEvent }
  /** The other call has to wait, or has had its time. */
  | { readonly kind: 'told'; readonly call: string; readonly status: 'watchOtherTraffic' | 'maxPresence' };

export interface PreemptionStep {
  readonly preemption: Preemption;
  readonly effects: readonly PreemptionEffect[];
}

/** The stage for these groups: all of them green and as little else that could be in the way as possible; protected before permissive. */
export const stageServing = (site: Site, groups: readonly SignalGroupId[]): StageId | undefined => {
  const yielding = (stage: Site['stages'][number]): number =>
    site.conflicts.filter((c) => c.kind === 'permissive' && groups.includes(c.yields) && stage.green.includes(c.to)).length;
  const approachLanes = new Set(site.movements.filter(({ group }) => groups.includes(group)).map(({ fromLane }) => fromLane));
  // What stands in the vehicle's lanes must get away too.
  const lanemates = (stage: Site['stages'][number]): number =>
    site.movements.filter(({ group, fromLane }) => approachLanes.has(fromLane) && stage.green.includes(group)).length;
  const [best] = site.stages
    .filter(({ green }) => groups.every((group) => green.includes(group)))
    .sort((a, b) => yielding(a) - yielding(b) || lanemates(b) - lanemates(a) || a.green.length - b.green.length || (a.id < b.id ? -1 : 1));
  return best?.id;
};

/** Rail before all; then who holds the junction already; then the earlier arrival; then the name, so that the order is always the same. */
const foremost = (calls: readonly PreemptCall[], holder: string | undefined): PreemptCall | undefined => {
  const rank = (call: PreemptCall): number => (call.kind === 'rail' ? 0 : call.id === holder ? 1 : 2);
  return [...calls].sort(
    (a, b) => rank(a) - rank(b) || a.arrival.earliest - b.arrival.earliest || a.arrival.latest - b.arrival.latest || (a.id < b.id ? -1 : 1),
  )[0];
};

/**
 * Longest time from the decision to the group's green: the change to a group in its way has just begun, that group is served its minimum and clears.
 */
export const entryTime = (site: Site, group: SignalGroupId): Duration => {
  const index = indexSite(site);
  const g = index.groupAt.get(group);
  if (g === undefined) return 0 as Duration;
  const between = (from: number, to: number): number => index.intergreen[from * index.size + to]!;
  let longest = 0;
  for (let l = 0; l < index.size; l++) {
    if (between(l, g) === NO_CONFLICT) continue;
    let entry = 0;
    for (let k = 0; k < index.size; k++) entry = Math.max(entry, between(k, l));
    longest = Math.max(longest, entry + index.minGreen[l]! + between(l, g));
  }
  return longest as Duration;
};

/** Its green must have begun by then. */
const dueAt = ({ arrival, queueTime }: PreemptCall, { lead }: PreemptionSettings): number => arrival.earliest - lead - queueTime;

/** Before this the junction need not be opened, whatever it shows. */
const opensAt = (site: Site, call: PreemptCall, settings: PreemptionSettings): number =>
  dueAt(call, settings) - entryTime(site, call.group) - settings.notice;

/** Were it opened later, the plan in force might leave no way to be green in time: what needs no opening yet runs on as planned. */
const mustOpen = (turn: Turn, call: PreemptCall): boolean => {
  const { site, settings, now, view } = turn;
  const due = dueAt(call, settings);
  if (now >= due) return true;
  const stage = opensAt(site, call, settings) <= now ? stageServing(site, [call.group]) : undefined;
  if (stage === undefined) return false;
  for (let ms = 1000; ms <= settings.notice; ms += 1000)
    if (greenIfEntered(site, view, stage, call.group, (now + ms) as Instant) > due) return true;
  return false;
};

interface Turn {
  readonly site: Site;
  readonly settings: PreemptionSettings;
  readonly now: Instant;
  readonly view: EntryView;
  readonly effects: PreemptionEffect[];
}

const emit = ({ site, now, effects }: Turn, code: number, group: SignalGroupId): void => {
  const parameter = site.groups.findIndex(({ id }) => id === group) + 1;
  effects.push({ kind: 'event', event: { junction: site.id, at: now, code, parameter } });
};

const give = (turn: Turn, call: PreemptCall, stage: StageId, expires: Instant): void => {
  const source = call.kind === 'rail' ? 'rail-preemption' : 'emergency-preemption';
  const override = { source, action: { kind: 'stage', stage }, reason: `preemption for ${call.id}`, by: 'priority', expires } as const;
  turn.effects.push({ kind: 'give', override });
};

/** Opens the junction for this call, alone or with all others that one stage serves as well. */
const enter = (turn: Turn, calls: readonly PreemptCall[], call: PreemptCall, state: Preemption): Preemption => {
  const { site, settings, now } = turn;
  const together = calls.filter((other) => other.kind === call.kind && mustOpen(turn, other)).map(({ group }) => group);
  const stage = stageServing(site, [...new Set([call.group, ...together])]) ?? stageServing(site, [call.group]);
  if (stage === undefined) return { ...state, phase: 'idle', since: now, barred: [...state.barred, call.id] };
  const enteredAt = state.call?.id === call.id && state.enteredAt !== undefined ? state.enteredAt : now;
  const clearance = call.kind === 'rail' ? settings.trackClearance : undefined;
  emit(turn, PRIORITY_EVENT.preemptEntry, call.group);
  if (clearance !== undefined) emit(turn, PRIORITY_EVENT.preemptTrackClearance, call.group);
  give(turn, call, clearance?.stage ?? stage, after(enteredAt, settings.maxPresence));
  return { ...state, phase: clearance === undefined ? 'entry' : 'track-clearance', since: now, call, stage, enteredAt };
};

/** The junction goes back to whoever is next in charge: the optimizer, which goes on with what costs everybody least from here. */
const leave = (turn: Turn, state: Preemption): Preemption => {
  const { now } = turn;
  if (state.call !== undefined && state.enteredAt !== undefined) {
    emit(turn, PRIORITY_EVENT.preemptExit, state.call.group);
    turn.effects.push({ kind: 'release' });
  }
  return { phase: state.enteredAt === undefined ? 'idle' : 'recovery', since: now, barred: state.barred };
};

const allGreen = (lamps: readonly LampState[], groups: readonly SignalGroupId[]): boolean =>
  groups.every((group) => lamps.some((lamp) => lamp.group === group && isGreen(lamp.lamp)));

/** The junction runs as before once its longest red has been served: three cycles at most, by then queues are back where they were. */
const RECOVERY = minutes(5);

/**
 * One second of a junction's preemption: advance → entry (with every minimum and clearance, which the controller keeps) → track clearance → dwell → exit.
 * `calls` are those in force: a call that is missing has passed or was withdrawn.
 */
export const stepPreemption = (
  site: Site,
  state: Preemption,
  input: EntryView & { readonly calls: readonly PreemptCall[] },
  settings: PreemptionSettings = DEFAULT_PREEMPTION,
): PreemptionStep => {
  const { now, lamps } = input;
  const turn: Turn = { site, settings, now, view: input, effects: [] };
  const inForce = new Set(input.calls.map(({ id }) => id));
  const barred = state.barred.filter((id) => inForce.has(id));
  const calls = input.calls.filter(({ id }) => !barred.includes(id));
  let next: Preemption = { ...state, barred };

  const holder = calls.find(({ id }) => id === next.call?.id);
  if (next.call !== undefined && holder === undefined) {
    // Gone: but a dwell that has just begun stands its minimum.
    const standing = next.phase === 'dwell' && now - next.since < settings.minDwell;
    if (standing) return { preemption: next, effects: turn.effects };
    next = leave(turn, next);
  } else if (holder !== undefined) next = { ...next, call: holder };

  if (next.call !== undefined && next.enteredAt !== undefined && now - next.enteredAt >= settings.maxPresence) {
    emit(turn, PRIORITY_EVENT.preemptMaxPresence, next.call.group);
    turn.effects.push({ kind: 'told', call: next.call.id, status: 'maxPresence' });
    next = leave(turn, { ...next, barred: [...next.barred, next.call.id] });
  }

  const entered = next.enteredAt !== undefined;
  const call = foremost(
    calls.filter((one) => !next.barred.includes(one.id) && opensAt(site, one, settings) - settings.advance <= now),
    entered || next.phase === 'advance' ? next.call?.id : undefined,
  );
  if (call === undefined) {
    if (next.phase === 'recovery' && now - next.since >= RECOVERY) next = { ...next, phase: 'idle', since: now };
    return { preemption: next, effects: turn.effects };
  }
  for (const other of calls)
    if (other.id !== call.id && opensAt(site, other, settings) <= now && stageServing(site, [call.group, other.group]) === undefined)
      turn.effects.push({ kind: 'told', call: other.id, status: 'watchOtherTraffic' });

  if (next.call?.id !== call.id) {
    if (next.call !== undefined) next = leave(turn, next);
    emit(turn, PRIORITY_EVENT.preemptAdvanceWarning, call.group);
    next = { phase: 'advance', since: now, call, barred: next.barred };
  }
  if (next.phase === 'advance' && mustOpen(turn, call)) next = enter(turn, calls, call, next);
  else if (next.phase === 'track-clearance' && now - next.since >= (settings.trackClearance?.lasts ?? 0)) {
    give(turn, call, next.stage!, after(next.enteredAt!, settings.maxPresence));
    next = { ...next, phase: 'entry', since: now };
  } else if (next.phase === 'entry' && allGreen(lamps, [call.group])) {
    emit(turn, PRIORITY_EVENT.preemptDwell, call.group);
    next = { ...next, phase: 'dwell', since: now };
  }
  return { preemption: next, effects: turn.effects };
};
