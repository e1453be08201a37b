import type { LoopDetector, Network } from '@songxanh/core';
import { listLaneEntries, traceUpstream } from './trace-upstream.ts';

/** A stop-line loop lies under the first waiting vehicle, m before the line: a car that waits up to this far from the line covers it. */
const STOP_LINE_M = 4;
/** Where an upstream loop lies, m before the stop line. */
const UPSTREAM_M = 100;
/** A loop on a stub shorter than this misses who enters it late. */
const SHORTEST_LANE_M = 8;
/** SUMO places vehicles at a lane's very begin; a loop lies a little behind it, m. */
const FROM_BEGIN_M = 1;

/**
 * Loops for signals that have none: `<lane>_stop` at each stop line and `<lane>_up` 100 m before it, both on the edges before where the lane is
 * shorter. Where two lanes would share one upstream place (a turn bay behind it), the second has its loop at its own begin. A lane that
 * begins at another signal has it there too.
 */
export const placeDetectors = (network: Network, signalIds: Iterable<string>): readonly LoopDetector[] => {
  const signals = new Set(signalIds);
  const entries = listLaneEntries(network);
  const stopLanes = new Set<string>();
  for (const { signal, fromEdge, fromLane } of network.connections) {
    const from = network.edges.get(fromEdge);
    const lane = from?.lanes[fromLane];
    if (signal !== undefined && signals.has(signal.program) && from?.kind === 'normal' && lane !== undefined) stopLanes.add(lane.id);
  }

  const taken = new Set<string>();
  const upstream = (stopLane: string): LoopDetector | undefined => {
    const way = traceUpstream(network, entries, stopLane, UPSTREAM_M);
    const usable = way.filter(({ lane }) => lane.lengthM >= SHORTEST_LANE_M);
    const farthest = usable.filter(({ lane }) => lane.id === stopLane || !taken.has(lane.id)).at(-1);
    if (farthest === undefined) return undefined;
    const { lane, endM } = farthest;
    taken.add(lane.id);
    return { kind: 'loop', id: `${stopLane}_up`, lane: lane.id, posM: Math.max(FROM_BEGIN_M, lane.lengthM - (UPSTREAM_M - endM)) };
  };

  return [...stopLanes].flatMap((id): LoopDetector[] => {
    const { lane, endM } = traceUpstream(network, entries, id, STOP_LINE_M).at(-1)!;
    const stop: LoopDetector = { kind: 'loop', id: `${id}_stop`, lane: lane.id, posM: Math.max(0, lane.lengthM - (STOP_LINE_M - endM)) };
    const up = upstream(id);
    return up === undefined ? [stop] : [stop, up];
  });
};
