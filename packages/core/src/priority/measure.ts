import type { SignalGroupId, StageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { StagePlan } from '../plan/stage-plan.ts';
import type { Instant } from '../time.ts';

/** Ways to serve a request. `stage-insertion` also stands for a rotated order of stages. */
export const PRIORITY_MEASURES = ['green-extension', 'early-green', 'stage-insertion', 'stage-skip'] as const;
export type PriorityMeasure = (typeof PRIORITY_MEASURES)[number];

const comingStages = (plan: StagePlan, now: Instant): readonly StageId[] => {
  const running = plan.steps.findLastIndex((step) => step.start <= now);
  return plan.steps.slice(Math.max(0, running)).map(({ stage }) => stage);
};

/** Begin and end of the group's present or next green, by the steps of the plan. */
const nextGreen = (site: Site, plan: StagePlan, group: SignalGroupId, now: Instant): { begin: number; end: number } | undefined => {
  const serves = (stage: StageId): boolean => site.stages.find(({ id }) => id === stage)?.green.includes(group) ?? false;
  const ends = plan.steps.map((_, i) => plan.steps[i + 1]?.start ?? plan.until);
  const first = plan.steps.findIndex(({ stage }, i) => serves(stage) && ends[i]! > now);
  if (first < 0) return undefined;
  let last = first;
  while (last + 1 < plan.steps.length && serves(plan.steps[last + 1]!.stage)) last++;
  return { begin: plan.steps[first]!.start, end: ends[last]! };
};

/**
 * How `plan` serves the group otherwise than `without` does: the strongest of what it does, undefined where both do the same for it.
 * Only the stages that both plans reach are compared.
 */
export const measureOf = (
  site: Site,
  now: Instant,
  group: SignalGroupId,
  without: StagePlan,
  plan: StagePlan,
): PriorityMeasure | undefined => {
  const [usual, given] = [comingStages(without, now), comingStages(plan, now)];
  const length = Math.min(usual.length, given.length);
  const change = given.slice(0, length).findIndex((stage, i) => stage !== usual[i]);
  if (change >= 0) return usual.slice(change).includes(given[change]!) ? 'stage-skip' : 'stage-insertion';
  const [a, b] = [nextGreen(site, without, group, now), nextGreen(site, plan, group, now)];
  if (b === undefined) return undefined;
  if (a === undefined || b.begin < a.begin) return 'early-green';
  return b.begin <= now && b.end > a.end ? 'green-extension' : undefined;
};
