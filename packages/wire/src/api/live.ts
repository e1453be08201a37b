/**
 * What the gateway tells a browser: the messages of the WebSocket `/live` and the bodies of the REST API, as JSON.
 * Instants are street time in ms since 1970-01-01T00:00Z; other quantities carry their unit in the name.
 */
import type { Alternative, ControllerMode, RequestStatus, Source, Turn } from '@songxanh/core';

export type { RequestStatus, Turn };

/** One letter per signal group, in the order of the junction's `groups`: r red, G green, g permissive, y clearance, f flashing yellow, F flashing red, d dark. */
export type LampLetters = string;

/** One letter per detector, in the order of the junction's `detectors`: 0/1 off/on and good, s/S off/on and suspect, x/X off/on and failed. */
export type DetectorLetters = string;

export interface LiveSignals {
  readonly at: number;
  readonly mode: ControllerMode;
  readonly source: Source;
  /** Stable code: why this source is in charge. */
  readonly why: string;
  readonly stage: string;
  readonly lamps: LampLetters;
  /** Number on each group's countdown display, null where blank, in the order of `groups`. */
  readonly countdowns: readonly (number | null)[];
  readonly worstWaitS: number;
}

export interface LiveKpis {
  readonly at: number;
  /** Mean delay of everybody who has begun the journey, persons weighted by vehicle occupancy. */
  readonly meanDelayPerPersonS: number;
  readonly personDelayH: number;
  /** Vehicles that have reached their destination. */
  readonly throughput: number;
  readonly stops: number;
  readonly running: number;
  /** Due, but without room to enter the network. */
  readonly waitingToEnter: number;
}

export interface LiveDecision {
  readonly junction: string;
  readonly at: number;
  readonly method: string;
  /** Stable codes: `extend`, `change`, `hold`, `serve-red-cap`, … and the rule that bound. */
  readonly reason: string;
  readonly bindingRule?: string;
  readonly chosen: Alternative;
  readonly alternatives: readonly Alternative[];
  readonly seen: readonly { readonly movement: string; readonly queuePcu: number; readonly arrivingPcu: number }[];
}

export type ProcessKind = 'redis' | 'street' | 'cabinet' | 'agent' | 'detectors' | 'optimizer' | 'priority' | 'gateway';

export interface ProcessHealth {
  readonly kind: ProcessKind;
  readonly name: string;
  readonly state: 'up' | 'down';
  /** Wall time, ms, of the last change of `state`. */
  readonly since: number;
  readonly detail: string;
}

export interface LiveHealth {
  readonly processes: readonly ProcessHealth[];
  /** Junctions that are not run by their optimizer, with the source in charge and why. */
  readonly degraded: readonly { readonly junction: string; readonly source: Source; readonly why: string }[];
  /** Reports refused or repaired since start, by reason. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** A transit vehicle as the priority service follows it. */
export interface TransitVehicle {
  readonly vehicle: string;
  readonly line: string;
  readonly lon: number;
  readonly lat: number;
  /** Behind its timetable; negative when early, null where no trip is known. */
  readonly latenessS: number | null;
  /** Time since the vehicle before it / the scheduled time between them. */
  readonly headwayRatio: number | null;
  readonly persons: number;
  readonly seenAt: number;
}

/** A transit vehicle's request of one junction, as it stands. */
export interface PriorityAsk {
  readonly junction: string;
  readonly vehicle: string;
  readonly line: string | null;
  readonly group: string;
  /** When it reaches the stop line if no signal holds it. */
  readonly earliest: number;
  readonly latest: number;
  readonly status: RequestStatus;
  /** Why, as a stable code. */
  readonly reason: string;
  readonly latenessS: number | null;
}

/** Vehicle classes by index in `vehicles`. */
export const VEHICLE_CLASSES = ['passenger', 'motorcycle', 'bus', 'truck', 'bicycle', 'emergency', 'other'] as const;

/** Numbers per vehicle in `vehicles`: number, lon × 1e7, lat × 1e7, heading (degrees clockwise from north), class, speed (dm/s). */
export const VEHICLE_STRIDE = 6;

export interface LiveState {
  readonly at: number;
  readonly signals: Readonly<Record<string, LiveSignals>>;
  readonly detectors: Readonly<Record<string, DetectorLetters>>;
  /** Standing vehicles per lane; empty lanes are left out. */
  readonly queues: Readonly<Record<string, number>>;
  /** Vehicles per hour and lane over the last five minutes, by the loops that count them; absent in the first minute. */
  readonly flows?: Readonly<Record<string, number>>;
  readonly vehicles: readonly number[];
  /** `fixed`: the same demand and seed under the time-of-day plans, where the comparison runs. */
  readonly kpis: { readonly adaptive?: LiveKpis; readonly fixed?: LiveKpis };
  /** Newest last; a snapshot holds the last 50, a delta the new ones. */
  readonly decisions: readonly LiveDecision[];
  readonly health: LiveHealth;
  /** Absent while no priority service tells of them. */
  readonly transit?: readonly TransitVehicle[];
  readonly asks?: readonly PriorityAsk[];
}

/** The whole state: first message, and again to a client that missed frames. */
export interface LiveSnapshot extends LiveState {
  readonly type: 'snapshot';
  readonly seq: number;
}

/**
 * What changed since frame `seq − 1`. `signals` and `detectors` hold the changed junctions only; `queues`, `flows`, `vehicles`, `kpis`, `transit`, `asks` and `health`
 * are whole when present; `decisions` are appended.
 */
export interface LiveDelta extends Partial<LiveState> {
  readonly type: 'delta';
  readonly seq: number;
  readonly at: number;
}

export type LiveMessage = LiveSnapshot | LiveDelta;

export interface ScenarioInfo {
  readonly title: string;
  readonly timeZone: string;
  /** Street time of the scenario's second 0 (local midnight of its date). */
  readonly midnight: number;
  /** [west, south, east, north], degrees. */
  readonly bounds: readonly [number, number, number, number];
  /** False where the network has no projection: the map is then laid round a local anchor. */
  readonly georeferenced: boolean;
  readonly leftHand: boolean;
}

/** An arm of a junction by the point of the compass it lies at. */
export type Arm = 'N' | 'NE' | 'E' | 'SE' | 'S' | 'SW' | 'W' | 'NW';

/** Whom a signal group serves: the arms they come from (pedestrians: the arm they cross), their turns and lanes. Empty where geometry does not tell. */
export interface Approach {
  readonly arms: readonly Arm[];
  readonly turns: readonly Turn[];
  readonly lanes: readonly string[];
}

/** A road at a junction: one direction of it, into the junction or out of it. */
export interface Road {
  readonly edge: string;
  readonly arm: Arm;
  readonly way: 'in' | 'out';
  readonly name: string;
}

export interface JunctionSummary {
  readonly id: string;
  readonly name: string;
  readonly position: { readonly lon: number; readonly lat: number };
  readonly groups: readonly ({
    readonly id: string;
    readonly kind: string;
    readonly name: string;
    readonly countdown: { readonly green: string; readonly red: string };
  } & Approach)[];
  readonly stages: readonly { readonly id: string; readonly name: string; readonly green: readonly string[] }[];
  readonly detectors: readonly { readonly id: string; readonly role: string; readonly lane?: string; readonly groups: readonly string[] }[];
  readonly plans: readonly string[];
  readonly roads?: readonly Road[];
}

export interface PlanView {
  readonly id: string;
  readonly source: Source;
  readonly madeAt: number;
  readonly until: number;
  /** `committed`: displays already promised the change to this stage. */
  readonly steps: readonly { readonly stage: string; readonly start: number; readonly committed: boolean }[];
}

export interface OverrideView {
  readonly id: string;
  readonly junction: string;
  readonly source: 'operator' | 'manual' | 'emergency-preemption' | 'rail-preemption';
  readonly action: OverrideAction;
  readonly reason: string;
  readonly by: string;
  readonly expires: number;
}

export type OverrideAction =
  | { readonly kind: 'hold' }
  | { readonly kind: 'stage'; readonly stage: string }
  | { readonly kind: 'plan'; readonly name: string }
  | { readonly kind: 'all-red' }
  | { readonly kind: 'flash' };

export interface JunctionDetail extends JunctionSummary {
  readonly signals?: LiveSignals;
  readonly plan?: PlanView;
  readonly commitments: readonly { readonly group: string; readonly change: string; readonly at: number }[];
  /** Newest first. */
  readonly decisions: readonly LiveDecision[];
  readonly detectorStates?: DetectorLetters;
  readonly overrides: readonly OverrideView[];
}
