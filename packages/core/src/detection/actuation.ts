import type { DetectorId, JunctionId, LaneId, MovementId } from '../ids.ts';
import type { Instant } from '../time.ts';

/** A detector switched on or off; stamps are whole 100 ms. */
export interface DetectorActuation {
  readonly detector: DetectorId;
  readonly at: Instant;
  readonly on: boolean;
}

export type DetectorQuality = 'good' | 'suspect' | 'failed';

/** What one junction's detectors saw in (from, to]. `sequence` rises by one per report of a junction. */
export interface DetectorReport {
  readonly junction: JunctionId;
  readonly sequence: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly actuations: readonly DetectorActuation[];
}

/** A vehicle whose position is known (connected vehicle, video track): within sight of a junction's stop line. */
export interface VehicleSighting {
  readonly vehicle: string;
  /** The approach lane it is on or heads for. */
  readonly lane: LaneId;
  readonly distanceM: number;
  readonly speedMps: number;
  readonly movement?: MovementId;
  readonly persons: number;
  /** Passenger-car units. */
  readonly pcu: number;
}
