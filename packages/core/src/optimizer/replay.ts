import type { Site } from '../intersection/site.ts';
import type { Decision, Planner, PlanningInput } from './planner.ts';

/** Everything a decision depended on beside the site: plain data that survives JSON. */
export type RecordedInput = Omit<PlanningInput, 'site'>;

export const recordInput = ({ now, signals, demand, planId }: PlanningInput): RecordedInput => ({ now, signals, demand, planId });

/** Decides again from a recorded input; the same planner gives the same decision. */
export const replay = (site: Site, recorded: RecordedInput, planner: Planner): Decision => planner({ site, ...recorded });
