import type { Override } from '../controller/controller.ts';
import type { ControllerState } from '../controller/controller-state.ts';
import type { LampState } from '../controller/lamp.ts';
import { reportController, step } from '../controller/step.ts';
import type { JunctionDemand } from '../demand/demand.ts';
import { demandSettings } from '../demand/demand-settings.ts';
import { approachOf } from '../demand/sent-traffic.ts';
import { planId, type LaneId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Planner } from '../optimizer/planner.ts';
import type { StagePlan } from '../plan/stage-plan.ts';
import { demandOf, openQueues, stepQueues, type PointQueues } from '../priority/point-queues.ts';
import { after, seconds, type Instant } from '../time.ts';
import { isReached } from './preview.ts';
import { twinOf, type KnownReport } from './twin.ts';

/** One future of a junction: who commands it meanwhile. */
export interface Course {
  readonly overrides: readonly Override[];
  /** The first override ends when it has arrived, as an advance does. */
  readonly endsOnArrival: boolean;
}

/** Queues of one approach, passenger-car units, at each of the forecast's instants. */
export interface QueueCourse {
  readonly queuePcu: readonly number[];
  /** Waited until the end by all who are there or come, per person. */
  readonly meanWaitS: number;
}

export interface ApproachForecast {
  /** The lanes side by side. */
  readonly lanes: readonly LaneId[];
  /** What fits between this stop line and the begin of the road. */
  readonly roomPcu: number;
  readonly with: QueueCourse;
  readonly without: QueueCourse;
}

export interface QueueForecast {
  readonly at: Instant;
  readonly everyS: number;
  readonly approaches: readonly ApproachForecast[];
  /** Of all on wheels and of those who wait on foot now. */
  readonly personS: { readonly with: number; readonly without: number };
}

export interface ForesightInput {
  readonly report: KnownReport;
  /** As expected until `forS` from now: what is not seen yet comes at the mean flow. */
  readonly demand: JunctionDemand;
  readonly with: Course;
  readonly without: Course;
  readonly forS: number;
  readonly everyS: number;
  /** Who plans while nobody commands; nobody where undefined. */
  readonly planner?: Planner;
}

/** The optimizer plans every second; while it is in charge a plan each three seconds comes to the same and takes a third of the time. */
const PLANS_EVERY_S = 3;

/** Flashing: everybody gives way to everybody, at what a green that yields discharges. */
const asDriven = (lamps: readonly LampState[]): readonly LampState[] =>
  lamps.map((lamp) => (lamp.lamp === 'flash-yellow' || lamp.lamp === 'flash-red' ? { ...lamp, lamp: 'permissive' } : lamp));

interface Future {
  readonly queues: readonly PointQueues[];
}

const runAhead = (site: Site, input: ForesightInput, course: Course): Future => {
  const { report, demand, forS, everyS, planner } = input;
  let state: ControllerState = twinOf(site, report);
  let queues = openQueues(site, demand, state.now);
  let { overrides } = course;
  let pending: StagePlan | undefined;
  const kept = [queues];
  for (let s = 1; s <= forS; s += 1) {
    const from = state.now;
    const now = after(from, seconds(1));
    queues = stepQueues(site, queues, { from, now, demand, lamps: asDriven(state.lamps) });
    ({ state } = step(site, state, {
      ...{ now, overrides, plans: pending === undefined ? [] : [pending] },
      ...{ actuations: [], failedDetectors: [], cabinetFault: report.mode === 'fault-flash' },
    }));
    pending = undefined;
    const [first, ...others] = overrides;
    if (first !== undefined && course.endsOnArrival && overrides === course.overrides && isReached(site, state, first.action))
      overrides = others;
    const isFree = !overrides.some(({ expires }) => expires > now);
    const isDue = s % PLANS_EVERY_S === 0 || state.source !== 'optimizer';
    if (planner !== undefined && isFree && isDue && state.mode === 'running') {
      const signals = reportController(site, state);
      const id = planId(`foreseen@${String(now)}`);
      pending = planner({ site, now, signals, demand: demandOf(queues, demand, now), planId: id }).plan;
    }
    if (s % everyS === 0) kept.push(queues);
  }
  return { queues: kept };
};

/** Lane by lane, PCU that stand at the stop line. */
const standing = (queues: PointQueues, lanes: readonly LaneId[], at: Instant): number =>
  queues.lanes
    .filter(({ lane }) => lanes.includes(lane))
    .reduce((sum, { waiting }) => sum + waiting.reduce((pcu, one) => (one.at < at ? pcu + one.pcu : pcu), 0), 0);

const tenths = (x: number): number => Math.round(x * 10) / 10;
const waitedIn = ({ queues }: Future): ReadonlyMap<string, number> => queues.at(-1)!.waited;
const total = (waited: ReadonlyMap<string, number>): number => Math.round([...waited.values()].reduce((sum, s) => sum + s, 0));

/**
 * What an order does to the queues: the junction is run ahead twice from what is known of it, with the order and without, against the same expected
 * traffic. Queues stand at the stop line whatever their length, and neighbours send what they send now.
 */
export const foreseeQueues = (site: Site, input: ForesightInput): QueueForecast => {
  const { report, demand, everyS, forS } = input;
  const [given, without] = [runAhead(site, input, input.with), runAhead(site, input, input.without)];
  const until = after(report.at, seconds(forS));
  const jamPcuPerM = demandSettings(site).mix.jamPcuPerM;
  const approaches = [...new Set(demand.lanes.map(({ lane }) => approachOf(lane)))].map((approach): ApproachForecast => {
    const lanes = demand.lanes.filter(({ lane }) => approachOf(lane) === approach);
    const ids = lanes.map(({ lane }) => lane);
    const persons = lanes.flatMap(({ arrivals }) => arrivals).reduce((sum, one) => (one.at <= until ? sum + one.persons : sum), 0);
    const courseOf = (future: Future): QueueCourse => {
      const waited = ids.reduce((sum, lane) => sum + (waitedIn(future).get(lane) ?? 0), 0);
      return {
        queuePcu: future.queues.map((queues, k) => tenths(standing(queues, ids, after(report.at, seconds(k * everyS))))),
        meanWaitS: persons > 0 ? tenths(waited / persons) : 0,
      };
    };
    const lengthM = site.lanes.filter(({ id }) => ids.includes(id)).reduce((sum, lane) => sum + lane.lengthM, 0);
    return { lanes: ids, roomPcu: Math.round(lengthM * jamPcuPerM), with: courseOf(given), without: courseOf(without) };
  });
  return { at: report.at, everyS, approaches, personS: { with: total(waitedIn(given)), without: total(waitedIn(without)) } };
};
