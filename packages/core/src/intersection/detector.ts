import type { DetectorId, LaneId, SignalGroupId } from '../ids.ts';
import type { Duration } from '../time.ts';

export type DetectorRole = 'stop-line' | 'upstream' | 'lane-area' | 'push-button';

/** Recall places a call without a detection: `minimum` for the minimum green, `maximum` for all of it, `soft` only when nobody else calls. */
export type Recall = 'none' | 'minimum' | 'maximum' | 'pedestrian' | 'soft';

export interface Detector {
  readonly id: DetectorId;
  readonly role: DetectorRole;
  /** Lane of a loop or lane area; absent for push buttons. */
  readonly lane?: LaneId;
  /** Groups it calls and extends. */
  readonly groups: readonly SignalGroupId[];
  /** Distance from the stop line to the downstream edge of the detector, m. */
  readonly distanceM: number;
  /** Length of the detection zone, m. */
  readonly lengthM: number;
  /** An actuation shorter than this places no call. */
  readonly delay: Duration;
  /** The call outlasts the actuation by this (passage time). */
  readonly extension: Duration;
  /** A locked call stays until the group has been served. */
  readonly locking: boolean;
  /** Recall of its groups while this detector is failed. */
  readonly onFailure: Recall;
}
