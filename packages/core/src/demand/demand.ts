import type { JunctionId, LaneId, MovementId, SignalGroupId } from '../ids.ts';
import type { Instant } from '../time.ts';

/** Some traffic that reaches a stop line together: one vehicle, or several motorcycles. */
export interface Arrival {
  /** When it would reach the stop line if nothing held it from now on; in the past for queued traffic whose place is not known. */
  readonly at: Instant;
  /** Where the place of queued traffic is known: since when it stands. */
  readonly waitingSince?: Instant;
  /** Passenger-car units: how much discharge it needs. */
  readonly pcu: number;
  readonly persons: number;
  /** Known only with vehicle sightings. */
  readonly movement?: MovementId;
  /** What it may want, where it has let pass the green of the others. */
  readonly oneOf?: readonly MovementId[];
  /** It stands in the queue now. */
  readonly stopped: boolean;
  /** Not seen, but expected from the lane's mean flow or a neighbour's plan. */
  readonly expected?: boolean;
}

/** Part of a lane's traffic that takes a movement; a lane's shares add up to 1. */
export interface TurnShare {
  readonly movement: MovementId;
  readonly share: number;
}

export interface LaneDemand {
  readonly lane: LaneId;
  /** Ascending by `at`. */
  readonly arrivals: readonly Arrival[];
  /** Discharge while green, PCU/s, estimated online. */
  readonly saturationPcuPerS: number;
  /** Where it is measured: time per PCU that leaves through the gaps of an opposing stream, ms. */
  readonly gapHeadwayMs?: number;
  /** Where arrivals do not say their movement. */
  readonly turnShares?: readonly TurnShare[];
  /** 0…1: how far to trust this. */
  readonly confidence: number;
}

export interface PedestrianCall {
  readonly group: SignalGroupId;
  readonly since: Instant;
  readonly persons: number;
}

/** How full the road behind a movement is. */
export interface ExitStorage {
  readonly lane: LaneId;
  /** 0…1 of its length. */
  readonly occupancyRatio: number;
  readonly blocked: boolean;
}

/** What an optimizer believes about one junction's traffic at `at`. */
export interface JunctionDemand {
  readonly junction: JunctionId;
  readonly at: Instant;
  readonly lanes: readonly LaneDemand[];
  readonly pedestrians: readonly PedestrianCall[];
  readonly exits: readonly ExitStorage[];
}
