import type { Connection, Network, NetworkLane } from '@songxanh/core';

/** A lane on the way to a stop line; `endM` is how far its end is from that stop line. */
export interface UpstreamLane {
  readonly lane: NetworkLane;
  readonly endM: number;
}

/** Unsignalised connections into each road lane, straight ones first. */
export type LaneEntries = ReadonlyMap<string, readonly Connection[]>;

export const listLaneEntries = (network: Network): LaneEntries => {
  const entries = new Map<string, Connection[]>();
  for (const connection of network.connections) {
    const to = network.edges.get(connection.toEdge);
    if (to?.kind !== 'normal' || network.edges.get(connection.fromEdge)?.kind !== 'normal' || connection.direction === 't') continue;
    const lane = to.lanes[connection.toLane]?.id ?? '';
    entries.set(lane, [...(entries.get(lane) ?? []), connection]);
  }
  const bend = (connection: Connection): number => (connection.direction === 's' ? 0 : 1);
  for (const list of entries.values()) list.sort((a, b) => bend(a) - bend(b));
  return entries;
};

/** The lanes that lead to a stop line, nearest first, up to `reachM` before it or to the signal before. */
export const traceUpstream = (network: Network, entries: LaneEntries, stopLane: string, reachM: number): readonly UpstreamLane[] => {
  const way: UpstreamLane[] = [];
  let lane = network.lanes.get(stopLane);
  let endM = 0;
  while (lane !== undefined && endM < reachM && !way.some((step) => step.lane === lane)) {
    way.push({ lane, endM });
    endM += lane.lengthM;
    const into: Connection | undefined = entries.get(lane.id)?.find(({ signal }) => signal === undefined);
    const signalised = entries.get(lane.id)?.some(({ signal }) => signal !== undefined) ?? false;
    if (into === undefined || signalised) break;
    endM += network.lanes.get(into.via)?.lengthM ?? 0;
    lane = network.edges.get(into.fromEdge)?.lanes[into.fromLane];
  }
  return way;
};
