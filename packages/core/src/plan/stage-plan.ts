import type { JunctionId, PlanId, StageId } from '../ids.ts';
import type { Instant } from '../time.ts';

/** Who may decide what a junction shows; the highest in charge wins (see override/arbitrate.ts). */
export type Source =
  'safety' | 'rail-preemption' | 'manual' | 'emergency-preemption' | 'operator' | 'optimizer' | 'time-of-day' | 'actuated' | 'flash';

/** At `start` the change to `stage` begins: the first group that loses right of way ends its green no earlier than this. */
export interface PlanStep {
  readonly stage: StageId;
  readonly start: Instant;
}

/**
 * What a junction is to show from now on. The first step is the stage that runs (or is being entered) now, with the start it really had;
 * the others follow in ascending order of `start`. Everything up to the commitment horizon of each group must agree with what the street was
 * promised; the rest may be revised by the next plan. The last step's stage runs until `until`, then the controller extends by itself.
 */
export interface StagePlan {
  readonly id: PlanId;
  readonly junction: JunctionId;
  readonly source: Source;
  readonly madeAt: Instant;
  readonly steps: readonly PlanStep[];
  readonly until: Instant;
}
