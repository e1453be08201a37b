import type { DetectorActuation, Instant, JunctionId, Lamp } from '@songxanh/core';
import type { CabinetHealth } from '@songxanh/wire';

/** What the field says at one instant, for all junctions of a driver at once. */
export interface DriverInputs {
  readonly now: Instant;
  readonly junctions: ReadonlyMap<JunctionId, { readonly actuations: readonly DetectorActuation[]; readonly health: CabinetHealth }>;
}

export interface DriverEvents {
  readonly onInputs: (inputs: DriverInputs) => void;
  /** The field is there (again): what was commanded before is forgotten, controllers begin with their start-up. */
  readonly onUp: () => void;
  readonly onDown: (reason: string) => void;
  /** A simulated scenario is over. */
  readonly onEnded: () => void;
}

/**
 * Field devices behind one interface. Nothing is commanded by anybody but the driver's owner, and nothing outlives its silence:
 * the cabinet flashes by itself.
 */
export interface Driver {
  /** The street waits for each command (simulation). Else inputs come with the wall clock and nothing may wait. */
  readonly lockstep: boolean;
  readonly start: (events: DriverEvents) => void;
  /** Heads shown from the inputs at `now` on. False when the field is not there. */
  readonly command: (now: Instant, heads: ReadonlyMap<JunctionId, readonly Lamp[]>) => boolean;
  readonly stop: () => void;
}
