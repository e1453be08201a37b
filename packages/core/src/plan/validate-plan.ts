import { isGreen, type Commitment, type LampState } from '../controller/lamp.ts';
import type { SignalGroupId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { accept, refuse, type Refusal, type Result } from '../result.ts';
import { NEVER, type Instant } from '../time.ts';
import { checkGreens } from './check-greens.ts';
import { displayKind, earliestRevisable } from './commitment.ts';
import { beginProjection, changeStage, finishProjection } from './interstage.ts';
import { indexSite, NO_CONFLICT, type SiteIndex } from './site-index.ts';
import type { PlanStep, StagePlan } from './stage-plan.ts';
import { lampIntervals, orderLamps, type Timeline } from './timeline.ts';

/** Longest plan, ms: whatever asks for more is a mistake. */
const LONGEST_PLAN_MS = 3_600_000;
const MOST_STEPS = 500;

/** A group that waits for green. */
export interface WaitingCall {
  readonly group: SignalGroupId;
  /** When its call was registered. */
  readonly since: Instant;
  /** When its red cap, or the controller's promise to keep it, runs out; NEVER where no plan can be blamed. */
  readonly greenBy: Instant;
}

/** The street a plan is to run on. */
export interface PlanView {
  readonly now: Instant;
  readonly lamps: readonly LampState[];
  readonly commitments: readonly Commitment[];
  /** The plan in force; its first step is the stage that runs. */
  readonly plan: StagePlan;
  /** Without it no maximum green and no red cap is checked. */
  readonly calls?: readonly WaitingCall[];
}

const s = (ms: number): string => `${String(Math.round(ms / 100) / 10)} s`;

const checkForm = (site: Site, index: SiteIndex, plan: StagePlan, now: Instant): Refusal | undefined => {
  const { steps, until } = plan;
  if (plan.junction !== site.id) return refuse('wrong-junction', `plan is for ${plan.junction}, this is ${site.id}`);
  if (steps.length === 0) return refuse('empty-plan', 'a plan needs at least the stage that runs');
  if (steps.length > MOST_STEPS) return refuse('too-many-steps', `${String(steps.length)} steps, at most ${String(MOST_STEPS)}`);
  let last = -Infinity;
  let from = steps[0]!.stage;
  for (const { stage, start } of steps) {
    if (!Number.isSafeInteger(start)) return refuse('bad-instant', `start of ${stage} is ${String(start)}, expected whole milliseconds`);
    if (start <= last) return refuse('order-of-starts', `${stage} starts ${s(last - start)} before the step it follows`);
    const bad = index.badStages.get(stage);
    if (bad !== undefined) return refuse('conflicting-greens', `stage ${stage} has ${bad[0]} and ${bad[1]} green together`);
    if (!index.stages.has(stage)) return refuse('unknown-stage', `${site.id} has no stage ${stage}`);
    if (start > now && stage !== from && site.stageOrder !== 'free') {
      const successor = index.successor.get(stage);
      const fixed = site.stageOrder === 'fixed' && index.successor.has(from) && index.successor.get(from) !== stage;
      if (successor === undefined || fixed)
        return refuse('stage-order', `${stage} may not follow ${from} where the order is ${site.stageOrder}`);
    }
    last = start;
    from = stage;
  }
  if (!Number.isSafeInteger(until) || until < last) return refuse('bad-until', `plan ends ${s(last - until)} before its last stage starts`);
  if (until > now + LONGEST_PLAN_MS) return refuse('too-long', `plan reaches ${s(until - now)} ahead, at most ${s(LONGEST_PLAN_MS)}`);
  return undefined;
};

/** Splits the plan into what runs already (as the plan in force has it) and what is still to come. */
export const splitAtNow = (
  plan: StagePlan,
  view: Pick<PlanView, 'now' | 'plan'>,
): { past: readonly PlanStep[]; coming: readonly PlanStep[] } | Refusal => {
  const { now } = view;
  const [running, ...rest] = view.plan.steps;
  const past = running === undefined ? [] : [running, ...rest.filter((step) => step.start < now)];
  const first = plan.steps.findIndex((step) => step.start >= now && !(step.stage === running?.stage && step.start === running.start));
  const coming = first < 0 ? [] : plan.steps.slice(first);
  const before = first < 0 ? plan.steps.at(-1) : plan.steps[first - 1];
  const inForce = past.at(-1);
  if (before !== undefined && inForce !== undefined && before.stage !== inForce.stage)
    return refuse('past-start', `${before.stage} would have started ${s(now - before.start)} ago, but ${inForce.stage} runs`);
  return { past, coming };
};

/** First change of each group in the plan, NEVER where the plan has none. */
const firstChange = (greens: readonly number[], green: boolean): number => greens[green ? 1 : 0] ?? NEVER;

const checkPromises = (
  site: Site,
  index: SiteIndex,
  view: PlanView,
  greens: readonly (readonly number[])[],
  lamps: readonly LampState[],
): Refusal | undefined => {
  const promised = new Set<number>();
  for (const { group, at, change } of view.commitments) {
    const g = index.groupAt.get(group);
    if (g === undefined) continue;
    promised.add(g);
    const planned = firstChange(greens[g]!, change === 'end-of-green');
    if (planned !== at)
      return refuse(
        'commitment-broken',
        `${group} was promised ${change} in ${s(at - view.now)}, the plan has ${planned >= NEVER ? 'none' : `it in ${s(planned - view.now)}`}`,
      );
  }
  for (let g = 0; g < index.size; g++) {
    const group = site.groups[g]!;
    const state = lamps[g]!;
    if (promised.has(g) || displayKind(group, state.lamp) !== 'tail' || state.since >= view.now) continue;
    const planned = firstChange(greens[g]!, isGreen(state.lamp));
    if (planned - view.now < group.countdown.tail)
      return refuse(
        'tail-not-announced',
        `${group.id} would change in ${s(planned - view.now)}, its display must say so ${s(group.countdown.tail)} before`,
      );
  }
  return undefined;
};

/** Red caps, and maximum greens against the calls that wait. */
const checkCalls = (
  site: Site,
  index: SiteIndex,
  view: PlanView,
  greens: readonly (readonly number[])[],
  until: Instant,
  calls: readonly WaitingCall[],
): Refusal | undefined => {
  // What is already too late may end at the first chance the promises leave.
  const firstChance = earliestRevisable(site, view.now, view) + index.longestIntergreen;
  for (const call of calls) {
    const c = index.groupAt.get(call.group);
    if (c === undefined) continue;
    const served = firstChange(greens[c]!, false);
    if (served > call.greenBy && call.greenBy <= until)
      return refuse(
        'red-cap',
        `${call.group} must be green within ${s(call.greenBy - view.now)}, the plan serves it ${served >= NEVER ? 'never' : `in ${s(served - view.now)}`}`,
      );
    for (let g = 0; g < index.size; g++) {
      if (index.intergreen[g * index.size + c] === NO_CONFLICT || index.hard[g * index.size + c] === 0) continue;
      const [from, to] = [greens[g]![0], greens[g]![1] ?? NEVER];
      if (from === undefined || from > served) continue;
      const longest = site.groups[g]!.maxGreen;
      const limit = Math.max(Math.max(from, call.since) + longest, firstChance);
      if (Math.min(to, until, served) > limit)
        return refuse(
          'long-green',
          `${index.ids[g]!}: green ${s(Math.min(to, until) - from)} while ${call.group} waits, at most ${s(longest)}`,
        );
    }
  }
  return undefined;
};

/** The greens the plan would give, or why it may not run here from now. */
const judge = (
  site: Site,
  view: PlanView,
  plan: StagePlan,
): Result<{ readonly greens: readonly (readonly number[])[]; readonly lamps: readonly LampState[] }> => {
  const index = indexSite(site);
  const form = checkForm(site, index, plan, view.now);
  if (form !== undefined) return form;
  const split = splitAtNow(plan, view);
  if ('ok' in split) return split;

  const lamps = orderLamps(site, view.lamps);
  const projection = beginProjection(index, view.now, lamps);
  const history = { now: view.now, ended: projection.ended.slice(), redFrom: projection.since.slice() };
  for (const step of split.past) changeStage(projection, index.stages.get(step.stage)!, step.start, true);
  for (const step of split.coming) changeStage(projection, index.stages.get(step.stage)!, step.start, false);
  const greens = finishProjection(projection);

  const { skipped } = projection;
  if (skipped !== undefined)
    return refuse(
      'short-green',
      `${index.ids[skipped.group]!}: the next change begins at ${s(skipped.at - view.now)}, its green only at ${s(skipped.due - view.now)}`,
    );
  const refusal =
    checkGreens(index, greens, history) ??
    checkPromises(site, index, view, greens, lamps) ??
    (view.calls === undefined ? undefined : checkCalls(site, index, view, greens, plan.until, view.calls));
  return refusal ?? accept({ greens, lamps });
};

/** May this plan run here from now? Refuses with the numbers; otherwise what every group would show until the plan ends. */
export const validatePlan = (site: Site, view: PlanView, plan: StagePlan): Result<Timeline> => {
  const judged = judge(site, view, plan);
  return judged.ok ? accept(lampIntervals(indexSite(site), view.now, judged.value.lamps, judged.value.greens, plan.until)) : judged;
};

/** `validatePlan` without the timeline: for a planner that asks about many plans. */
export const findBreach = (site: Site, view: PlanView, plan: StagePlan): Refusal | undefined => {
  const judged = judge(site, view, plan);
  return judged.ok ? undefined : judged;
};
