import type { DetectorId, JunctionId } from '../ids.ts';
import type { Duration, Instant } from '../time.ts';
import type { DetectorActuation, DetectorQuality } from './actuation.ts';

/** One detector over one report: what `services/detectors` passes on after the health tests. */
export interface DetectorCount {
  readonly detector: DetectorId;
  /** Ons in the period. */
  readonly count: number;
  readonly occupied: Duration;
  /** Occupied at the end of the period. */
  readonly on: boolean;
  readonly quality: DetectorQuality;
}

export interface JunctionCounts {
  readonly junction: JunctionId;
  readonly sequence: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly counts: readonly DetectorCount[];
  /** Repaired on/off pulses, in order of time: the optimizer's arrivals need their stamps. */
  readonly actuations: readonly DetectorActuation[];
}
