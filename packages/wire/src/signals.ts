import {
  accept,
  instant,
  junctionId,
  milliseconds,
  refuse,
  signalGroupId,
  stageId,
  type Commitment,
  type ControllerReport,
  type CountdownDisplay,
  type JunctionId,
  type Lamp,
  type LampState,
  type Result,
  type SignalEvent,
  type WaitingCall,
} from '@songxanh/core';
import { changes, lamps, modes, sources } from './enums.ts';
import type { CommitmentMessage, GroupStateMessage, SignalEventMessage, SignalStateMessage, WaitingCallMessage } from './messages.ts';
import { isWhole, malformed, parseAll } from './parsing.ts';
import { encodePlan, parsePlan } from './plan.ts';

/** What a controller tells the centre after a step: everything but the single heads, which only the cabinet needs. */
export type SignalState = Omit<ControllerReport, 'heads'>;

const parseGroup = (m: GroupStateMessage): Result<LampState & CountdownDisplay> => {
  if (m.group === '') return malformed('group state: group', m.group, 'the id of a signal group');
  const lamp = lamps.nameOf(m.lamp);
  if (lamp === undefined) return malformed(`group ${m.group}: lamp`, m.lamp, 'a Lamp');
  if (!isWhole(m.sinceMs)) return malformed(`group ${m.group}: since_ms`, m.sinceMs, 'whole milliseconds');
  if (m.countdown !== undefined && m.countdown < 0) return malformed(`group ${m.group}: countdown`, m.countdown, 'a number from 0');
  return accept({ group: signalGroupId(m.group), lamp, since: instant(m.sinceMs), number: m.countdown });
};

const parseCommitment = (m: CommitmentMessage): Result<Commitment> => {
  const change = changes.nameOf(m.change);
  if (m.group === '') return malformed('commitment: group', m.group, 'the id of a signal group');
  if (change === undefined) return malformed(`commitment of ${m.group}: change`, m.change, 'a Change');
  if (!isWhole(m.atMs)) return malformed(`commitment of ${m.group}: at_ms`, m.atMs, 'whole milliseconds');
  return accept({ group: signalGroupId(m.group), change, at: instant(m.atMs) });
};

const parseCall = (m: WaitingCallMessage): Result<WaitingCall> => {
  if (m.group === '') return malformed('call: group', m.group, 'the id of a signal group');
  if (!isWhole(m.sinceMs)) return malformed(`call of ${m.group}: since_ms`, m.sinceMs, 'whole milliseconds');
  if (!isWhole(m.greenByMs)) return malformed(`call of ${m.group}: green_by_ms`, m.greenByMs, 'whole milliseconds');
  return accept({ group: signalGroupId(m.group), since: instant(m.sinceMs), greenBy: instant(m.greenByMs) });
};

export const parseSignalState = (m: SignalStateMessage): Result<SignalState> => {
  const where = `signal state of ${m.junction}`;
  if (m.junction === '') return malformed('signal state: junction', m.junction, 'the id of a junction');
  if (!isWhole(m.atMs)) return malformed(`${where}: at_ms`, m.atMs, 'whole milliseconds');
  const mode = modes.nameOf(m.mode);
  if (mode === undefined) return malformed(`${where}: mode`, m.mode, 'a ControllerMode');
  const source = sources.nameOf(m.source);
  if (source === undefined) return malformed(`${where}: source`, m.source, 'a Source');
  if (m.plan === null) return malformed(`${where}: plan`, null, 'the plan in force');
  if (!isWhole(m.worstWaitMs) || m.worstWaitMs < 0) return malformed(`${where}: worst_wait_ms`, m.worstWaitMs, 'whole milliseconds from 0');
  const groups = parseAll(m.groups, parseGroup);
  if (!groups.ok) return groups;
  const commitments = parseAll(m.commitments, parseCommitment);
  if (!commitments.ok) return commitments;
  const calls = parseAll(m.calls, parseCall);
  if (!calls.ok) return calls;
  const plan = parsePlan(m.plan);
  if (!plan.ok) return plan;
  return accept({
    junction: junctionId(m.junction),
    at: instant(m.atMs),
    mode,
    source,
    why: m.why,
    lamps: groups.value.map(({ group, lamp, since }) => ({ group, lamp, since })),
    countdowns: groups.value.map(({ group, number }) => ({ group, number })),
    commitments: commitments.value,
    plan: plan.value,
    stage: m.stage === '' ? undefined : stageId(m.stage),
    calls: calls.value,
    worstWait: milliseconds(m.worstWaitMs),
  });
};

export const encodeSignalState = (s: SignalState): SignalStateMessage => {
  const numbers = new Map(s.countdowns.map((c) => [c.group, c.number]));
  return {
    junction: s.junction,
    atMs: s.at,
    mode: modes.codeOf(s.mode),
    source: sources.codeOf(s.source),
    why: s.why,
    groups: s.lamps.map((l) => {
      const number = numbers.get(l.group);
      const state = { group: l.group, lamp: lamps.codeOf(l.lamp), sinceMs: l.since };
      return number === undefined ? state : { ...state, countdown: number };
    }),
    commitments: s.commitments.map((c) => ({ group: c.group, change: changes.codeOf(c.change), atMs: c.at })),
    plan: encodePlan(s.plan),
    stage: s.stage ?? '',
    worstWaitMs: s.worstWait,
    calls: s.calls.map((c) => ({ group: c.group, sinceMs: c.since, greenByMs: c.greenBy })),
  };
};

export const parseEvent = (junction: JunctionId, m: SignalEventMessage): Result<SignalEvent> =>
  isWhole(m.atMs)
    ? accept({ junction, at: instant(m.atMs), code: m.code, parameter: m.parameter })
    : malformed(`event ${String(m.code)} of ${junction}: at_ms`, m.atMs, 'whole milliseconds');

export const encodeEvent = (e: SignalEvent): SignalEventMessage => ({ atMs: e.at, code: e.code, parameter: e.parameter });

/** One byte per cabinet output. */
export const encodeHeads = (heads: readonly Lamp[]): Uint8Array => Uint8Array.from(heads, lamps.codeOf);

export const parseHeads = (bytes: Uint8Array): Result<readonly Lamp[]> => {
  const heads: Lamp[] = [];
  for (const [i, code] of bytes.entries()) {
    const lamp = lamps.nameOf(code);
    if (lamp === undefined) return refuse('malformed', `head ${String(i)} is ${String(code)}: expected a Lamp, 1…7`);
    heads.push(lamp);
  }
  return accept(heads);
};
