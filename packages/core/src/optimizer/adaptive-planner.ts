import { committedSteps, earliestRevisable } from '../plan/commitment.ts';
import { beginProjection, changeStage } from '../plan/interstage.ts';
import { indexSite } from '../plan/site-index.ts';
import type { PlanStep, StagePlan } from '../plan/stage-plan.ts';
import { orderLamps } from '../plan/timeline.ts';
import { findBreach } from '../plan/validate-plan.ts';
import { NEVER, seconds, type Duration, type Instant } from '../time.ts';
import type { Alternative, Decision, Planner, PlanningInput, SignalView } from './planner.ts';
import { foreseenCalls, searchLanes, seenDemand, waitingSince } from './search-lanes.ts';
import { search } from './search.ts';
import type { SearchPath, SearchSettings } from './search/types.ts';
import { createWorkspace, type Workspace } from './search/workspace.ts';
import type { SiteTables } from './site-tables.ts';
import { siteTables } from './site-tables.ts';

export interface AdaptiveSettings extends SearchSettings {
  /** A plan made now is taken up this much later (the loop's one-step delay): no change is put before. */
  readonly lead: Duration;
  /** Changes of the best path that go into the plan; what lies behind is decided anew anyway. */
  readonly plannedChanges: number;
  /** Where no change is possible within this, the plan in force stays without a search. */
  readonly idle: Duration;
  /** A plan is renewed when less than this is left of it. */
  readonly renewal: Duration;
}

/** One set for every junction; what was tried is in docs/decisions. */
export const DEFAULT_ADAPTIVE: AdaptiveSettings = {
  lead: seconds(1),
  plannedChanges: 3,
  idle: seconds(2),
  renewal: seconds(20),
  horizonMs: 100_000,
  fineMs: 12_000,
  beam: 16,
  beamPerStage: 3,
  branches: 5,
  startUpMs: 1500,
  clearanceUseMs: 500,
  stopCostMs: 4000,
  gapMs: 4500,
  gapAfterMs: 1500,
  terminalWaitMs: 20_000,
};

/** Rolling-horizon search over stage sequences and durations, behind what the street was promised. */
export function adaptivePlanner(settings: Partial<AdaptiveSettings> = {}): Planner {
  const config = { ...DEFAULT_ADAPTIVE, ...settings };
  const workspace = createWorkspace(config);
  return (input) => decide(input, config, workspace);
}

const METHOD = 'adaptive';
/** Alternatives that are weighed to the end and written down, the chosen one included. */
const WRITTEN = 4;

function decide(input: PlanningInput, config: AdaptiveSettings, workspace: Workspace): Decision {
  const { site, now, signals, demand } = input;
  const tables = siteTables(site);
  const takenUp = (now + config.lead) as Instant;
  const revisable = earliestRevisable(site, takenUp, signals);
  const kept = keptSteps(signals, revisable);
  const running = kept[0] === undefined ? undefined : tables.stageIndex.get(kept[0].stage);
  if (running === undefined) return unchanged(input, 'no-stage-running');
  const since = groupTimes(input, tables);

  // Whole seconds behind `now`, so that changes fall on the controller's steps; a kept step begins before the search does.
  const lastKept = kept.length > 1 ? kept[kept.length - 1]!.start + 1000 : now;
  const originMs = Math.ceil((Math.max(revisable, lastKept) - now) / 1000) * 1000;
  if (
    kept.length === 1 &&
    staysInForce(signals.plan, now, originMs + config.idle, config) &&
    earliestLeave(tables, running, since) > originMs + config.idle
  ) {
    return unchanged(input, 'minimum-green');
  }

  const waiting = waitingSince(site, tables, demand, now);
  const calls = foreseenCalls(site, waiting, signals, takenUp);
  for (const call of calls) waiting[tables.groupIndex.get(call.group)!] = call.since - now;
  const contested = contestedSince(tables, waiting);
  const paths = search(
    workspace,
    tables,
    searchLanes(site, tables, demand, now, originMs + config.horizonMs),
    kept.slice(1).map((step) => ({ stage: tables.stageIndex.get(step.stage)!, atMs: step.start - now })),
    {
      atMs: originMs,
      stage: running,
      since,
      capped: tables.promisesReds ? new Uint8Array(tables.groupCount).fill(1) : Uint8Array.from(waiting, (at) => (at < Infinity ? 1 : 0)),
      contestedSince: contested,
      called: calledStages(tables, waiting),
    },
    WRITTEN,
  );
  const alternatives = paths.map((path) => toAlternative(tables, path, now));
  let refusal: string | undefined;
  for (let i = 0; i < paths.length; i++) {
    for (const changes of i === 0 ? [config.plannedChanges, 1] : [1]) {
      const path = alternatives[i]!;
      const steps = [...kept, ...path.steps.slice(0, changes)];
      const plan = toPlan(input, kept, path, changes, planEnd(tables, steps, now, since, contested, originMs, config.horizonMs));
      const breach = findBreach(
        site,
        { now: takenUp, lamps: signals.lamps, commitments: signals.commitments, plan: signals.plan, calls },
        plan,
      );
      if (breach === undefined) return choose(input, plan, alternatives, i, refusal, originMs, config);
      refusal ??= breach.reason;
    }
  }
  return unchanged(input, refusal ?? 'no-path', alternatives);
}

/** Without a promise even a change that is due now may still be put off. */
const keptSteps = ({ plan, commitments }: SignalView, revisable: Instant): readonly PlanStep[] =>
  commitments.length > 0 ? committedSteps(plan, revisable) : plan.steps.filter((step, i) => i === 0 || step.start < revisable);

/** Per group, ms from now: begin of green where the running stage has it green, otherwise the last end of green. */
function groupTimes(input: PlanningInput, tables: SiteTables): Float64Array {
  const { site, now, signals } = input;
  const index = indexSite(site);
  const p = beginProjection(index, now, orderLamps(site, signals.lamps));
  const [first, ...rest] = signals.plan.steps;
  for (const step of [...(first ? [first] : []), ...rest.filter(({ start }) => start <= now)]) {
    const mask = index.stages.get(step.stage);
    if (mask) changeStage(p, mask, step.start, true);
  }
  const since = new Float64Array(tables.groupCount);
  for (let g = 0; g < tables.groupCount; g++) {
    const gains = p.gainAt[g]! < NEVER;
    const loses = p.loseAt[g]! < NEVER;
    const at = gains ? p.gainAt[g]! : loses ? p.loseAt[g]! : p.green[g] === 1 ? p.since[g]! : p.ended[g]!;
    since[g] = Math.max(at - now, -LONG_AGO_MS);
  }
  return since;
}
const LONG_AGO_MS = 3_600_000;

/** When the running stage could first be left, ms from now. */
function earliestLeave(tables: SiteTables, running: number, since: Float64Array): number {
  const { groupCount: G, stageCount: S, role, loseAt, minGreen } = tables;
  let earliest = Infinity;
  for (const t of tables.successors[running]!) {
    let at = -Infinity;
    const base = (running * S + t) * G;
    for (let g = 0; g < G; g++)
      if (role[base + g]! >= 2 && role[base + g] !== 3) at = Math.max(at, since[g]! + minGreen[g]! - loseAt[base + g]!);
    earliest = Math.min(earliest, at);
  }
  return earliest;
}

/** The plan in force neither changes nor ends so soon that it has to be looked at. */
function staysInForce(plan: StagePlan, now: Instant, withinMs: number, config: AdaptiveSettings): boolean {
  const next = plan.steps.find((step) => step.start > now)?.start ?? plan.until;
  return plan.source === 'optimizer' && next - now > withinMs && plan.until - now > config.renewal;
}

/**
 * Since when somebody has waited for a group that may not be green with each group: from then on its maximum green counts. Somebody may call
 * while the plan is on its way, so a green is never planned to last longer than from now.
 */
function contestedSince(tables: SiteTables, waiting: Float64Array): Float64Array {
  const G = tables.groupCount;
  const contested = new Float64Array(G);
  for (let g = 0; g < G; g++) for (let h = 0; h < G; h++) if (tables.hard[g * G + h]) contested[g] = Math.min(contested[g]!, waiting[h]!);
  return contested;
}

function calledStages(tables: SiteTables, waiting: Float64Array): Uint8Array {
  const { groupCount: G, stageCount: S, inStage } = tables;
  const called = new Uint8Array(S);
  for (let s = 0; s < S; s++) for (let g = 0; g < G; g++) if (waiting[g]! < Infinity && inStage[s * G + g]) called[s] = 1;
  return called;
}

const toAlternative = (tables: SiteTables, path: SearchPath, now: Instant): Alternative => ({
  steps: path.steps.map(({ stage, atMs }): PlanStep => ({ stage: tables.stageIds[stage]!, start: (now + atMs) as Instant })),
  cost: Math.round(path.cost / 100) / 10,
});

/** The horizon's end, but no later than the groups of the last stage may be green while others wait. */
function planEnd(
  tables: SiteTables,
  steps: readonly PlanStep[],
  now: Instant,
  since: Float64Array,
  contested: Float64Array,
  originMs: number,
  horizonMs: number,
): Instant {
  const { groupCount: G, inStage, maxGreen } = tables;
  const stages = steps.map(({ stage }) => tables.stageIndex.get(stage)!);
  const last = stages.length - 1;
  let end = originMs + horizonMs;
  for (let g = 0; g < G; g++) {
    if (!inStage[stages[last]! * G + g]) continue;
    let first = last;
    while (first > 0 && inStage[stages[first - 1]! * G + g]) first--;
    const from = first === 0 ? since[g]! : steps[first]!.start - now;
    end = Math.min(end, Math.max(from, contested[g]!) + maxGreen[g]!);
  }
  return (now + Math.max(end, steps[last]!.start - now + LEAST_LAST_MS, originMs + LEAST_MS)) as Instant;
}
/** The last stage of a plan stands at least this long. */
const LEAST_LAST_MS = 5000;
/** Where a green is at its maximum already, a plan lasts to the next one, and to one more should that be lost. */
const LEAST_MS = 2000;

/** The kept steps and the first changes of a path; where changes are left out, the plan ends where the first of them would begin. */
function toPlan(input: PlanningInput, kept: readonly PlanStep[], path: Alternative, changes: number, end: Instant): StagePlan {
  return {
    id: input.planId,
    junction: input.site.id,
    source: 'optimizer',
    madeAt: input.now,
    steps: [...kept, ...path.steps.slice(0, changes)],
    until: path.steps[changes]?.start ?? end,
  };
}

function choose(
  input: PlanningInput,
  plan: StagePlan,
  alternatives: readonly Alternative[],
  chosen: number,
  refusal: string | undefined,
  originMs: number,
  config: AdaptiveSettings,
): Decision {
  const { now, signals, demand, site } = input;
  const path = alternatives[chosen]!;
  const change = path.steps[0] !== undefined && path.steps[0].start - now <= originMs;
  return {
    plan: sameChanges(plan, signals.plan, now) && staysInForce(signals.plan, now, 0, config) ? undefined : plan,
    record: {
      junction: site.id,
      at: now,
      method: METHOD,
      reason: change ? 'change' : 'extend',
      ...(refusal === undefined ? {} : { bindingRule: refusal }),
      chosen: path,
      alternatives: alternatives.filter((_, i) => i !== chosen),
      seen: seenDemand(demand, now),
    },
  };
}

/** Both plans make the same changes from now on. */
function sameChanges(a: StagePlan, b: StagePlan, now: Instant): boolean {
  const coming = (plan: StagePlan): string =>
    plan.steps
      .filter((step) => step.start > now)
      .map((step) => `${step.stage}@${step.start}`)
      .join(' ');
  return b.source === a.source && coming(a) === coming(b) && !a.steps.some((step) => step.start === now);
}

function unchanged(input: PlanningInput, rule: string, alternatives: readonly Alternative[] = []): Decision {
  const { site, now, signals, demand } = input;
  return {
    plan: undefined,
    record: {
      junction: site.id,
      at: now,
      method: METHOD,
      reason: 'hold',
      bindingRule: rule,
      chosen: alternatives[0] ?? { steps: signals.plan.steps.filter((step) => step.start > now), cost: 0 },
      alternatives: alternatives.slice(1),
      seen: seenDemand(demand, now),
    },
  };
}
