import type { Site } from '../intersection/site.ts';
import { arbitrate, mayBreakPromises, outranks, type Charge } from '../override/arbitrate.ts';
import { actuatedChange } from '../plan/actuated-plan.ts';
import { commitmentsAt, committedSteps, earliestRevisable } from '../plan/commitment.ts';
import { finishProjection, readyAt } from '../plan/interstage.ts';
import { programAt, type Program } from '../plan/schedule.ts';
import { ALL_RED, indexSite } from '../plan/site-index.ts';
import type { PlanStep, Source, StagePlan } from '../plan/stage-plan.ts';
import { continueSteps, defaultPlan } from '../plan/time-of-day-plan.ts';
import { lampIntervals, projectSteps } from '../plan/timeline.ts';
import { splitAtNow, validatePlan } from '../plan/validate-plan.ts';
import { refuse, type Refusal } from '../result.ts';
import { NEVER, seconds, type Instant } from '../time.ts';
import { updateCalls } from './calls.ts';
import type { ControllerEffect, ControllerInput, ControllerMode } from './controller.ts';
import { flashLamps, planInForce, waitingCalls, type ControllerState } from './controller-state.ts';
import { callEvents, detectorEvents, EVENT, FLASH_STATUS, lampEvents } from './events.ts';
import { isGreen, type LampState } from './lamp.ts';
import { guardRedCaps } from './red-cap.ts';

/** How far ahead changes are decided where no full display needs more: beyond a tail display, ms. */
const LOOK_AHEAD = seconds(30);

/** One step on its way: the state so far and what has come of it. */
interface Turn {
  readonly site: Site;
  readonly input: ControllerInput;
  /** The state before the step. */
  readonly was: ControllerState;
  readonly state: ControllerState;
  /** What the schedule wants now. */
  readonly program: Program;
  readonly charge: Charge;
  readonly extended: readonly boolean[];
  readonly effects: ControllerEffect[];
}

type Pass = (turn: Turn) => Turn;

const withState = (turn: Turn, change: Partial<ControllerState>): Turn => ({ ...turn, state: { ...turn.state, ...change } });

const emit = (turn: Turn, code: number, parameter: number): void => {
  turn.effects.push({ kind: 'event', event: { junction: turn.site.id, at: turn.input.now, code, parameter } });
};

const action = (charge: Charge): string => charge.override?.action.kind ?? (charge.why === 'night-flash' ? 'flash' : 'none');

/** Detectors and calls. */
const hear: Pass = (turn) => {
  const { site, input, state } = turn;
  const { extended, ...calls } = updateCalls(site, state.calls, state.lamps, { ...input, before: input.beat?.before ?? state.now });
  for (const event of [...detectorEvents(site, input.actuations), ...callEvents(site, input.now, state.calls.calls, calls.calls)])
    turn.effects.push({ kind: 'event', event });
  return { ...withState(turn, { calls }), extended };
};

const chargeOf = (turn: Turn): Charge => {
  const { site, input, state, program } = turn;
  const { mode } = state;
  return arbitrate({
    now: input.now,
    cabinetFault: input.cabinetFault,
    entering: mode === 'start-up' || mode === 'flash-exit' ? mode : undefined,
    overrides: input.overrides,
    program,
    clockTrusted: input.clockTrusted ?? true,
    planUntil: state.accepted?.until,
    runnable: indexSite(site).sequence.length > 0,
  });
};

const decideCharge: Pass = (turn) => ({ ...turn, charge: chargeOf(turn) });

const enterFlash = (turn: Turn, mode: ControllerMode, status: number): Turn => {
  for (const commitment of turn.state.promises) turn.effects.push({ kind: 'commitment-broken', commitment, why: turn.charge.why });
  emit(turn, EVENT.flashStatus, status);
  const { now } = turn.input;
  return withState(turn, { mode, modeSince: now, lamps: flashLamps(turn.site, now), steps: [], promises: [], blanked: [], guards: [] });
};

/** All-red, then the first stage. */
const beginStages = (turn: Turn, mode: ControllerMode): Turn => {
  const { site, input } = turn;
  const index = indexSite(site);
  const { allRed, stage } = site.startUp;
  const first = index.stages.has(stage) ? stage : index.sequence[0]!;
  const steps = [
    { stage: ALL_RED, start: input.now },
    { stage: first, start: (input.now + Math.max(allRed, 1000)) as Instant },
  ];
  const lamps = site.groups.map(({ id }): LampState => ({ group: id, lamp: 'red', since: input.now }));
  emit(turn, EVENT.flashStatus, FLASH_STATUS.notFlash);
  return withState(turn, { mode, modeSince: input.now, lamps, steps, promises: [], blanked: [] });
};

/** Entry to and exit from flash, start-up. */
const changeMode: Pass = (turn) => {
  const { state, input, site, charge } = turn;
  const { mode } = state;
  if (input.cabinetFault) return mode === 'fault-flash' ? turn : enterFlash(turn, 'fault-flash', FLASH_STATUS.faultMonitor);
  if (charge.why === 'nothing-can-run') return turn;
  if (mode === 'fault-flash') return beginStages(turn, 'flash-exit');
  if (mode === 'night-flash') return action(charge) === 'flash' ? turn : beginStages(turn, 'flash-exit');
  if (mode === 'start-up' && state.steps.length === 0)
    return input.now - state.modeSince >= site.startUp.flash ? beginStages(turn, 'start-up') : turn;
  if (mode === 'running' && action(charge) === 'flash' && state.steps[0]?.stage === ALL_RED) {
    const clear = state.lamps.every(({ lamp, since }) => lamp === 'red' && input.now - since >= site.startUp.allRed);
    return clear ? enterFlash(turn, 'night-flash', FLASH_STATUS.automatic) : turn;
  }
  return turn;
};

/** The first instant free of promises; manual control and preemption take the next one. */
const firstFree = (turn: Turn): Instant => {
  const { site, input, state, charge } = turn;
  return mayBreakPromises(charge.source)
    ? input.now
    : earliestRevisable(site, input.now, { lamps: state.lamps, commitments: state.promises });
};

const keptSteps = (turn: Turn, from: Instant): readonly PlanStep[] =>
  mayBreakPromises(turn.charge.source) ? turn.state.steps.slice(0, 1) : committedSteps(planInForce(turn.state), from);

/** The kept steps and then this stage, as soon as promises and minimum times allow. */
const thenStage = (turn: Turn, stage: PlanStep['stage']): readonly PlanStep[] => {
  const { site, input, state } = turn;
  const from = firstFree(turn);
  const kept = keptSteps(turn, from);
  const mask = indexSite(site).stages.get(stage);
  if (mask === undefined || kept.at(-1)?.stage === stage) return kept;
  const { projection } = projectSteps(site, input.now, state.lamps, kept);
  return [...kept, { stage, start: Math.max(from, readyAt(projection, mask)) as Instant }];
};

/** When somebody else takes charge: what they want replaces all that was not promised. */
const followCharge: Pass = (turn) => {
  const { state, charge } = turn;
  if (state.mode !== 'running') return turn;
  const wanted = action(charge);
  const chargeKey = wanted === 'none' ? '' : JSON.stringify([charge.override?.id, charge.override?.action ?? wanted]);
  if (chargeKey === state.chargeKey) return turn;
  const stage = charge.override?.action.kind === 'stage' ? charge.override.action.stage : ALL_RED;
  const asleep = wanted === 'flash' && state.steps.at(-1)?.stage === ALL_RED && !mayBreakPromises(charge.source);
  const steps = asleep
    ? state.steps
    : wanted === 'stage' || wanted === 'all-red' || wanted === 'flash'
      ? thenStage(turn, stage)
      : keptSteps(turn, firstFree(turn));
  // A plan that was interrupted is not taken up again.
  const accepted = state.accepted === null ? null : { ...state.accepted, until: Math.min(state.accepted.until, turn.input.now) as Instant };
  const next = withState(turn, { steps, chargeKey, accepted, termination: 'force-off' });
  return { ...next, charge: chargeOf(next) };
};

/**
 * Puts new changes on instants at which the controller will step, if it goes on as it does: a change between two steps would come
 * later than its display promises.
 */
const onRhythm = ({ input, was, state }: Turn, steps: readonly PlanStep[]): readonly PlanStep[] => {
  const { before, every } = input.beat ?? { before: was.now, every: input.now - was.now };
  if (every <= 0 || every > 1000) return steps;
  const known = new Set(state.steps.map(({ stage, start }) => `${stage} ${String(start)}`));
  return steps.map((one) => {
    if (!(one.start > input.now) || known.has(`${one.stage} ${String(one.start)}`)) return one;
    return { stage: one.stage, start: (before + Math.ceil((one.start - before) / every) * every) as Instant };
  });
};

const FROM_OUTSIDE: readonly Source[] = ['optimizer', 'time-of-day', 'actuated'];

const refusalOf = (turn: Turn, plan: StagePlan): Refusal | undefined => {
  const { site, input, state, charge } = turn;
  if (!FROM_OUTSIDE.includes(plan.source)) return refuse('wrong-source', `no plan may come as ${plan.source}`);
  if (site.mode !== 'control') return refuse('not-in-control', `${site.id} is in mode ${site.mode}`);
  if (state.mode !== 'running') return refuse('not-running', `${site.id} is in ${state.mode}`);
  if (charge.override !== undefined || charge.source === 'flash')
    return refuse('outranked', `${charge.source} is in charge (${charge.why})`);
  const { accepted } = state;
  if (accepted !== null && accepted.until > input.now && outranks(accepted.source, plan.source))
    return refuse('outranked', `a plan by ${accepted.source} runs for another ${String((accepted.until - input.now) / 1000)} s`);
  if (plan.until <= input.now) return refuse('expired', `plan ended ${String((input.now - plan.until) / 1000)} s ago`);
  const view = {
    now: input.now,
    lamps: state.lamps,
    commitments: state.promises,
    plan: planInForce(state),
    calls: waitingCalls(site, state),
  };
  const valid = validatePlan(site, view, plan);
  return valid.ok ? undefined : valid;
};

/** Plans from outside, each judged against what is in force after the one before it. */
const takePlans: Pass = (turn) => {
  let next = turn;
  for (const offered of turn.input.plans) {
    const plan = { ...offered, steps: onRhythm(next, offered.steps) };
    const refusal = refusalOf(next, plan);
    if (refusal !== undefined) {
      next.effects.push({ kind: 'plan-refused', plan: plan.id, source: plan.source, refusal });
      continue;
    }
    const split = splitAtNow(plan, { now: turn.input.now, plan: planInForce(next.state) });
    if ('ok' in split) continue;
    const { id, source, madeAt, until } = plan;
    next.effects.push({ kind: 'plan-accepted', plan: id, source });
    next = withState(next, { steps: [...split.past, ...split.coming], accepted: { id, source, madeAt, until }, termination: 'force-off' });
  }
  return { ...next, charge: chargeOf(next) };
};

/** Keeps decided what promises and displays will need: behind a plan the time-of-day splits, or the next change of local actuation. */
const lookAhead: Pass = (turn) => {
  const { site, input, state, charge, extended, program } = turn;
  const wanted = action(charge);
  if (state.steps.length === 0 || (wanted !== 'none' && wanted !== 'plan')) return turn;
  const named = charge.override?.action.kind === 'plan' ? charge.override.action.name : undefined;
  const plan = site.plans.find((candidate) => candidate.name === named);
  const full = site.groups.some(({ countdown }) => countdown.green === 'full' || countdown.red === 'full');
  const from = firstFree(turn);

  if (plan === undefined && !full && (charge.source === 'actuated' || program === 'actuated')) {
    const decided = state.steps.length > 1 || charge.source !== 'actuated';
    const called = state.calls.calls.map((call) => call !== null);
    const change = decided ? undefined : actuatedChange(site, input.now, state.lamps, state.steps, { called, extended }, from);
    return change === undefined ? turn : withState(turn, { steps: [...state.steps, change.step], termination: change.reason });
  }

  const running = plan ?? (typeof program === 'string' ? defaultPlan(site) : program);
  const tail = Math.max(0, ...site.groups.map(({ countdown }) => countdown.tail));
  const until = (input.now + (full ? 2 * running.cycle : LOOK_AHEAD + tail)) as Instant;
  if (state.steps.at(-1)!.start >= until) return turn;
  const behind = Math.max(from, charge.source === 'optimizer' ? (state.accepted?.until ?? 0) : 0) as Instant;
  const steps = continueSteps(site, input.now, state.lamps, state.steps, { from: behind, until, ...(plan === undefined ? {} : { plan }) });
  return withState(turn, { steps: onRhythm(turn, steps) });
};

/** Nobody waits beyond the cap, whoever plans; a person in charge answers for it. */
const guard: Pass = (turn) => {
  const { site, input, state, charge } = turn;
  if (state.mode !== 'running' || action(charge) !== 'none') return turn;
  const guarded = guardRedCaps(site, input.now, state, firstFree(turn));
  return guarded === undefined ? turn : lookAhead(withState(turn, guarded));
};

const sameInterval = (a: LampState, b: LampState): boolean => (isGreen(a.lamp) && isGreen(b.lamp)) || a.lamp === b.lamp;

/** Shows what the plan in force has for now, and promises what the displays show of it. */
const execute: Pass = (turn) => {
  const { site, input, was, state, charge } = turn;
  if (state.steps.length === 0) return turn;
  const { now } = input;
  const { projection, steps } = projectSteps(site, now, state.lamps, state.steps);
  const timeline = lampIntervals(projection.index, now, state.lamps, finishProjection(projection), NEVER);

  const lamps = state.lamps.map((before): LampState => {
    const current = timeline.get(before.group)?.find((interval) => interval.to > now);
    const after: LampState = { group: before.group, lamp: current?.lamp ?? 'red', since: now };
    if (sameInterval(before, after)) return { ...before, lamp: after.lamp };
    const ended = before.lamp === 'clearance' ? before.since : before.ended;
    return after.lamp === 'red' && ended !== undefined ? { ...after, ended } : after;
  });
  for (const event of lampEvents(site, was.now, now, was.lamps, lamps, state.termination)) turn.effects.push({ kind: 'event', event });

  const late = now - was.now;
  const changed = new Set(lamps.flatMap((after, g) => (sameInterval(state.lamps[g]!, after) ? [] : [after.group])));
  const blanked = new Set(state.blanked.filter((group) => !changed.has(group)));
  const offered = commitmentsAt(site, timeline, now);
  for (const promise of state.promises) {
    const kept = changed.has(promise.group)
      ? now >= promise.at
      : offered.some(({ group, at }) => group === promise.group && at >= promise.at && at - promise.at <= late);
    if (kept) continue;
    turn.effects.push({ kind: 'commitment-broken', commitment: promise, why: charge.override === undefined ? 'late-step' : charge.why });
    if (!changed.has(promise.group)) blanked.add(promise.group);
  }
  // A tail that was not announced in time is not shown at all: the number would jump in from nowhere.
  const promised = new Set(state.promises.map(({ group }) => group));
  for (const { group, at, change } of offered) {
    const { countdown } = site.groups[projection.index.groupAt.get(group)!]!;
    const kind = change === 'end-of-green' ? countdown.green : countdown.red;
    if (kind === 'tail' && !promised.has(group) && !changed.has(group) && at - now < countdown.tail - late) blanked.add(group);
  }

  const running = steps.findLastIndex((step) => step.start <= now);
  return withState(turn, {
    lamps,
    steps: steps.slice(Math.max(0, running)),
    promises: offered.filter(({ group }) => !blanked.has(group)),
    blanked: [...blanked],
    guards: state.guards.filter(({ group }) => lamps.some((lamp) => lamp.group === group && !isGreen(lamp.lamp))),
    mode:
      (state.mode === 'start-up' || state.mode === 'flash-exit') && steps[Math.max(0, running)]?.stage !== ALL_RED ? 'running' : state.mode,
  });
};

/** Pattern number of `patternChange`: position of the time-of-day plan + 1, 253 optimizer, 254 free, 255 flash (NTCIP 1202 coordPatternStatus). */
const patternOf = ({ site, program }: Turn, charge: Charge): number => {
  if (charge.source === 'optimizer') return 253;
  if (charge.source === 'flash') return 255;
  return typeof program === 'string' || charge.source !== 'time-of-day' ? 254 : site.plans.indexOf(program) + 1;
};

/** Tells of a change of source. */
const announce: Pass = (turn) => {
  const { was, input } = turn;
  const charge = chargeOf(turn);
  if (charge.source !== was.source) {
    turn.effects.push({ kind: 'source-changed', from: was.source, to: charge.source, why: charge.why });
    emit(turn, EVENT.patternChange, patternOf(turn, charge));
    if (charge.source === 'manual' || was.source === 'manual') emit(turn, EVENT.manualControl, charge.source === 'manual' ? 1 : 0);
    const preempts = (source: Source): boolean => source === 'rail-preemption' || source === 'emergency-preemption';
    if (preempts(charge.source) !== preempts(was.source)) emit(turn, preempts(charge.source) ? EVENT.preemptionOn : EVENT.preemptionOff, 1);
  }
  return withState(turn, { source: charge.source, why: charge.why, now: input.now });
};

const PASSES: readonly Pass[] = [
  hear,
  decideCharge,
  changeMode,
  decideCharge,
  followCharge,
  takePlans,
  lookAhead,
  guard,
  execute,
  announce,
];

/**
 * One step of a junction's controller: from what it knew and what it now hears to what its lamps show from `input.now` on.
 * Safe at any interval between steps; a step from the past changes nothing.
 */
export const step = (
  site: Site,
  state: ControllerState,
  input: ControllerInput,
): { readonly state: ControllerState; readonly effects: readonly ControllerEffect[] } => {
  if (input.now < state.now) return { state, effects: [] };
  const charge: Charge = { source: state.source, why: state.why };
  let turn: Turn = { site, input, was: state, state, program: programAt(site, input.now), charge, extended: [], effects: [] };
  for (const pass of PASSES) turn = pass(turn);
  return { state: turn.state, effects: turn.effects };
};

export { reportController, startController } from './controller-state.ts';
