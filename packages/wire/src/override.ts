import { accept, instant, junctionId, stageId, type JunctionId, type Override, type Result } from '@songxanh/core';
import { sources } from './enums.ts';
import type { OverrideMessage, OverrideOutcomeMessage } from './messages.ts';
import { isWhole, malformed } from './parsing.ts';

export interface JunctionOverride {
  readonly junction: JunctionId;
  readonly override: Override;
}

/** How an override ended: expired, released or refused. */
export interface OverrideOutcome {
  readonly override: string;
  readonly junction: JunctionId;
  readonly outcome: 'expired' | 'released' | 'refused';
  readonly message: string;
}

const OUTCOMES = ['expired', 'released', 'refused'] as const;

const parseAction = (m: OverrideMessage): Override['action'] | undefined => {
  switch (m.action) {
    case 'hold':
      return { kind: 'hold' };
    case 'stage':
      return m.stage === undefined || m.stage === '' ? undefined : { kind: 'stage', stage: stageId(m.stage) };
    case 'planName':
      return m.planName === undefined || m.planName === '' ? undefined : { kind: 'plan', name: m.planName };
    case 'allRed':
      return { kind: 'all-red' };
    case 'flash':
      return { kind: 'flash' };
    case undefined:
      return undefined;
  }
};

export const parseOverride = (m: OverrideMessage): Result<JunctionOverride> => {
  if (m.id === '') return malformed('override: id', m.id, 'an id');
  if (m.junction === '') return malformed(`override ${m.id}: junction`, m.junction, 'the id of a junction');
  const source = sources.nameOf(m.source);
  if (source !== 'operator' && source !== 'manual' && source !== 'emergency-preemption' && source !== 'rail-preemption')
    return malformed(`override ${m.id}: source`, m.source, 'operator, manual, emergency or rail preemption');
  const action = parseAction(m);
  if (action === undefined) return malformed(`override ${m.id}: action`, m.action ?? null, 'hold, a stage, a plan, all-red or flash');
  if (!isWhole(m.expiresMs)) return malformed(`override ${m.id}: expires_ms`, m.expiresMs, 'whole milliseconds');
  const override = { id: m.id, source, action, reason: m.reason, by: m.by, expires: instant(m.expiresMs) };
  return accept({ junction: junctionId(m.junction), override });
};

const encodeAction = (action: Override['action']): Partial<OverrideMessage> => {
  switch (action.kind) {
    case 'hold':
      return { action: 'hold', hold: true };
    case 'stage':
      return { action: 'stage', stage: action.stage };
    case 'plan':
      return { action: 'planName', planName: action.name };
    case 'all-red':
      return { action: 'allRed', allRed: true };
    case 'flash':
      return { action: 'flash', flash: true };
  }
};

export const encodeOverride = ({ junction, override }: JunctionOverride): OverrideMessage => ({
  id: override.id,
  junction,
  source: sources.codeOf(override.source),
  ...encodeAction(override.action),
  reason: override.reason,
  by: override.by,
  expiresMs: override.expires,
});

export const parseOverrideOutcome = (m: OverrideOutcomeMessage): Result<OverrideOutcome> => {
  const outcome = OUTCOMES.find((o) => o === m.outcome);
  if (outcome === undefined) return malformed(`outcome of override ${m.override}`, m.outcome, OUTCOMES.join(', '));
  return accept({ override: m.override, junction: junctionId(m.junction), outcome, message: m.message });
};

export const encodeOverrideOutcome = (o: OverrideOutcome): OverrideOutcomeMessage => o;
