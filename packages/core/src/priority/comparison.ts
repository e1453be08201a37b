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

/** The junction as it would go on: queues of its own, and a controller steered by the planner. */
interface Replay {
  readonly queues: PointQueues;
  readonly controller: ControllerState;
  readonly pending: StagePlan | undefined;
}

/**
 * A request's counterfactual: from the state at its check-in the junction is replayed twice beside the street, with all that is asked and without this
 * request. Same planner, same arrivals, same queues: what differs is what the request did. (Against the lamps the street really showed, a replay would
 * seem to do better: it knows its own queues, the street's were measured.)
 */
export interface Comparison {
  readonly request: RequestId;
  readonly openedAt: Instant;
  readonly at: Instant;
  readonly served: Replay;
  readonly usual: Replay;
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
  const replay: Replay = { queues: openQueues(site, demand, now), controller: controllerLike(site, now, signals), pending: undefined };
  return { request, openedAt: now, at: now, served: replay, usual: replay, demand, joined: new Set(), closedAt: undefined };
};

export interface ComparisonInput {
  readonly now: Instant;
  readonly demand: JunctionDemand;
  readonly actuations: readonly DetectorActuation[];
  /** All that are weighed now, this one included while it is. */
  readonly requests: readonly ActiveRequest[];
}

const middle = ({ earliest, latest }: ActiveRequest): Instant => Math.round((earliest + latest) / 2) as Instant;

export const stepComparison = (site: Site, comparison: Comparison, input: ComparisonInput, planner: Planner): Comparison => {
  const { now, requests, demand, actuations } = input;
  const { at: from, request } = comparison;
  if (now <= from) return comparison;
  const arriving = requests.filter((one) => !comparison.joined.has(one.id) && middle(one) <= now);
  const joinAt = (one: ActiveRequest): Instant => Math.max(middle(one), from) as Instant;
  const replay = ({ queues: before, controller, pending }: Replay, asked: readonly ActiveRequest[], name: string): Replay => {
    const joined = joinQueues(before, arriving, joinAt);
    const queues = stepQueues(site, joined, { from, now, demand: comparison.demand, lamps: controller.lamps });
    const plans = pending === undefined ? [] : [pending];
    const stepped = step(site, controller, { now, actuations, plans, overrides: [], failedDetectors: [], cabinetFault: false });
    const signals = reportController(site, stepped.state);
    const id = planId(`${request} ${name} @${String(now)}`);
    const decision = planWithinMeasures(planner, { site, now, signals, demand: demandOf(queues, demand, now), planId: id }, asked);
    return { queues, controller: stepped.state, pending: decision.plan };
  };
  // Once its vehicle has crossed in the replay, the request weighs nothing there, whatever the street still says.
  const isWaiting = (queues: PointQueues, { id }: ActiveRequest): boolean => !comparison.joined.has(id) || standsInQueue(queues, id);
  const others = requests.filter(({ id }) => id !== request);
  return {
    ...comparison,
    at: now,
    served: replay(
      comparison.served,
      requests.filter((one) => isWaiting(comparison.served.queues, one)),
      'with',
    ),
    usual: replay(
      comparison.usual,
      others.filter((one) => isWaiting(comparison.usual.queues, one)),
      'without',
    ),
    demand,
    joined: new Set([...comparison.joined, ...arriving.map(({ id }) => id)]),
    closedAt: comparison.closedAt ?? (requests.length === others.length ? now : undefined),
  };
};

/** The street may still feel a request for a cycle after it; where it still waits in one of the two, somewhat longer. */
const SETTLES = minutes(2);
const LONGEST = minutes(5);

export const isSettled = ({ closedAt, at, served, usual, request }: Comparison): boolean =>
  closedAt !== undefined &&
  at >= after(closedAt, SETTLES) &&
  (at >= after(closedAt, LONGEST) || !(standsInQueue(served.queues, request) || standsInQueue(usual.queues, request)));

/** Seconds, and person-seconds of others by lane and pedestrian group. */
export interface RequestAccount {
  readonly savedS: number;
  /** What it cost those that lost, and what it saved those that came along; only approaches that were touched. */
  readonly othersPersonS: Readonly<Record<string, number>>;
  /** Sum over the others; negative where they gained. */
  readonly costPersonS: number;
}

export const accountOf = ({ request, served, usual }: Comparison): RequestAccount => {
  const [given, without] = [served.queues, usual.queues];
  const approaches = new Set([...given.waited.keys(), ...without.waited.keys()]);
  const othersPersonS: Record<string, number> = {};
  let costPersonS = 0;
  for (const approach of approaches) {
    const cost = (given.waited.get(approach) ?? 0) - (without.waited.get(approach) ?? 0);
    costPersonS += cost;
    if (Math.abs(cost) >= 0.5) othersPersonS[approach] = Math.round(cost * 10) / 10;
  }
  const savedS = (without.requestWaitedS.get(request) ?? 0) - (given.requestWaitedS.get(request) ?? 0);
  return { savedS, othersPersonS, costPersonS };
};
