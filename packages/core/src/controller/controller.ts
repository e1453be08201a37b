import type { DetectorActuation } from '../detection/actuation.ts';
import type { JunctionId, PlanId, SignalGroupId, StageId } from '../ids.ts';
import type { Source, StagePlan } from '../plan/stage-plan.ts';
import type { WaitingCall } from '../plan/validate-plan.ts';
import type { Refusal } from '../result.ts';
import type { Duration, Instant } from '../time.ts';
import type { Commitment, Lamp, LampState } from './lamp.ts';

/** What a person (on the street or in the control room) or a preemption asks for. It outranks plans and ends by itself at `expires`. */
export interface Override {
  readonly id: string;
  readonly source: 'manual' | 'operator' | 'emergency-preemption' | 'rail-preemption';
  readonly action:
    | { readonly kind: 'hold' }
    | { readonly kind: 'stage'; readonly stage: StageId }
    | { readonly kind: 'plan'; readonly name: string }
    | { readonly kind: 'all-red' }
    | { readonly kind: 'flash' };
  readonly reason: string;
  readonly by: string;
  readonly expires: Instant;
}

export interface ControllerInput {
  readonly now: Instant;
  readonly actuations: readonly DetectorActuation[];
  /** Plans that arrived since the last step, in order. */
  readonly plans: readonly StagePlan[];
  /** The overrides that are in force as far as the outside knows; the controller itself ends expired ones. */
  readonly overrides: readonly Override[];
  /** Detectors known to be failed: their `onFailure` recall applies. */
  readonly failedDetectors: readonly string[];
  /** The cabinet's conflict monitor has latched a fault: lamps flash until a person resets it. */
  readonly cabinetFault: boolean;
  /** False where the clock may be wrong: plans that are synchronised to it are not run then. Trusted when absent. */
  readonly clockTrusted?: boolean;
  /**
   * The regular steps, which bring what detectors saw, where this one or the last one may lie between two of them: the last one before `now`,
   * and the time between two. Absent: every step is regular.
   */
  readonly beat?: { readonly before: Instant; readonly every: Duration };
}

/** High-resolution event (Indiana/Purdue enumeration), 100 ms stamps. */
export interface SignalEvent {
  readonly junction: JunctionId;
  readonly at: Instant;
  readonly code: number;
  readonly parameter: number;
}

export type ControllerEffect =
  | { readonly kind: 'plan-accepted'; readonly plan: PlanId; readonly source: Source }
  | { readonly kind: 'plan-refused'; readonly plan: PlanId; readonly source: Source; readonly refusal: Refusal }
  | { readonly kind: 'source-changed'; readonly from: Source; readonly to: Source; readonly why: string }
  | { readonly kind: 'event'; readonly event: SignalEvent }
  /** Safety, preemption or manual control broke a promise: the display blanks. */
  | { readonly kind: 'commitment-broken'; readonly commitment: Commitment; readonly why: string };

/** What one group's display shows now: a number, or undefined when blank. */
export interface CountdownDisplay {
  readonly group: SignalGroupId;
  readonly number: number | undefined;
}

export type ControllerMode = 'start-up' | 'running' | 'night-flash' | 'flash-exit' | 'fault-flash';

/** What the outside may know of a controller after a step. */
export interface ControllerReport {
  readonly junction: JunctionId;
  readonly at: Instant;
  readonly mode: ControllerMode;
  readonly source: Source;
  /** Why this source is in charge, in a stable code, e.g. `plan-in-force`, `centre-silent`, `operator-override`. */
  readonly why: string;
  readonly lamps: readonly LampState[];
  /** Lamp of each cabinet output (head), by index. */
  readonly heads: readonly Lamp[];
  readonly countdowns: readonly CountdownDisplay[];
  readonly commitments: readonly Commitment[];
  readonly plan: StagePlan;
  readonly stage: StageId | undefined;
  /** Groups that wait for green, as plans are judged by them. */
  readonly calls: readonly WaitingCall[];
  /** Longest present red with a waiting call. */
  readonly worstWait: Duration;
}
