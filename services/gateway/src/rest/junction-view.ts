import type { Site, StagePlan } from '@songxanh/core';
import type { JunctionGeometry } from '../geometry/approaches.ts';
import type { Approach, JunctionSummary, PlanView, SignalState } from '@songxanh/wire';

const UNSEEN: Approach = { arms: [], turns: [], lanes: [] };

export const junctionSummary = (site: Site, geometry: JunctionGeometry | undefined): JunctionSummary => ({
  id: site.id,
  name: site.name,
  position: site.position,
  groups: site.groups.map(({ id, kind, name, countdown }) => ({
    id,
    kind,
    name: name ?? id,
    countdown: { green: countdown.green, red: countdown.red },
    ...(geometry?.groups.get(id) ?? UNSEEN),
  })),
  stages: site.stages.map(({ id, name, green }) => ({ id, name: name ?? id, green })),
  detectors: site.detectors.map(({ id, role, lane, groups }) => ({ id, role, ...(lane === undefined ? {} : { lane }), groups })),
  plans: site.plans.map(({ name }) => name),
  roads: geometry?.roads ?? [],
});

/**
 * The plan with its committed steps: those up to the last change that a display has promised. A promised change happens at, or a clearance
 * after, the begin of the step that makes it, so every step that begins no later than a promise is fixed.
 */
export const planView = (plan: StagePlan, { commitments, at }: SignalState): PlanView => {
  const promised = commitments.reduce<number>((latest, commitment) => Math.max(latest, commitment.at), at);
  return {
    id: plan.id,
    source: plan.source,
    madeAt: plan.madeAt,
    until: plan.until,
    steps: plan.steps.map(({ stage, start }) => ({ stage, start, committed: start <= promised })),
  };
};
