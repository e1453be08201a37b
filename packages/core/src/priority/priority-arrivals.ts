import type { LaneId, SignalGroupId } from '../ids.ts';
import type { Instant } from '../time.ts';
import type { ActiveRequest, RequestId } from './priority-request.ts';

/** One of the moments a requester may arrive at, with its part of the weight. It needs no discharge of its own: detectors count the vehicle. */
export interface PriorityArrival {
  readonly request: RequestId;
  readonly lane: LaneId;
  readonly group: SignalGroupId;
  readonly at: Instant;
  /** Person-seconds per second of delay. */
  readonly weight: number;
}

/** One moment stands for this much of an interval, up to MOST_SAMPLES of them. */
const SAMPLE_MS = 4000;
const MOST_SAMPLES = 8;
/** An arrival known this well is trusted whole; from there trust falls evenly to nothing at UNKNOWN_MS, the delay of the slowest feeds. */
const SURE_MS = 15_000;
const UNKNOWN_MS = 75_000;

/**
 * How much of a request's weight may count, 1…0, by the width of its arrival interval: green that is kept for somebody who may come at any time
 * costs the others surely and helps by chance.
 */
export const arrivalTrust = (widthMs: number): number => Math.min(1, Math.max(0, (UNKNOWN_MS - widthMs) / (UNKNOWN_MS - SURE_MS)));

/**
 * The requests as traffic of their lanes, in order of time: each arrival interval becomes equally likely moments that share its weight, so that
 * the expected delay is a plain sum. Moments in the past are those of a vehicle that waits. Those beyond `horizonMs` from `now` are left out.
 */
export const priorityArrivals = (requests: readonly ActiveRequest[], now: Instant, horizonMs: number): readonly PriorityArrival[] =>
  requests
    .flatMap(({ id, lane, group, earliest, latest, weight }) => {
      const widthMs = Math.max(0, latest - earliest);
      const count = Math.min(MOST_SAMPLES, 1 + Math.floor(widthMs / SAMPLE_MS));
      const share = (weight * arrivalTrust(widthMs)) / count;
      return Array.from({ length: count }, (_, i) => ({
        request: id,
        lane,
        group,
        at: Math.round(earliest + ((i + 0.5) * widthMs) / count) as Instant,
        weight: share,
      }));
    })
    .filter(({ at, weight }) => weight > 0 && at - now <= horizonMs)
    .sort((a, b) => a.at - b.at);
