import { isGreen, type LampState } from '../controller/lamp.ts';
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
const MOST_SAMPLES = 12;
/**
 * The moments themselves say how well an arrival is known, as long as the interval can be believed: up to a signal and a stop on the way. From
 * there trust falls evenly to nothing at UNKNOWN_MS, a whole cycle: it may come at any time.
 */
const SURE_MS = 45_000;
const UNKNOWN_MS = 90_000;

/** How much of a request's weight may count, 1…0, by the width of its arrival interval. */
export const arrivalTrust = (widthMs: number): number => Math.min(1, Math.max(0, (UNKNOWN_MS - widthMs) / (UNKNOWN_MS - SURE_MS)));

/** Where the share `u` of all arrivals has come, as a part of the interval: its middle is likelier than its ends (triangular). */
const quantile = (u: number): number => (u < 0.5 ? Math.sqrt(u / 2) : 1 - Math.sqrt((1 - u) / 2));

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
        at: Math.round(earliest + quantile((i + 0.5) / count) * widthMs) as Instant,
        weight: share,
      }));
    })
    .filter(({ at, weight }) => weight > 0 && at - now <= horizonMs)
    .sort((a, b) => a.at - b.at);

/** Who came while the group was green has crossed after this; who had to wait for green, with the queue before it, after that. */
const CROSSES_MS = 8000;
const GETS_AWAY_MS = 24_000;

/**
 * Whether who came at this moment has crossed by `now`, as the group's lamp tells: a late feed shows vehicles before signals that they have passed,
 * and nothing is to be held for them. Where the vehicle has been seen since, its moments are no older than that.
 */
export const hasCrossed = ({ at }: PriorityArrival, { lamp, since, ended }: LampState, now: Instant): boolean => {
  if (!isGreen(lamp)) return at + GETS_AWAY_MS <= (lamp === 'clearance' ? since : (ended ?? -Infinity));
  return now >= (at >= since ? at + CROSSES_MS : since + GETS_AWAY_MS);
};
