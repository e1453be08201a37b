import type { LampState } from '../controller/lamp.ts';
import type { PlanId } from '../ids.ts';
import type { Site, TimeOfDayPlan } from '../intersection/site.ts';
import { localTime } from '../local-time.ts';
import { milliseconds, NEVER, seconds, ZERO, type Instant } from '../time.ts';
import { committedSteps, earliestRevisable, type PromiseView } from './commitment.ts';
import { changeStage, interstage, readyAt } from './interstage.ts';
import { programAt } from './schedule.ts';
import { ALL_RED, indexSite } from './site-index.ts';
import type { PlanStep, StagePlan } from './stage-plan.ts';
import { projectSteps } from './timeline.ts';

/** Green of a stage in the default plan, where no engineer has given splits. */
const DEFAULT_GREEN = seconds(20);
/** Gives the next stage at least one second of its own. */
const SECOND = seconds(1);

const modulo = (a: number, n: number): number => ((a % n) + n) % n;

/** From the begin of the change to the begin of the first vehicle green it brings. */
const changeToGreen = (site: Site, from: PlanStep['stage'], to: PlanStep['stage']): number => {
  const index = indexSite(site);
  const [a, b] = [index.stages.get(from), index.stages.get(to)];
  if (a === undefined || b === undefined) return 0;
  const begins = (pedestrian: boolean): number[] =>
    interstage(index, a, b).flatMap(({ group, begin }) =>
      begin !== undefined && (site.groups[group]!.kind === 'pedestrian') === pedestrian ? [begin] : [],
    );
  const vehicles = begins(false);
  return Math.min(...(vehicles.length > 0 ? vehicles : [...begins(true), 0]));
};

const leads = new WeakMap<TimeOfDayPlan, number>();

const firstLead = (site: Site, plan: TimeOfDayPlan): number => {
  let lead = leads.get(plan);
  if (lead === undefined) {
    lead = changeToGreen(site, plan.splits.at(-1)!.stage, plan.splits[0]!.stage);
    leads.set(plan, lead);
  }
  return lead;
};

const defaults = new WeakMap<Site, TimeOfDayPlan>();

/** Every stage in turn with its minimum greens, at least 20 s each: what a site runs where nobody has given splits. */
export const defaultPlan = (site: Site): TimeOfDayPlan => {
  let plan = defaults.get(site);
  if (plan === undefined) {
    const index = indexSite(site);
    const { sequence } = index;
    const splits = sequence.map((stage, i) => {
      const before = sequence[(i + sequence.length - 1) % sequence.length]!;
      const changes = interstage(index, index.stages.get(before)!, index.stages.get(stage)!);
      const green = Math.max(
        DEFAULT_GREEN,
        ...site.groups.filter((_, g) => index.stages.get(stage)![g] === 1).map((group) => group.minGreen),
      );
      return { stage, duration: milliseconds(Math.max(...changes.map((change) => change.begin ?? 0), 0) + Math.ceil(green / 1000) * 1000) };
    });
    const cycle = splits.reduce((total, split) => total + split.duration, 0);
    plan = { name: 'default', cycle: milliseconds(cycle), offset: ZERO, splits };
    defaults.set(site, plan);
  }
  return plan;
};

/** Where the clock stands in the plan's cycle at `at`, 0 = begin of the change to the first split. */
const phaseAt = (site: Site, plan: TimeOfDayPlan, at: Instant): number =>
  modulo(localTime(at, site.timeZone).sinceMidnight - plan.offset + firstLead(site, plan), plan.cycle);

const splitBegin = (plan: TimeOfDayPlan, k: number): number => plan.splits.slice(0, k).reduce((total, split) => total + split.duration, 0);

/** The running stage's place among the splits: the occurrence nearest to the clock. */
const splitOf = (site: Site, plan: TimeOfDayPlan, step: PlanStep): { k: number; late: number } | undefined => {
  const phase = phaseAt(site, plan, step.start);
  const distance = (late: number): number => Math.min(late, plan.cycle - late);
  return plan.splits
    .flatMap(({ stage }, k) => (stage === step.stage ? [{ k, late: modulo(phase - splitBegin(plan, k), plan.cycle) }] : []))
    .reduce<{ k: number; late: number } | undefined>(
      (best, at) => (!best || distance(at.late) < distance(best.late) ? at : best),
      undefined,
    );
};

/**
 * The step after `last` on the way into and along a clock-synchronised plan. In step with the clock each stage lasts its split;
 * behind it a stage is shortened, ahead of it lengthened by at most half, whichever way is shorter.
 */
const nextStep = (site: Site, plan: TimeOfDayPlan, last: PlanStep, from: Instant): PlanStep => {
  const count = plan.splits.length;
  const place = splitOf(site, plan, last);
  if (place === undefined) {
    // From a stage that is not in the plan: into the one that has most of its split before it.
    const phase = phaseAt(site, plan, from);
    let k = count - 1;
    while (k > 0 && splitBegin(plan, k) > phase) k--;
    const gone = phase - splitBegin(plan, k);
    return { stage: plan.splits[gone * 2 > plan.splits[k]!.duration ? (k + 1) % count : k]!.stage, start: from };
  }
  const { duration } = plan.splits[place.k]!;
  const ahead = plan.cycle - place.late;
  const half = Math.ceil(duration / 2000) * 1000;
  const lasts = place.late <= plan.cycle / 2 ? duration - place.late : duration + Math.min(ahead, half);
  return { stage: plan.splits[(place.k + 1) % count]!.stage, start: Math.max(from, last.start + lasts) as Instant };
};

export interface Continuation {
  /** No appended step starts earlier. */
  readonly from: Instant;
  /** Steps are appended until one starts at or after this. */
  readonly until: Instant;
  /** Runs in place of what the schedule says. */
  readonly plan?: TimeOfDayPlan;
}

/**
 * What runs behind the last of `steps`: the time-of-day plan of each hour, synchronised to the clock, with minimum times kept.
 * Ends with all-red where the schedule goes to night flash. Deterministic, so that displays can promise it.
 */
export const continueSteps = (
  site: Site,
  now: Instant,
  lamps: readonly LampState[],
  steps: readonly PlanStep[],
  { from, until, plan: named }: Continuation,
): readonly PlanStep[] => {
  const index = indexSite(site);
  const { projection, steps: real } = projectSteps(site, now, lamps, steps);
  const out = [...real];
  for (let last = out.at(-1); last !== undefined && last.start < until; last = out.at(-1)) {
    if (last.stage === ALL_RED && out.length > 1 && named === undefined && programAt(site, last.start) === 'night-flash') break;
    const running = named ?? programAt(site, last.start > from ? last.start : from);
    const plan = typeof running === 'string' ? defaultPlan(site) : running;
    const only = plan.splits[0]?.stage;
    if (only === undefined || (plan.splits.length === 1 && only === last.stage)) break;
    let next = nextStep(site, plan, last, Math.max(from, last.start + SECOND) as Instant);
    if (named === undefined && (running === 'night-flash' || programAt(site, next.start) === 'night-flash'))
      next = { stage: ALL_RED, start: next.start };
    const mask = index.stages.get(next.stage);
    if (mask === undefined) break;
    const start = changeStage(projection, mask, Math.max(next.start, readyAt(projection, mask)), true) as Instant;
    out.push({ stage: next.stage, start });
  }
  return out;
};

/**
 * The clock-synchronised plan of the hour as a plan from now: what was promised stays, then the transition, then the splits.
 * Undefined where the schedule has no plan for the hour.
 */
export const timeOfDayPlan = (
  site: Site,
  now: Instant,
  signals: PromiseView & { readonly plan: StagePlan },
  id: PlanId,
  named?: TimeOfDayPlan,
): StagePlan | undefined => {
  const running = named ?? programAt(site, now);
  if (typeof running === 'string') return undefined;
  const from = earliestRevisable(site, now, signals);
  const kept = committedSteps(signals.plan, from);
  const until = (Math.max(from, now) + 2 * running.cycle) as Instant;
  const steps = continueSteps(site, now, signals.lamps, kept, { from, until, plan: running });
  const last = steps.at(-1);
  return last === undefined || until >= NEVER
    ? undefined
    : { id, junction: site.id, source: 'time-of-day', madeAt: now, steps, until: Math.max(until, last.start) as Instant };
};
