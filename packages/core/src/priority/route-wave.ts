import type { JunctionId, LaneId, SignalGroupId } from '../ids.ts';
import type { Duration, Instant } from '../time.ts';
import { arrivalInterval, type Pace } from './arrival-interval.ts';
import type { PreemptCall } from './preemption.ts';

/** A stop line on a route. */
export interface RouteStopLine {
  readonly junction: JunctionId;
  readonly group: SignalGroupId;
  readonly lane: LaneId;
  /** From the begin of the route. */
  readonly distanceM: number;
}

/** Where a vehicle on a route was last seen. */
export interface RouteProgress {
  readonly observedAt: Instant;
  readonly distanceM: number;
  readonly positionErrorM: number;
  readonly freeSpeedMps: number;
  readonly pace: Pace;
}

/** The stop lines a vehicle has not passed, in order. One within the position's error counts as not passed. */
export const stopLinesAhead = (route: readonly RouteStopLine[], { distanceM, positionErrorM }: RouteProgress): readonly RouteStopLine[] =>
  route.filter((line) => line.distanceM > distanceM - positionErrorM);

/**
 * The wave of an emergency vehicle: a call at each junction ahead of it by its arrival there; those behind have none and so recover.
 * Signals do not hold it, since each is opened for it. `queueTime` tells what stands before it at a stop line.
 */
export const waveCalls = (
  vehicle: string,
  route: readonly RouteStopLine[],
  progress: RouteProgress,
  queueTime: (line: RouteStopLine) => Duration,
): ReadonlyMap<JunctionId, PreemptCall> => {
  const calls = new Map<JunctionId, PreemptCall>();
  for (const line of stopLinesAhead(route, progress)) {
    if (calls.has(line.junction)) continue;
    const arrival = arrivalInterval({
      ...progress,
      distanceM: line.distanceM - progress.distanceM,
      dwells: [],
      longestHold: 0 as Duration,
    });
    calls.set(line.junction, { id: vehicle, kind: 'emergency', group: line.group, arrival, queueTime: queueTime(line) });
  }
  return calls;
};
