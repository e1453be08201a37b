import type { JunctionId, LaneId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Instant } from '../time.ts';
import type { LaneInflow } from './demand-state.ts';

interface Told {
  readonly at: Instant;
  readonly outflow: readonly LaneInflow[];
}

/** Where neighbours tell each other what they send on. */
export interface OutflowBoard {
  readonly tell: (junction: JunctionId, at: Instant, outflow: readonly LaneInflow[]) => void;
  /** What was told before `at` for the lanes of `site`: never of the same step, so that the order in which junctions are served does not matter. */
  readonly inflowOf: (site: Site, at: Instant) => readonly LaneInflow[];
}

/** One of this step and one of the step before; one more for whom a junction of another agent is a step ahead. */
const KEPT = 3;

export const createOutflowBoard = (): OutflowBoard => {
  const told = new Map<JunctionId, readonly Told[]>();
  /** Which junctions have told of a lane: a site asks its neighbours only, however many junctions there are. */
  const tellers = new Map<LaneId, Set<JunctionId>>();
  return {
    tell: (junction, at, outflow) => {
      for (const { lane } of outflow) {
        const known = tellers.get(lane);
        if (known === undefined) tellers.set(lane, new Set([junction]));
        else known.add(junction);
      }
      told.set(junction, [{ at, outflow }, ...(told.get(junction) ?? []).filter((one) => one.at < at)].slice(0, KEPT));
    },
    inflowOf: (site, at) => {
      const lanes = new Set(site.lanes.map(({ id }) => id));
      const neighbours = new Set(site.lanes.flatMap(({ id }) => [...(tellers.get(id) ?? [])]));
      // Not in the order in which they spoke first.
      return [...neighbours]
        .sort()
        .flatMap((junction) => told.get(junction)!.find((one) => one.at < at)?.outflow ?? [])
        .filter(({ lane }) => lanes.has(lane));
    },
  };
};
