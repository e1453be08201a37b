import type { JunctionId, LaneId, SignalGroupId, StageId } from '../ids.ts';
import type { Duration } from '../time.ts';
import type { Conflict, Intergreen } from './conflict-matrix.ts';
import type { Detector, Recall } from './detector.ts';
import type { Lane, Movement } from './lane.ts';
import type { SignalGroup } from './signal-group.ts';
import type { TrafficMix } from './traffic-mix.ts';

/** A set of signal groups with right of way together. A group not listed is red. */
export interface Stage {
  readonly id: StageId;
  readonly name?: string;
  readonly green: readonly SignalGroupId[];
}

/** `fixed`: every stage in turn. `skips`: in turn, uncalled ones left out. `free`: any stage may follow any other. */
export type StageOrder = 'fixed' | 'skips' | 'free';

/** One time-of-day plan: a cycle of stages with splits, synchronised to the clock. */
export interface TimeOfDayPlan {
  readonly name: string;
  readonly cycle: Duration;
  /** Begin of the first split's green, counted from local midnight modulo the cycle. */
  readonly offset: Duration;
  /** Stage by stage, from the begin of one stage's change to the begin of the next one's; the splits add up to the cycle. */
  readonly splits: readonly { readonly stage: StageId; readonly duration: Duration }[];
}

/** `days`: 0 Sunday … 6 Saturday. `from`: time since local midnight. `plan`: a plan's name, or one of the two special programs `night-flash` and `actuated`. */
export interface ScheduleEntry {
  readonly days: readonly number[];
  readonly from: Duration;
  readonly plan: string;
}

/** A pedestrian crossing. With a refuge it is walked in two halves, each with a signal group and clearance of its own. */
export interface Crossing {
  readonly id: string;
  readonly groups: readonly SignalGroupId[];
  readonly lengthM: number;
  readonly walkingSpeedMps: number;
}

/** NEMA ring-barrier structure: `rings[r][b]` lists the phases of ring r before barrier b, in order; a phase names the groups it serves. */
export interface RingBarrier {
  readonly phases: readonly { readonly number: number; readonly groups: readonly SignalGroupId[] }[];
  readonly rings: readonly (readonly (readonly number[])[])[];
}

export type JunctionMode = 'monitor' | 'shadow' | 'advisory' | 'control';

/** Everything a junction's controller must know: the content of `<name>.site.json`. Safety values never come from the optimizer. */
export interface Site {
  readonly id: JunctionId;
  readonly name: string;
  /** WGS-84 degrees. */
  readonly position: { readonly lon: number; readonly lat: number };
  /** IANA name, e.g. Asia/Ho_Chi_Minh. */
  readonly timeZone: string;
  readonly mode: JunctionMode;
  /** Number of cabinet outputs; every `SignalGroup.heads` entry is below it. */
  readonly headCount: number;
  readonly lanes: readonly Lane[];
  readonly movements: readonly Movement[];
  readonly groups: readonly SignalGroup[];
  readonly conflicts: readonly Conflict[];
  readonly intergreens: readonly Intergreen[];
  readonly crossings: readonly Crossing[];
  /** The engineer's stages first, then any derived safe combinations. */
  readonly stages: readonly Stage[];
  readonly stageOrder: StageOrder;
  /** The stages of the fixed order and of local actuation, in turn. */
  readonly stageSequence: readonly StageId[];
  readonly detectors: readonly Detector[];
  readonly recalls: readonly { readonly group: SignalGroupId; readonly recall: Recall }[];
  readonly plans: readonly TimeOfDayPlan[];
  readonly schedule: readonly ScheduleEntry[];
  readonly ringBarrier?: RingBarrier;
  /** All-red after start-up flash and after night flash, before the first stage. */
  readonly startUp: { readonly flash: Duration; readonly allRed: Duration; readonly stage: StageId };
  /** Groups that flash yellow in night flash and fault flash; all others flash red. */
  readonly flashYellow: readonly SignalGroupId[];
  /** Weight of an approach lane's delay in the objective; 1 where absent. */
  readonly weights: readonly { readonly lane: LaneId; readonly weight: number }[];
  /** What the loops' pulses stand for; cars where absent. */
  readonly traffic?: TrafficMix;
}
