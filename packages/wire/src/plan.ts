import {
  accept,
  instant,
  junctionId,
  planId,
  stageId,
  type JunctionId,
  type PlanId,
  type PlanStep,
  type Refusal,
  type Result,
  type StagePlan,
} from '@songxanh/core';
import { sources } from './enums.ts';
import type { AnswerMessage, PlanMessage, PlanOutcomeMessage, PlanStepMessage, RefusalMessage } from './messages.ts';
import { isWhole, malformed, parseAll } from './parsing.ts';

const parseStep = (m: PlanStepMessage): Result<PlanStep> => {
  if (m.stage === '') return malformed('plan step: stage', m.stage, 'the id of a stage');
  if (!isWhole(m.startMs)) return malformed(`plan step ${m.stage}: start_ms`, m.startMs, 'whole milliseconds');
  return accept({ stage: stageId(m.stage), start: instant(m.startMs) });
};

/** Form only: whether a plan may run is `validatePlan`'s word, with the numbers. */
export const parsePlan = (m: PlanMessage): Result<StagePlan> => {
  if (m.id === '') return malformed('plan: id', m.id, 'an id');
  if (m.junction === '') return malformed(`plan ${m.id}: junction`, m.junction, 'the id of a junction');
  const source = sources.nameOf(m.source);
  if (source === undefined) return malformed(`plan ${m.id}: source`, m.source, 'a Source');
  if (!isWhole(m.madeAtMs)) return malformed(`plan ${m.id}: made_at_ms`, m.madeAtMs, 'whole milliseconds');
  if (!isWhole(m.untilMs)) return malformed(`plan ${m.id}: until_ms`, m.untilMs, 'whole milliseconds');
  const steps = parseAll(m.steps, parseStep);
  if (!steps.ok) return steps;
  return accept({
    id: planId(m.id),
    junction: junctionId(m.junction),
    source,
    madeAt: instant(m.madeAtMs),
    steps: steps.value,
    until: instant(m.untilMs),
  });
};

export const encodePlan = (plan: StagePlan): PlanMessage => ({
  id: plan.id,
  junction: plan.junction,
  source: sources.codeOf(plan.source),
  madeAtMs: plan.madeAt,
  steps: plan.steps.map((s) => ({ stage: s.stage, startMs: s.start })),
  untilMs: plan.until,
});

/** The optimizer's word on one report. */
export interface Answer {
  readonly junction: JunctionId;
  readonly sequence: number;
  readonly epoch: number;
  readonly word:
    | { readonly kind: 'unchanged' }
    | { readonly kind: 'plan'; readonly plan: StagePlan }
    /** Ask this process (host:port) instead: it owns the junction. */
    | { readonly kind: 'redirect'; readonly address: string };
}

export const parseAnswer = (m: AnswerMessage): Result<Answer> => {
  if (m.junction === '') return malformed('answer: junction', m.junction, 'the id of a junction');
  const head = { junction: junctionId(m.junction), sequence: m.sequence, epoch: m.epoch };
  if (m.redirect !== '') return accept({ ...head, word: { kind: 'redirect', address: m.redirect } });
  if (!isWhole(m.sequence) || m.sequence < 1) return malformed(`answer to ${m.junction}: sequence`, m.sequence, 'a whole number from 1');
  if (!isWhole(m.epoch)) return malformed(`answer to ${m.junction}: epoch`, m.epoch, 'a whole number below 2^53');
  if (m.plan === null) return accept({ ...head, word: { kind: 'unchanged' } });
  const plan = parsePlan(m.plan);
  return plan.ok ? accept({ ...head, word: { kind: 'plan', plan: plan.value } }) : plan;
};

export const encodeAnswer = (answer: Answer): AnswerMessage => ({
  junction: answer.junction,
  sequence: answer.sequence,
  epoch: answer.epoch,
  plan: answer.word.kind === 'plan' ? encodePlan(answer.word.plan) : null,
  redirect: answer.word.kind === 'redirect' ? answer.word.address : '',
});

export const parseRefusal = (m: RefusalMessage | null): Refusal | undefined =>
  m === null ? undefined : { ok: false, reason: m.reason, message: m.message };

export const encodeRefusal = (refusal: Refusal | undefined): RefusalMessage | null =>
  refusal === undefined ? null : { reason: refusal.reason, message: refusal.message };

/** The agent's word on one plan; `refusal` is undefined when it was taken up. */
export interface PlanOutcome {
  readonly plan: PlanId;
  readonly junction: JunctionId;
  readonly refusal: Refusal | undefined;
}

export const parsePlanOutcome = (m: PlanOutcomeMessage): Result<PlanOutcome> => {
  if (m.plan === '') return malformed('plan outcome: plan', m.plan, 'the id of a plan');
  if (m.junction === '') return malformed('plan outcome: junction', m.junction, 'the id of a junction');
  return accept({ plan: planId(m.plan), junction: junctionId(m.junction), refusal: parseRefusal(m.refusal) });
};

export const encodePlanOutcome = (o: PlanOutcome): PlanOutcomeMessage => ({
  plan: o.plan,
  junction: o.junction,
  refusal: encodeRefusal(o.refusal),
});
