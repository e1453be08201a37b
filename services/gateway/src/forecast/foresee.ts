import type { Course, DemandState, Planner, QueueForecast, Site } from '@songxanh/core';
import {
  adaptivePlanner,
  demandSettings,
  fixedTimePlanner,
  foreseeQueues,
  maxPressurePlanner,
  readDemand,
  startDemand,
  updateDemand,
  withClosedStreets,
} from '@songxanh/core';
import type { JunctionObservation } from '@songxanh/wire';

export interface ForesightWish {
  /** Oldest first, at least one. */
  readonly past: readonly JunctionObservation[];
  readonly with: Course;
  readonly without: Course;
  readonly forS: number;
  /** Edges and lanes that works close now. */
  readonly closed: readonly string[];
  /** As the optimizer's decision records name it; nobody plans where it is none that we know. */
  readonly method: string | undefined;
}

const planners: Readonly<Record<string, () => Planner>> = {
  adaptive: adaptivePlanner,
  'fixed-time': fixedTimePlanner,
  'max-pressure': maxPressurePlanner,
};
/** As many points as a small picture can show. */
const POINTS = 20;

/** The demand as an optimizer that takes the junction over knows it, from the same recorded minutes. */
const recall = (site: Site, past: readonly JunctionObservation[]): DemandState | undefined => {
  let state: DemandState | undefined;
  let last: JunctionObservation | undefined;
  for (const observation of past) {
    const { counts, signals } = observation;
    // A street that has begun again has other traffic.
    const known = state !== undefined && counts.to >= state.at ? state : undefined;
    state = updateDemand(site, known ?? startDemand(site, counts.from), {
      now: counts.to,
      counts,
      // What was counted happened under the lamps of the report before.
      lamps: (known === undefined ? undefined : last)?.signals.lamps ?? signals.lamps,
    });
    last = observation;
  }
  return state;
};

/** The queues with an order and without; undefined where nothing was observed. */
export const foresee = (site: Site, { past, method, forS, closed, ...courses }: ForesightWish): QueueForecast | undefined => {
  const demand = recall(site, past);
  const last = past.at(-1);
  if (demand === undefined || last === undefined) return undefined;
  const ahead = { ...demand, settings: { ...demandSettings(site), horizonS: forS } };
  const planner = planners[method ?? '']?.();
  return foreseeQueues(site, {
    ...courses,
    ...{ forS, everyS: Math.ceil(forS / POINTS), report: last.signals },
    demand: withClosedStreets(site, readDemand(site, ahead, demand.at), new Set(closed)),
    ...(planner === undefined ? {} : { planner }),
  });
};
