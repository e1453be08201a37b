import type { Instant, JunctionId, LaneInflow, OutflowBoard, Site } from '@songxanh/core';
import { createOutflowBoard } from '@songxanh/core';
import type { ToldOutflow } from '@songxanh/store';

/** What junctions send on, told to neighbours of this process and of others. */
export interface OutflowExchange extends OutflowBoard {
  /** What other processes have told. */
  readonly receive: (told: readonly ToldOutflow[]) => void;
  /** What has been told here since the last call and concerns junctions that are not ours. */
  readonly takeForOthers: () => readonly ToldOutflow[];
  /**
   * True when every neighbour that sends to `site` has told of `at` or of later. One that a junction has waited for in vain is not waited for again
   * until it has been in time once more.
   */
  readonly hasHeard: (site: Site, at: Instant) => boolean;
  /** The wait for those that have not told of `at` is over. */
  readonly giveUp: (site: Site, at: Instant) => void;
}

export const openOutflowExchange = (sites: readonly Site[], isOurs: (junction: JunctionId) => boolean): OutflowExchange => {
  const board = createOutflowBoard();
  const laneOwner = new Map(sites.flatMap((site) => site.lanes.map(({ id }) => [id, site.id] as const)));
  const downstream = new Map(sites.map((site) => [site.id, neighboursOf(site, laneOwner)]));
  const upstream = new Map(sites.map(({ id }) => [id, sites.flatMap((one) => (downstream.get(one.id)!.includes(id) ? [one.id] : []))]));
  const toldAt = new Map<JunctionId, Instant>();
  const late = new Set<JunctionId>();
  let forOthers: ToldOutflow[] = [];

  const put = (junction: JunctionId, at: Instant, outflow: readonly LaneInflow[]): void => {
    board.tell(junction, at, outflow);
    toldAt.set(junction, at);
  };
  const hasTold = (junction: JunctionId, at: Instant): boolean => (toldAt.get(junction) ?? -Infinity) >= at;
  const upstreamOf = (site: Site): readonly JunctionId[] => upstream.get(site.id) ?? [];

  return {
    tell: (junction, at, outflow) => {
      put(junction, at, outflow);
      if (downstream.get(junction)?.some((next) => !isOurs(next)) === true) forOthers.push({ junction, at, outflow });
    },
    inflowOf: board.inflowOf,
    receive: (told) => {
      for (const { junction, at, outflow } of told) if (!isOurs(junction)) put(junction, at, outflow);
    },
    takeForOthers: () => {
      const taken = forOthers;
      forOthers = [];
      return taken;
    },
    hasHeard: (site, at) => {
      const missing = upstreamOf(site).filter((junction) => !hasTold(junction, at));
      if (missing.some((junction) => !late.has(junction))) return false;
      for (const junction of upstreamOf(site)) if (!missing.includes(junction)) late.delete(junction);
      return true;
    },
    giveUp: (site, at) => {
      for (const junction of upstreamOf(site)) if (!hasTold(junction, at)) late.add(junction);
    },
  };
};

/** The junctions at whose stop lines the traffic of `site` arrives next. */
const neighboursOf = (site: Site, laneOwner: ReadonlyMap<string, JunctionId>): readonly JunctionId[] => [
  ...new Set(site.movements.flatMap(({ downstreamLane }) => laneOwner.get(downstreamLane ?? '') ?? [])),
];
