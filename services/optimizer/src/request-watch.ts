import type { ActiveRequest, DetectorActuation, Instant, JunctionDemand, Planner, RequestId, RequestProof, Site } from '@songxanh/core';
import { accountOf, isSettled, openComparison, stepComparison, type Comparison, type SeenSignals } from '@songxanh/core';

/** Comparisons of one junction at a time: each costs two plans per second. */
const MOST_COMPARISONS = 3;
/** A list that is older than this in street time is nobody's request any more. */
const REQUEST_LIFE_MS = 8000;

export interface RequestNews {
  readonly proof: RequestProof;
  /** It has reached its cap and is weighed no more; not yet its last account. */
  readonly exhausted: boolean;
}

/** The requests of one junction: what is weighed, and what each of them does. */
export interface RequestWatch {
  readonly put: (at: Instant, requests: readonly ActiveRequest[]) => void;
  /** What is to be weighed now. */
  readonly weighed: (now: Instant) => readonly ActiveRequest[];
  /** Carries the comparisons on by one observation; what is settled or has reached its cap. */
  readonly compare: (seen: {
    readonly now: Instant;
    readonly signals: SeenSignals;
    readonly demand: JunctionDemand;
    readonly actuations: readonly DetectorActuation[];
  }) => readonly RequestNews[];
}

export const openRequestWatch = (site: Site, planner: Planner): RequestWatch => {
  let list: { readonly at: Instant; readonly requests: readonly ActiveRequest[] } = { at: 0 as Instant, requests: [] };
  let comparisons: readonly Comparison[] = [];
  const exhausted = new Set<RequestId>();
  /** Compared already, or past the number that can be: not opened again. */
  const begun = new Set<RequestId>();

  const weighed: RequestWatch['weighed'] = (now) =>
    Math.abs(now - list.at) > REQUEST_LIFE_MS ? [] : list.requests.filter(({ id }) => !exhausted.has(id));
  const proofOf = (comparison: Comparison): RequestProof => ({
    request: comparison.request,
    junction: site.id,
    at: comparison.at,
    ...accountOf(comparison),
  });

  return {
    put: (at, requests) => {
      list = { at, requests };
      const known = new Set([...requests.map(({ id }) => id), ...comparisons.map(({ request }) => request)]);
      for (const id of [...exhausted, ...begun])
        if (!known.has(id)) {
          exhausted.delete(id);
          begun.delete(id);
        }
    },
    weighed,
    compare: ({ now, signals, demand, actuations }) => {
      const requests = weighed(now);
      // A street that begins again is another one.
      if (comparisons.some(({ at }) => at > now)) comparisons = [];
      const moved = comparisons.map((one) => stepComparison(site, one, { now, demand, actuations, requests }, planner));
      const news: RequestNews[] = moved.filter(isSettled).map((one) => ({ proof: proofOf(one), exhausted: false }));
      comparisons = moved.filter((one) => !isSettled(one));
      for (const one of comparisons) {
        const request = requests.find(({ id }) => id === one.request);
        if (request?.costCapPersonS === undefined || accountOf(one).costPersonS <= request.costCapPersonS) continue;
        exhausted.add(one.request);
        news.push({ proof: proofOf(one), exhausted: true });
      }
      for (const { id } of requests) {
        if (begun.has(id) || comparisons.length >= MOST_COMPARISONS) continue;
        begun.add(id);
        comparisons = [...comparisons, openComparison(site, id, now, signals, demand)];
      }
      return news;
    },
  };
};
