import type { Arrival, JunctionDemand } from '../demand/demand.ts';
import type { Site } from '../intersection/site.ts';
import type { Decision, Planner, PlanningInput } from '../optimizer/planner.ts';
import type { Instant } from '../time.ts';
import { measureOf, PRIORITY_MEASURES } from './measure.ts';
import { priorityArrivals } from './priority-arrivals.ts';
import type { ActiveRequest } from './priority-request.ts';

/** Further ahead than any horizon that is searched, ms. */
const AHEAD_MS = 120_000;

/**
 * The demand with what is at stake for the requests: arrivals that weigh and need no discharge, each in its place in its lane, so that a vehicle waits
 * behind the queue before it. They are expected, not seen: they call nobody.
 */
export const withRequests = (site: Site, demand: JunctionDemand, requests: readonly ActiveRequest[], now: Instant): JunctionDemand => {
  const coming = priorityArrivals(requests, now, AHEAD_MS);
  if (coming.length === 0) return demand;
  return {
    ...demand,
    lanes: demand.lanes.map((lane) => {
      const own = coming.flatMap(({ lane: on, group, at, weight }): readonly Arrival[] => {
        const movement = site.movements.find((one) => one.fromLane === on && one.group === group)?.id;
        return on === lane.lane && movement !== undefined
          ? [{ at, pcu: 0, persons: weight, movement, stopped: false, expected: true }]
          : [];
      });
      return own.length === 0 ? lane : { ...lane, arrivals: [...lane.arrivals, ...own].sort((a, b) => a.at - b.at) };
    }),
  };
};

/** Plans with the requests in the balance; any planner that minimises delay can. */
export const planWith = (planner: Planner, input: PlanningInput, requests: readonly ActiveRequest[]): Decision =>
  planner(requests.length === 0 ? input : { ...input, demand: withRequests(input.site, input.demand, requests, input.now) });

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
