import { seconds, type Duration } from '../time.ts';
import type { DetectorRole, Recall } from './detector.ts';
import type { SignalGroupKind } from './signal-group.ts';

/** ITE, Determining Vehicle Signal Change and Clearance Intervals: perception and reaction 1.0 s, deceleration 3.05 m/s² (10 ft/s²). */
const REACTION_S = 1;
const DECELERATION_MPS2 = 3.05;
/** Shortest yellow: MUTCD 4F.17, and the usual yellow in Viet Nam. */
const SHORTEST_YELLOW_S = 3;
/** Turning traffic slows for the turn: approaches at 40 km/h at most. */
const TURNING_SPEED_MPS = 11.11;

/** Yellow that lets a driver at `speedMps` either stop or reach the stop line: t + v / 2a, in tenths of a second, at least 3 s. */
export const yellowFor = (speedMps: number, turning: boolean): Duration => {
  const approach = turning ? Math.min(speedMps, TURNING_SPEED_MPS) : speedMps;
  const needed = REACTION_S + approach / (2 * DECELERATION_MPS2);
  return seconds(Math.max(SHORTEST_YELLOW_S, Math.ceil(needed * 10) / 10));
};

/** Walking speed for clearance times: 1.2 m/s; 1.0 m/s where many walk slowly (HCM 2016, MUTCD 4E.06). */
export const WALKING_SPEED_MPS = 1.2;
export const SLOW_WALKING_SPEED_MPS = 1.0;

/** Time a pedestrian who stepped out at the last moment of green needs to the other side, in tenths of a second. */
export const pedestrianClearance = (lengthM: number, walkingSpeedMps: number): Duration =>
  seconds(Math.ceil((lengthM / walkingSpeedMps) * 10) / 10);

/** Shortest walk interval (MUTCD 4E.06). */
export const SHORTEST_WALK = seconds(7);

/** All-red after a clearance where no geometry says more or less. */
export const DEFAULT_ALL_RED = seconds(2);

/** Times of a group where the engineer says nothing. */
export const groupDefaults = (kind: SignalGroupKind): { minGreen: Duration; maxGreen: Duration; minRed: Duration; redCap: Duration } =>
  kind === 'pedestrian'
    ? { minGreen: SHORTEST_WALK, maxGreen: seconds(60), minRed: seconds(2), redCap: seconds(120) }
    : { minGreen: seconds(5), maxGreen: seconds(60), minRed: seconds(2), redCap: seconds(180) };

/** A detector's settings where the engineer says nothing. A push button's call is kept until it has been served. */
export const detectorDefaults = (role: DetectorRole): { delay: Duration; extension: Duration; locking: boolean; onFailure: Recall } => {
  switch (role) {
    case 'push-button':
      return { delay: seconds(0), extension: seconds(0), locking: true, onFailure: 'pedestrian' };
    case 'upstream':
      return { delay: seconds(0), extension: seconds(2.5), locking: false, onFailure: 'none' };
    case 'stop-line':
    case 'lane-area':
      return { delay: seconds(0), extension: seconds(1.5), locking: false, onFailure: 'minimum' };
  }
};
