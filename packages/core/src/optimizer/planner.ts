import type { Commitment, LampState } from '../controller/lamp.ts';
import type { JunctionDemand } from '../demand/demand.ts';
import type { JunctionId, MovementId, PlanId, StageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { StagePlan } from '../plan/stage-plan.ts';
import type { WaitingCall } from '../plan/validate-plan.ts';
import type { Instant } from '../time.ts';

/** The street as the planner may know it: what each group shows, the plan in force, and what was promised. */
export interface SignalView {
  readonly lamps: readonly LampState[];
  readonly plan: StagePlan;
  readonly commitments: readonly Commitment[];
  /** The controller's calls: it judges plans by them. Without them a planner presumes some from the traffic. */
  readonly calls?: readonly WaitingCall[];
}

export interface PlanningInput {
  readonly site: Site;
  readonly now: Instant;
  readonly signals: SignalView;
  readonly demand: JunctionDemand;
  /** The id a new plan shall carry. */
  readonly planId: PlanId;
}

export interface Alternative {
  readonly steps: readonly { readonly stage: StageId; readonly start: Instant }[];
  /** Predicted cost over the horizon, weighted person-seconds. */
  readonly cost: number;
}

/** Why the plan is what it is; from it the decision can be replayed. */
export interface DecisionRecord {
  readonly junction: JunctionId;
  readonly at: Instant;
  readonly method: string;
  /** One of: `extend`, `change`, `hold` (committed), `serve-red-cap`, … with the rule that bound, in stable codes. */
  readonly reason: string;
  readonly bindingRule?: string;
  readonly chosen: Alternative;
  /** The best few others, by cost. */
  readonly alternatives: readonly Alternative[];
  readonly seen: readonly { readonly movement: MovementId | string; readonly queuePcu: number; readonly arrivingPcu: number }[];
}

/** `plan` is undefined when the plan in force stays as it is. */
export interface Decision {
  readonly plan: StagePlan | undefined;
  readonly record: DecisionRecord;
}

/** Every method has this signature: fixed-time, max-pressure, adaptive, … */
export type Planner = (input: PlanningInput) => Decision;
