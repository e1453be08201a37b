import type { Site } from '@songxanh/core';
import type { Scenario } from '@songxanh/sumo-files';
import type { Planning } from './control-junctions.ts';

/** One run of the corridor in some simulator. */
export interface CorridorRun {
  readonly scenario: Scenario;
  readonly sites: readonly Site[];
  /** Absent: the controllers run their time-of-day plans. */
  readonly planning?: Planning;
  readonly seed: number;
  readonly beginS: number;
  readonly endS: number;
}
