import type { DetectorActuation, ExitStorage, Instant, JunctionId, Lamp, VehicleSighting } from '@songxanh/core';

/** What the street tells after a step, and what a junction may know of it. */
export interface StreetStep {
  readonly now: Instant;
  /** Of all detectors, since the last step, in order of time. */
  readonly actuations: readonly DetectorActuation[];
  /** Vehicles within sight, by junction; empty where the street was opened without `sightings`. */
  readonly sightings: ReadonlyMap<JunctionId, readonly VehicleSighting[]>;
  /** Exit roads, by junction; likewise. */
  readonly exits: ReadonlyMap<JunctionId, readonly ExitStorage[]>;
  /** The street has come to its end; it takes no further step. */
  readonly ended: boolean;
}

/** A street in this process: a simulator that owns street time. */
export interface Street {
  /** Where the street stands before its first step. */
  start(): Promise<StreetStep>;
  /** Shows these heads (by junction, in the order of the cabinet's outputs) during the next second and tells what happened. */
  step(heads: ReadonlyMap<JunctionId, readonly Lamp[]>): Promise<StreetStep>;
  close(): Promise<void>;
}
