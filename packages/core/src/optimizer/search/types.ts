/** What the rolling-horizon search may be told; one set for every junction. */
export interface SearchSettings {
  readonly horizonMs: number;
  /** Changes are tried every second up to here, behind it ever more coarsely: what lies far ahead is decided anew anyway. */
  readonly fineMs: number;
  /** States kept per tick, and of them per stage. */
  readonly beam: number;
  readonly beamPerStage: number;
  /** Changes tried per state: the stages with most waiting traffic. */
  readonly branches: number;
  /** From the begin of green to the first departure of a standing queue (measured in SUMO: 1.4 s). */
  readonly startUpMs: number;
  /**
   * Part of the clearance time that traffic still uses: who is farther away stops (in SUMO whoever can). Too little wastes this much of a green,
   * too much leaves somebody standing for a whole red.
   */
  readonly clearanceUseMs: number;
  /** What a stop costs beside the waiting. */
  readonly stopCostMs: number;
  /** Free time a yielding vehicle needs before the next opposing one, and after the last one. */
  readonly gapMs: number;
  readonly gapAfterMs: number;
  /** What waiting at red behind the horizon's end is taken to last. */
  readonly terminalWaitMs: number;
}

/** Arrivals of one lane, or of the pedestrians of one group, in order. Times are ms from now. */
export interface SearchLane {
  readonly at: readonly number[];
  /** The groups of the lane's usual turns, where it has several: who may want any turn needs all of them. */
  readonly together: readonly number[];
  /** The groups that the first one may want: it needs all of them. */
  readonly firstNeeds: readonly number[];
  readonly headwayMs: readonly number[];
  readonly weight: readonly number[];
  readonly group: readonly number[];
  readonly stopped: readonly boolean[];
  /** Not seen, only to be expected. */
  readonly expected: readonly boolean[];
  /** It may want any of the lane's usual turns. */
  readonly anyTurn: readonly boolean[];
  readonly startUp: boolean;
  /** At least this long per PCU where it has to give way, ms. */
  readonly gapHeadwayMs: number;
}

/** The junction at the moment from which the search is free. */
export interface SearchStart {
  readonly atMs: number;
  readonly stage: number;
  /** Per group: begin of green where the stage has it green, else end of the last green. */
  readonly since: Float64Array;
  /** 1 where the group's red cap counts. */
  readonly capped: Uint8Array;
  /** From when on the maximum green of each group counts, because a conflicting one waits. */
  readonly contestedSince: Float64Array;
  /** 1 for each stage that somebody calls for: in an order with skips it may not be passed over. */
  readonly called: Uint8Array;
}

export interface StageChange {
  readonly stage: number;
  readonly atMs: number;
}

export interface SearchPath {
  readonly cost: number;
  readonly steps: readonly StageChange[];
}
