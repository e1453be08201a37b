import { isGreen, type LampState } from '../controller/lamp.ts';
import type { StageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Instant } from '../time.ts';
import { readyAt } from './interstage.ts';
import { indexSite, type SiteIndex } from './site-index.ts';
import type { PlanStep } from './stage-plan.ts';
import { projectSteps } from './timeline.ts';

/** What the detectors say of each group, by position in `site.groups`. */
export interface ActuatedDemand {
  /** A call waits. */
  readonly called: readonly boolean[];
  /** An actuation (or maximum recall) holds its green. */
  readonly extended: readonly boolean[];
}

export interface ActuatedChange {
  readonly step: PlanStep;
  readonly reason: 'gap-out' | 'max-out';
}

/** The next stage in turn that serves a call; in a fixed order simply the next one; the first stage when nobody calls. */
const nextStage = (site: Site, index: SiteIndex, current: StageId, called: readonly boolean[]): StageId | undefined => {
  const { sequence, stages } = index;
  const mask = stages.get(current);
  const waits = (g: number): boolean => called[g] === true && mask?.[g] !== 1;
  const place = sequence.indexOf(current);
  const turn = sequence.map((_, i) => sequence[(place + 1 + i) % sequence.length]!).filter((stage) => stage !== current);
  const anybody = called.some((_, g) => waits(g));
  if (site.stageOrder === 'fixed' && place >= 0) return anybody || current !== sequence[0] ? turn[0] : undefined;
  if (anybody) return turn.find((stage) => called.some((_, g) => waits(g) && stages.get(stage)![g] === 1));
  return current === sequence[0] ? undefined : sequence[0];
};

/**
 * Local actuation: leave the running stage for the next called one when its greens have gapped out or reached their maximum;
 * rest in the first stage while nobody calls. Undefined while the stage goes on. `from` is the first instant the displays leave free.
 */
export const actuatedChange = (
  site: Site,
  now: Instant,
  lamps: readonly LampState[],
  steps: readonly PlanStep[],
  demand: ActuatedDemand,
  from: Instant,
): ActuatedChange | undefined => {
  const index = indexSite(site);
  const current = steps.at(-1);
  if (current === undefined) return undefined;
  const stage = nextStage(site, index, current.stage, demand.called);
  const mask = stage === undefined ? undefined : index.stages.get(stage);
  if (stage === undefined || mask === undefined) return undefined;
  const start = Math.max(from, readyAt(projectSteps(site, now, lamps, steps).projection, mask)) as Instant;
  if (start > Math.max(from, now)) return undefined;

  const losing = site.groups.flatMap((_, g) => (isGreen(lamps[g]!.lamp) && mask[g] === 0 ? [g] : []));
  const gapped = losing.every((g) => demand.extended[g] !== true);
  const called = demand.called.some((call, g) => call && mask[g] === 1);
  const maxed = called && losing.some((g) => start - lamps[g]!.since >= site.groups[g]!.maxGreen);
  return gapped || maxed ? { step: { stage, start }, reason: gapped ? 'gap-out' : 'max-out' } : undefined;
};
