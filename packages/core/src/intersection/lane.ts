import type { LaneId, MovementId, SignalGroupId } from '../ids.ts';

/** An approach lane that ends at the stop line. */
export interface Lane {
  readonly id: LaneId;
  readonly lengthM: number;
  readonly speedMps: number;
  /** Width decides how many motorcycles discharge side by side; 3.2 m where unknown. */
  readonly widthM: number;
}

export type Turn = 'left' | 'through' | 'right' | 'u-turn';

/** A path from an approach lane through the junction to an exit lane. Several movements can share a lane, and one group can serve several movements. */
export interface Movement {
  readonly id: MovementId;
  readonly group: SignalGroupId;
  readonly fromLane: LaneId;
  readonly toLane: LaneId;
  readonly turn: Turn;
  /** Storage of the exit lane, m: a full short exit blocks the box. */
  readonly exitLengthM: number;
  /** The junction whose stop line is at the end of the exit road, where there is one. */
  readonly downstreamLane?: LaneId;
}
