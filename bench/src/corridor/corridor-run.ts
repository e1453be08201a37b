import type { Planner, Site } from '@songxanh/core';
import type { Scenario } from '@songxanh/sumo-files';

/** One run of the corridor in some simulator. */
export interface CorridorRun {
  readonly scenario: Scenario;
  readonly sites: readonly Site[];
  /** Absent: the controllers run their time-of-day plans. */
  readonly planner?: () => Planner;
  readonly seed: number;
  readonly beginS: number;
  readonly endS: number;
}
