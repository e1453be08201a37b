import type { Planner } from './planner.ts';
import { seenDemand } from './search-lanes.ts';

/** Leaves the junction to its own time-of-day plan, which the controller runs whenever no plan of the optimizer is in force. */
export function fixedTimePlanner(): Planner {
  return ({ site, now, signals, demand }) => ({
    plan: undefined,
    record: {
      junction: site.id,
      at: now,
      method: 'fixed-time',
      reason: 'time-of-day',
      chosen: { steps: signals.plan.steps.filter((step) => step.start > now), cost: 0 },
      alternatives: [],
      seen: seenDemand(demand, now),
    },
  });
}
