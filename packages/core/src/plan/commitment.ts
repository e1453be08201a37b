import { isGreen, type Commitment, type LampState } from '../controller/lamp.ts';
import type { CountdownKind, SignalGroup } from '../intersection/signal-group.ts';
import type { Site } from '../intersection/site.ts';
import { seconds, type Duration, type Instant } from '../time.ts';
import type { StagePlan, PlanStep } from './stage-plan.ts';
import type { LampInterval, Timeline } from './timeline.ts';

/** What the group's display promises while it shows this; nothing during clearance and flash. */
export const displayKind = (group: SignalGroup, lamp: LampInterval['lamp']): CountdownKind =>
  isGreen(lamp) ? group.countdown.green : lamp === 'red' ? group.countdown.red : 'none';

/** The group's next change as the timeline has it: end of its green, or begin of its next one. Undefined where the timeline does not reach it. */
export const nextChange = (intervals: readonly LampInterval[], now: Instant): Commitment['at'] | undefined => {
  const current = intervals.findIndex((interval) => interval.to > now);
  if (current < 0) return undefined;
  const green = isGreen(intervals[current]!.lamp);
  for (let i = current + 1; i < intervals.length; i++) if (isGreen(intervals[i]!.lamp) !== green) return intervals[i]!.from;
  return undefined;
};

/** The changes that the displays show at `now` and that therefore may no longer move. */
export const commitmentsAt = (site: Site, timeline: Timeline, now: Instant): readonly Commitment[] => {
  const commitments: Commitment[] = [];
  for (const group of site.groups) {
    const intervals = timeline.get(group.id) ?? [];
    const current = intervals.find((interval) => interval.to > now);
    if (current === undefined) continue;
    const kind = displayKind(group, current.lamp);
    if (kind === 'none') continue;
    const at = nextChange(intervals, now);
    if (at === undefined || (kind === 'tail' && at - now > group.countdown.tail)) continue;
    commitments.push({ group: group.id, change: isGreen(current.lamp) ? 'end-of-green' : 'to-green', at });
  }
  return commitments;
};

const SECOND = seconds(1);

/** What a planner must know of promises to place a change. */
export interface PromiseView {
  readonly lamps: readonly LampState[];
  readonly commitments: readonly Commitment[];
}

/**
 * The first instant at which a plan may put a stage change it had not put before: behind every promised change, and late enough for each
 * tail display to announce it. Steps that start before it stay as they are (`committedSteps`).
 */
export const earliestRevisable = (site: Site, now: Instant, view: PromiseView): Instant => {
  let at: number = now;
  for (const commitment of view.commitments) at = Math.max(at, commitment.at + SECOND);
  for (let g = 0; g < site.groups.length; g++) {
    const group = site.groups[g]!;
    const state = view.lamps[g];
    if (state === undefined || displayKind(group, state.lamp) !== 'tail') continue;
    at = Math.max(at, now + group.countdown.tail);
  }
  return at as Instant;
};

/** The steps of the plan in force that a new plan has to keep: the stage that runs and every change before `revisable`. */
export const committedSteps = (plan: StagePlan, revisable: Instant): readonly PlanStep[] =>
  plan.steps.filter((step, i) => i === 0 || step.start < revisable);

/** The number a display shows `remaining` before the change it promises. */
export const countdownNumber = (remaining: Duration): number => Math.ceil(remaining / 1000);
