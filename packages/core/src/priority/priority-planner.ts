import { isGreen, type LampState } from '../controller/lamp.ts';
import type { Arrival, JunctionDemand, LaneDemand } from '../demand/demand.ts';
import type { LaneId, MovementId, SignalGroupId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Decision, Planner, PlanningInput } from '../optimizer/planner.ts';
import { earliest, type Instant } from '../time.ts';
import { queuedCrossingMs, queuedDriveMs } from './arrival-interval.ts';
import { measureOf, PRIORITY_MEASURES } from './measure.ts';
import { hasCrossed, priorityArrivals } from './priority-arrivals.ts';
import type { ActiveRequest } from './priority-request.ts';

/** Further ahead than any horizon that is searched, ms. */
const AHEAD_MS = 120_000;

/**
 * The demand with what is at stake for the requests: arrivals that weigh and need no discharge, each in its place in its lane, so that a vehicle waits
 * behind the queue before it. They are expected, not seen: they call nobody. Where `lamps` are told, green that has begun has moved the queue already, and who
 * must have crossed in it is left out.
 */
export const withRequests = (
  site: Site,
  demand: JunctionDemand,
  requests: readonly ActiveRequest[],
  now: Instant,
  lamps: readonly LampState[] = [],
): JunctionDemand => {
  const lampOf = new Map(lamps.map((lamp) => [lamp.group, lamp]));
  const coming = priorityArrivals(
    requests.filter(({ queuedM }) => queuedM === undefined),
    now,
    AHEAD_MS,
  ).filter((arrival) => {
    const lamp = lampOf.get(arrival.group);
    return lamp === undefined || !hasCrossed(arrival, lamp, now);
  });
  const queued = requests.filter(({ queuedM }) => queuedM !== undefined);
  if (coming.length === 0 && queued.length === 0) return demand;
  const movementOf = (on: LaneId, group: SignalGroupId): MovementId | undefined =>
    site.movements.find((one) => one.fromLane === on && one.group === group)?.id;
  const lanes = demand.lanes.map((lane): LaneDemand => {
    const own = coming.flatMap(({ lane: on, group, at, weight }): readonly Arrival[] => {
      const movement = on === lane.lane ? movementOf(on, group) : undefined;
      return movement === undefined ? [] : [{ at, pcu: 0, persons: weight, movement, stopped: false, expected: true }];
    });
    return own.length === 0 ? lane : { ...lane, arrivals: [...lane.arrivals, ...own].sort((a, b) => a.at - b.at) };
  });
  for (const { lane: on, group, weight, queuedM = 0 } of queued) {
    const [i, movement] = [lanes.findIndex(({ lane }) => lane === on), movementOf(on, group)];
    if (lanes[i] === undefined || movement === undefined) continue;
    const lamp = lampOf.get(group);
    const greenMs = lamp !== undefined && isGreen(lamp.lamp) ? now - lamp.since : 0;
    lanes[i] = standIn(lanes[i], { at: now, pcu: 0, persons: weight, movement, stopped: true, expected: true }, queuedM, greenMs);
  }
  return { ...demand, lanes };
};

/** From the begin of green to the first departure, ms. */
const START_UP_MS = 1500;

/**
 * The lane with one that stands `queuedM` before the stop line: so much discharges before it as it takes that place to move up. Its own place says
 * more of the queue before it than the loops do.
 */
const standIn = (lane: LaneDemand, own: Arrival, queuedM: number, greenMs: number): LaneDemand => {
  const { arrivals, saturationPcuPerS } = lane;
  const moveMs = Math.max(queuedDriveMs(queuedM), queuedCrossingMs(queuedM) - Math.max(0, greenMs - START_UP_MS));
  let missing = (saturationPcuPerS * moveMs) / 1000;
  let i = 0;
  for (; i < arrivals.length && missing > 0 && arrivals[i]!.at <= own.at; i++) missing -= arrivals[i]!.pcu;
  const at = earliest(own.at, arrivals[i]?.at ?? own.at);
  const unseen: readonly Arrival[] = missing > 0 ? [{ ...own, at, pcu: missing, persons: 0 }] : [];
  return { ...lane, arrivals: [...arrivals.slice(0, i), ...unseen, { ...own, at }, ...arrivals.slice(i)] };
};

/** Plans with the requests in the balance; any planner that minimises delay can. */
export const planWith = (planner: Planner, input: PlanningInput, requests: readonly ActiveRequest[]): Decision =>
  planner(
    requests.length === 0 ? input : { ...input, demand: withRequests(input.site, input.demand, requests, input.now, input.signals.lamps) },
  );

const isLimited = ({ measures }: ActiveRequest): boolean => measures !== undefined && measures.length < PRIORITY_MEASURES.length;

/**
 * Keeps a planner to the measures each request may be served by: where its plan serves somebody otherwise, that request is left out and the rest is
 * planned again. Costs nothing where nobody asks or everything is allowed.
 */
export const planWithinMeasures = (planner: Planner, input: PlanningInput, asked: readonly ActiveRequest[]): Decision => {
  let requests = asked;
  for (;;) {
    const decision = planWith(planner, input, requests);
    const { plan } = decision;
    const limited = requests.filter(isLimited);
    if (plan === undefined || limited.length === 0) return decision;
    const free = requests.filter((one) => !isLimited(one));
    const usual = planWith(planner, input, free).plan ?? input.signals.plan;
    const served = limited.find(({ group, measures = [] }) => {
      const measure = measureOf(input.site, input.now, group, usual, plan);
      return measure !== undefined && !measures.includes(measure);
    });
    if (served === undefined) return decision;
    requests = requests.filter((one) => one !== served);
  }
};
