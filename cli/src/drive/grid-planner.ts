import {
  after,
  before,
  findBreach,
  seconds,
  type Decision,
  type Instant,
  type Planner,
  type PlanningInput,
  type StagePlan,
} from '@songxanh/core';

/** Any planner, held to a grid of decisions as in the RESCO benchmark: every `stepS` seconds it either keeps the stage or changes it at once. */
export const gridPlanner = (planner: Planner, begin: Instant, stepS: number): Planner => {
  const gridStep = seconds(stepS);
  return (input) => {
    if ((input.now - begin) % gridStep !== 0) return offGrid(input);
    const decision = planner(input);
    const running = input.signals.plan.steps.filter(({ start }) => start < input.now).at(-1) ?? input.signals.plan.steps[0];
    if (running === undefined) return decision;
    const wanted = decision.plan?.steps.find(({ start }) => start >= input.now);
    const hold: StagePlan = {
      id: input.planId,
      junction: input.site.id,
      source: 'optimizer',
      madeAt: input.now,
      steps: [running],
      until: after(input.now, seconds(2 * stepS)),
    };
    // A change nearer to this point of the grid than to the next is made now.
    const soon = wanted !== undefined && wanted.stage !== running.stage && before(wanted.start, seconds(stepS / 2)) < input.now;
    const change = soon ? { ...hold, steps: [running, { stage: wanted.stage, start: input.now }] } : undefined;
    const plan = [change, hold].find((one) => one && findBreach(input.site, { now: input.now, ...input.signals }, one) === undefined);
    return { ...decision, plan };
  };
};

const offGrid = ({ site, now }: PlanningInput): Decision => ({
  plan: undefined,
  record: { junction: site.id, at: now, method: 'grid', reason: 'off-grid', chosen: { steps: [], cost: 0 }, alternatives: [], seen: [] },
});
