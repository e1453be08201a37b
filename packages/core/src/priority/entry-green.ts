import type { LampState } from '../controller/lamp.ts';
import type { SignalGroupId, StageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { changeStage, finishProjection, readyAt } from '../plan/interstage.ts';
import { indexSite } from '../plan/site-index.ts';
import type { StagePlan } from '../plan/stage-plan.ts';
import { projectSteps } from '../plan/timeline.ts';
import { NEVER, type Instant } from '../time.ts';

/** What a junction shows, and what it is about to. */
export interface EntryView {
  readonly now: Instant;
  readonly lamps: readonly LampState[];
  readonly plan: Pick<StagePlan, 'steps'>;
}

/**
 * When the group's green would begin that then stands, were the junction given to `stage` at `at` and its plan in force until then; in the past where
 * it is green and would stay so. NEVER where the stage does not serve the group.
 */
export const greenIfEntered = (site: Site, view: EntryView, stage: StageId, group: SignalGroupId, at: Instant): Instant => {
  const { now, lamps, plan } = view;
  const index = indexSite(site);
  const [mask, g] = [index.stages.get(stage), index.groupAt.get(group)];
  if (mask === undefined || g === undefined || mask[g] !== 1) return NEVER;
  const kept = plan.steps.filter(({ start }, i) => i === 0 || start < at);
  const { projection } = projectSteps(site, now, lamps, kept);
  if (kept.at(-1)?.stage !== stage) changeStage(projection, mask, Math.max(at, readyAt(projection, mask)), true);
  const greens = finishProjection(projection)[g]!;
  return (greens.length % 2 === 1 ? greens.at(-1)! : NEVER) as Instant;
};
