import type { Planner, Site } from '@songxanh/core';
import type { Kpis } from '@songxanh/micro';
import type { CorridorRun } from './corridor-run.ts';
import { simulateMicro } from './micro-run.ts';

export interface MicroRun extends Omit<CorridorRun, 'planning'> {
  /** Absent: the controllers run their time-of-day plans. */
  readonly planner?: (site: Site) => Planner;
}

/** The simulator's own figures at the end of a run under a planner with loops only. */
export const runMicro = ({ planner, ...run }: MicroRun): Kpis =>
  simulateMicro({ ...run, ...(planner ? { planning: { planner, sensing: 'detectors' } } : {}) }).kpis();
