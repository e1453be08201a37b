import type { PlanId, SignalGroupId, StageId } from '../ids.ts';
import { planId } from '../ids.ts';
import type { JunctionId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { indexSite } from '../plan/site-index.ts';
import type { PlanStep, Source, StagePlan } from '../plan/stage-plan.ts';
import type { WaitingCall } from '../plan/validate-plan.ts';
import { NEVER, ZERO, type Duration, type Instant } from '../time.ts';
import { NO_CALLS, type CallState } from './calls.ts';
import type { ControllerMode, ControllerReport } from './controller.ts';
import { countdowns } from './countdown.ts';
import type { Termination } from './events.ts';
import type { Commitment, Lamp, LampState } from './lamp.ts';

/** A plan that came from outside and was taken. */
export interface AcceptedPlan {
  readonly id: PlanId;
  readonly source: Source;
  readonly madeAt: Instant;
  readonly until: Instant;
}

/** Everything a controller knows between two steps: plain immutable data that survives JSON. */
export interface ControllerState {
  readonly junction: JunctionId;
  readonly now: Instant;
  readonly mode: ControllerMode;
  readonly modeSince: Instant;
  /** In the order of `site.groups`. */
  readonly lamps: readonly LampState[];
  /** The stage that runs, then the changes decided so far; empty while flashing. */
  readonly steps: readonly PlanStep[];
  readonly accepted: AcceptedPlan | null;
  readonly source: Source;
  readonly why: string;
  /** What makes the present charge different from the last one: an override and its action. */
  readonly chargeKey: string;
  /** Changes the displays show. */
  readonly promises: readonly Commitment[];
  /** Displays that stay blank until their group changes, because a promise was broken. */
  readonly blanked: readonly SignalGroupId[];
  readonly calls: CallState;
  /** Groups past their red cap or near it, and when the stage put in for them turns them green. */
  readonly guards: readonly { readonly group: SignalGroupId; readonly by: Instant }[];
  readonly termination: Termination;
}

export const flashLamps = (site: Site, now: Instant): readonly LampState[] =>
  site.groups.map(({ id }) => ({ group: id, lamp: site.flashYellow.includes(id) ? 'flash-yellow' : 'flash-red', since: now }));

/** A controller that has just been switched on: it flashes, clears the junction with all-red and begins with the first stage. */
export const startController = (site: Site, now: Instant): ControllerState => ({
  junction: site.id,
  now,
  mode: 'start-up',
  modeSince: now,
  lamps: flashLamps(site, now),
  steps: [],
  accepted: null,
  source: 'safety',
  why: 'start-up',
  chargeKey: '',
  promises: [],
  blanked: [],
  calls: NO_CALLS(site),
  guards: [],
  termination: 'force-off',
});

/** The plan in force: what runs, what is decided, and how far the plan from outside reaches. */
export const planInForce = (state: ControllerState): StagePlan => {
  const taken = state.source === 'optimizer' ? state.accepted : null;
  const last = state.steps.at(-1)?.start ?? state.now;
  return {
    id: taken?.id ?? planId(state.source),
    junction: state.junction,
    source: state.source,
    madeAt: taken?.madeAt ?? state.steps[0]?.start ?? state.now,
    steps: state.steps,
    until: Math.max(last, state.now, taken?.until ?? 0) as Instant,
  };
};

/** Groups with a call that are not green, and until when they may be kept waiting. */
export const waitingCalls = (site: Site, state: ControllerState): readonly WaitingCall[] => {
  const index = indexSite(site);
  return site.groups.flatMap((group, g): readonly WaitingCall[] => {
    const call = state.calls.calls[g] ?? null;
    const { lamp, since } = state.lamps[g]!;
    if (call === null || (lamp !== 'red' && lamp !== 'clearance')) return [];
    const served = [...index.stages.values()].some((mask) => mask[g] === 1);
    const redFrom = lamp === 'red' ? since : since + index.clearance[g]!;
    const guard = state.guards.find((entry) => entry.group === group.id)?.by ?? 0;
    return [{ group: group.id, since: call.since, greenBy: (served ? Math.max(redFrom + group.redCap, guard) : NEVER) as Instant }];
  });
};

const headLamps = (site: Site, lamps: readonly LampState[]): readonly Lamp[] => {
  const heads: Lamp[] = Array.from({ length: site.headCount }, () => 'dark');
  site.groups.forEach((group, g) => {
    for (const head of group.heads) heads[head] = lamps[g]!.lamp;
  });
  return heads;
};

const worstWait = (state: ControllerState): Duration =>
  state.lamps.reduce<Duration>((worst, { lamp, since }, g) => {
    const waits = lamp === 'red' && (state.calls.calls[g] ?? null) !== null;
    return waits ? (Math.max(worst, state.now - since) as Duration) : worst;
  }, ZERO);

/** What the outside may know after a step. */
export const reportController = (site: Site, state: ControllerState): ControllerReport => {
  const stage: StageId | undefined = state.steps[0]?.stage;
  return {
    junction: state.junction,
    at: state.now,
    mode: state.mode,
    source: state.source,
    why: state.why,
    lamps: state.lamps,
    heads: headLamps(site, state.lamps),
    countdowns: countdowns(site, state.promises, state.now),
    commitments: state.promises,
    plan: planInForce(state),
    stage,
    calls: waitingCalls(site, state),
    worstWait: worstWait(state),
  };
};
