import type { StageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { committedSteps } from '../plan/commitment.ts';
import { changeStage, finishProjection, readyAt } from '../plan/interstage.ts';
import { indexSite, type SiteIndex } from '../plan/site-index.ts';
import type { PlanStep } from '../plan/stage-plan.ts';
import { projectSteps } from '../plan/timeline.ts';
import { NEVER, type Instant } from '../time.ts';
import { planInForce, waitingCalls, type ControllerState } from './controller-state.ts';

/** The stages to run from `current` until one serves group g: in a fixed order all in between, otherwise the next that serves it. */
const wayTo = (site: Site, index: SiteIndex, current: StageId | undefined, g: number): readonly StageId[] => {
  const serves = (stage: StageId): boolean => index.stages.get(stage)?.[g] === 1;
  const { sequence } = index;
  const place = current === undefined ? -1 : sequence.indexOf(current);
  const turn = sequence.map((_, i) => sequence[(place + 1 + i) % sequence.length]!);
  const found = turn.findIndex(serves);
  if (found >= 0) return site.stageOrder === 'fixed' ? turn.slice(0, found + 1) : [turn[found]!];
  const other = site.stages.find(({ id }) => serves(id));
  return other === undefined ? [] : [other.id];
};

/**
 * The last guard of the red caps: where the decided steps would leave a waiting group red beyond its cap, and no plan can put that right
 * any more in time, the stage that serves it is put in as soon as promises (`from`) and minimum times allow.
 */
export const guardRedCaps = (
  site: Site,
  now: Instant,
  state: ControllerState,
  from: Instant,
): Pick<ControllerState, 'steps' | 'guards' | 'termination'> | undefined => {
  const index = indexSite(site);
  const calls = waitingCalls(site, state).filter((call) => call.greenBy < NEVER);
  // The longest it may take from `from` to a green: a minimum green and two interstages.
  const reserve = Math.max(0, ...index.minGreen) + 2 * index.longestIntergreen;
  if (calls.every((call) => from + reserve < call.greenBy)) return undefined;

  const greens = finishProjection(projectSteps(site, now, state.lamps, state.steps).projection);
  const late = calls
    .filter((call) => from + reserve >= call.greenBy && (greens[index.groupAt.get(call.group)!]![0] ?? NEVER) > call.greenBy)
    .sort((a, b) => a.greenBy - b.greenBy)[0];
  if (late === undefined) return undefined;

  const g = index.groupAt.get(late.group)!;
  const kept = committedSteps(planInForce(state), from);
  const { projection, steps } = projectSteps(site, now, state.lamps, kept);
  const put: PlanStep[] = [];
  for (const stage of wayTo(site, index, steps.at(-1)?.stage, g)) {
    const mask = index.stages.get(stage)!;
    const start = changeStage(projection, mask, Math.max(from, readyAt(projection, mask)), true) as Instant;
    put.push({ stage, start });
  }
  const by = finishProjection(projection)[g]![0];
  if (by === undefined) return undefined;
  const guards = [...state.guards.filter(({ group }) => group !== late.group), { group: late.group, by: by as Instant }];
  return { steps: [...steps, ...put], guards, termination: 'force-off' };
};
