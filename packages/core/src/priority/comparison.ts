import type { ControllerReport } from '../controller/controller.ts';
import { startController, type ControllerState } from '../controller/controller-state.ts';
import { reportController, step } from '../controller/step.ts';
import type { JunctionDemand } from '../demand/demand.ts';
import type { DetectorActuation } from '../detection/actuation.ts';
import { planId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Planner } from '../optimizer/planner.ts';
import type { StagePlan } from '../plan/stage-plan.ts';
import { after, minutes, type Instant } from '../time.ts';
import { demandOf, joinQueues, openQueues, standsInQueue, stepQueues, type PointQueues } from './point-queues.ts';
import { planWithinMeasures } from './priority-planner.ts';
import type { ActiveRequest, RequestId } from './priority-request.ts';

/** What of a junction's report a comparison begins with and is told each second. */
export type SeenSignals = Pick<ControllerReport, 'lamps' | 'plan' | 'commitments' | 'calls'>;

/**
 * A request's counterfactual: from the state at its check-in a second controller, steered by the same planner without this request, runs beside the
 * street. Both are measured with the same queues and the same arrivals; only the lamps differ.
 */
export interface Comparison {
  readonly request: RequestId;
  readonly openedAt: Instant;
  readonly at: Instant;
  readonly actual: PointQueues;
  readonly usual: PointQueues;
  readonly controller: ControllerState;
  readonly pending: StagePlan | undefined;
  readonly demand: JunctionDemand;
  readonly joined: ReadonlySet<RequestId>;
  readonly closedAt: Instant | undefined;
}

/** The controller as its report shows it. Calls begin where the report has them. */
const controllerLike = (site: Site, now: Instant, signals: SeenSignals): ControllerState => {
  const { plan, lamps, commitments } = signals;
  const started = startController(site, now);
  const { id, source, madeAt, until } = plan;
  return {
    ...started,
    mode: 'running',
    lamps,
    steps: plan.steps,
    accepted: source === 'optimizer' ? { id, source, madeAt, until } : null,
    source,
    why: 'plan-in-force',
    promises: commitments,
    calls: {
      ...started.calls,
      calls: site.groups.map((group, g) => {
        const call = signals.calls.find((one) => one.group === group.id);
        return call === undefined ? (started.calls.calls[g] ?? null) : { since: call.since, locked: group.kind === 'pedestrian' };
      }),
    },
  };
};

export const openComparison = (site: Site, request: RequestId, now: Instant, signals: SeenSignals, demand: JunctionDemand): Comparison => {
  const queues = openQueues(site, demand, now);
  return {
    request,
    openedAt: now,
    at: now,
    actual: queues,
    usual: queues,
    controller: controllerLike(site, now, signals),
    pending: undefined,
    demand,
    joined: new Set(),
    closedAt: undefined,
  };
};

export interface ComparisonInput {
  readonly now: Instant;
  readonly signals: SeenSignals;
  /** The lamps that were shown up to `now`: those of the report before. */
  readonly lamps: SeenSignals['lamps'];
  readonly demand: JunctionDemand;
  readonly actuations: readonly DetectorActuation[];
  /** All that are weighed now, this one included while it is. */
  readonly requests: readonly ActiveRequest[];
}

const middle = ({ earliest, latest }: ActiveRequest): Instant => Math.round((earliest + latest) / 2) as Instant;

export const stepComparison = (site: Site, comparison: Comparison, input: ComparisonInput, planner: Planner): Comparison => {
  const { now, requests, demand } = input;
  const { at: from, request, controller } = comparison;
  if (now <= from) return comparison;
  const arriving = requests.filter((one) => !comparison.joined.has(one.id) && middle(one) <= now);
  const joinAt = (one: ActiveRequest): Instant => Math.max(middle(one), from) as Instant;
  const moved = (queues: PointQueues, lamps: SeenSignals['lamps']): PointQueues =>
    stepQueues(site, joinQueues(queues, arriving, joinAt), { from, now, demand: comparison.demand, lamps });
  const actual = moved(comparison.actual, input.lamps);
  const usual = moved(comparison.usual, controller.lamps);

  const stepped = step(site, controller, {
    now,
    actuations: input.actuations,
    plans: comparison.pending === undefined ? [] : [comparison.pending],
    overrides: [],
    failedDetectors: [],
    cabinetFault: false,
  });
  const report = reportController(site, stepped.state);
  const decision = planWithinMeasures(
    planner,
    { site, now, signals: report, demand: demandOf(usual, demand, now), planId: planId(`${request} without @${String(now)}`) },
    requests.filter(({ id }) => id !== request),
  );
  const isOver = !requests.some(({ id }) => id === request);
  return {
    ...comparison,
    at: now,
    actual,
    usual,
    controller: stepped.state,
    pending: decision.plan,
    demand,
    joined: new Set([...comparison.joined, ...arriving.map(({ id }) => id)]),
    closedAt: comparison.closedAt ?? (isOver ? now : undefined),
  };
};

/** The street may still feel a request for a cycle after it; where it still waits in one of the two, somewhat longer. */
const SETTLES = minutes(2);
const LONGEST = minutes(5);

export const isSettled = ({ closedAt, at, actual, usual, request }: Comparison): boolean =>
  closedAt !== undefined &&
  at >= after(closedAt, SETTLES) &&
  (at >= after(closedAt, LONGEST) || !(standsInQueue(actual, request) || standsInQueue(usual, request)));

/** Seconds, and person-seconds of others by lane and pedestrian group. */
export interface RequestAccount {
  readonly savedS: number;
  /** What it cost those that lost, and what it saved those that came along; only approaches that were touched. */
  readonly othersPersonS: Readonly<Record<string, number>>;
  /** Sum over the others; negative where they gained. */
  readonly costPersonS: number;
}

export const accountOf = ({ request, actual, usual }: Comparison): RequestAccount => {
  const approaches = new Set([...actual.waited.keys(), ...usual.waited.keys()]);
  const othersPersonS: Record<string, number> = {};
  let costPersonS = 0;
  for (const approach of approaches) {
    const cost = (actual.waited.get(approach) ?? 0) - (usual.waited.get(approach) ?? 0);
    costPersonS += cost;
    if (Math.abs(cost) >= 0.5) othersPersonS[approach] = Math.round(cost * 10) / 10;
  }
  const savedS = (usual.requestWaitedS.get(request) ?? 0) - (actual.requestWaitedS.get(request) ?? 0);
  return { savedS, othersPersonS, costPersonS };
};
