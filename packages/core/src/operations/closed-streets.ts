import type { JunctionDemand, TurnShare } from '../demand/demand.ts';
import { approachOf } from '../demand/sent-traffic.ts';
import type { LaneId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';

/** By rounding only. */
const NONE = 1e-9;

/**
 * The demand while works close edges or lanes: on a closed lane nobody is expected any more (who is seen there still leaves), and nobody is expected to
 * turn into a closed edge. Who is seen to want it nevertheless is served: it may be a bus or a resident.
 */
export const withClosedStreets = (site: Site, demand: JunctionDemand, closed: ReadonlySet<string>): JunctionDemand => {
  if (closed.size === 0) return demand;
  const isShut = (lane: LaneId): boolean => closed.has(lane) || closed.has(approachOf(lane));
  const leadsToShut = new Set<string>(site.movements.filter(({ toLane }) => closed.has(approachOf(toLane))).map(({ id }) => id));
  return {
    ...demand,
    lanes: demand.lanes.map((lane) => {
      const own = site.movements.filter(({ fromLane }) => fromLane === lane.lane);
      const isOver = isShut(lane.lane) || (own.length > 0 && own.every(({ id }) => leadsToShut.has(id)));
      const arrivals = isOver ? lane.arrivals.filter(({ expected }) => expected !== true) : lane.arrivals;
      if (lane.turnShares === undefined || isOver) return { ...lane, arrivals };
      return { ...lane, arrivals, turnShares: withoutTurns(lane.turnShares, leadsToShut) };
    }),
  };
};

/** The shares of the turns that are left, in the same proportion. */
const withoutTurns = (shares: readonly TurnShare[], shut: ReadonlySet<string>): readonly TurnShare[] => {
  const left = shares.reduce((sum, { movement, share }) => (shut.has(movement) ? sum : sum + share), 0);
  if (left < NONE || left > 1 - NONE) return shares;
  return shares.map(({ movement, share }) => ({ movement, share: shut.has(movement) ? 0 : share / left }));
};
