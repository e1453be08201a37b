import { milliseconds, type Duration, type Instant } from '../time.ts';
import type { ArrivalInterval } from './priority-request.ts';

/** A vehicle's progress, as parts of the free speed: how fast it may be at best, and how slow it may well be. */
export interface Pace {
  readonly best: number;
  readonly worst: number;
}

/** How long vehicles of a line stay at stops, as parts of the scheduled stay. */
export interface Stay {
  readonly shortest: number;
  readonly longest: number;
}

/** Before a vehicle has been followed: up to the limit, down to 60 % of it (bus travel between stops in SUMO on the corridor: 0.6–1.0). */
export const FIRST_PACE: Pace = { best: 1, worst: 0.6 };
/** Before a line's stops have been watched. */
export const FIRST_STAY: Stay = { shortest: 0.6, longest: 1.6 };
/** A new observation moves what is known by this part of the difference. */
const LEARNING = 0.3;
const SLOWEST = 0.25;
const LEAST_SPREAD = 0.05;
/** Stays beyond these parts of the schedule are a breakdown or a driver's change, or no stay at all. */
const [BRIEFEST_STAY, LONGEST_STAY] = [0.2, 3];
/** A stay lies within this many mean deviations (95 % where they are normal). */
const STAY_DEVIATIONS = 2.5;

/** How a bus gains speed, m/s² (SUMO's default for buses; passengers stand). */
const ACCELERATION = 1.2;

/** Time over `distanceM` for a vehicle that goes up to `cruiseMps` from `speedMps`, its speed where that is not known. */
export const driveTimeMs = (distanceM: number, cruiseMps: number, speedMps = cruiseMps): number => {
  if (speedMps >= cruiseMps) return (distanceM / cruiseMps) * 1000;
  const gainingM = (cruiseMps ** 2 - speedMps ** 2) / (2 * ACCELERATION);
  if (distanceM < gainingM) return ((Math.sqrt(speedMps ** 2 + 2 * ACCELERATION * distanceM) - speedMps) / ACCELERATION) * 1000;
  return ((cruiseMps - speedMps) / ACCELERATION + (distanceM - gainingM) / cruiseMps) * 1000;
};

/** Starting runs backwards through a queue this fast, m/s (kinematic wave of a jam of 0.14 veh/m that discharges at 0.5 veh/s: 4–6). */
const START_WAVE_MPS = 5;

/** A standing vehicle's way to the stop line. */
export const queuedDriveMs = (queuedM: number): number => driveTimeMs(Math.max(0, queuedM), Infinity, 0);

/** From the first departure of the queue until a vehicle that stands so far back in it crosses the stop line. */
export const queuedCrossingMs = (queuedM: number): number => (Math.max(0, queuedM) / START_WAVE_MPS) * 1000 + queuedDriveMs(queuedM);

/**
 * The pace after the vehicle was seen to cover `distanceM` in `took`, free of stops and red, from `speedMps` on. Neither standing nor gaining speed
 * tells how fast it drives.
 */
export const learnPace = (pace: Pace, distanceM: number, took: Duration, freeSpeedMps: number, speedMps?: number): Pace => {
  if (took <= 0 || distanceM <= 0) return pace;
  const seen = Math.min(1, Math.max(SLOWEST, driveTimeMs(distanceM, freeSpeedMps, speedMps) / took));
  const middle = (pace.best + pace.worst) / 2;
  const spread = (pace.best - pace.worst) / 2;
  const nextMiddle = middle + LEARNING * (seen - middle);
  const nextSpread = Math.max(LEAST_SPREAD, spread + LEARNING * (Math.abs(seen - middle) - spread));
  return { best: Math.min(1, nextMiddle + nextSpread), worst: Math.max(SLOWEST, nextMiddle - nextSpread) };
};

/** The line's stays after a vehicle was seen to stay `stayed` where `scheduled` was planned. */
export const learnStay = (stay: Stay, stayed: Duration, scheduled: Duration): Stay => {
  const seen = stayed / scheduled;
  if (!(seen >= BRIEFEST_STAY && seen <= LONGEST_STAY)) return stay;
  const middle = (stay.shortest + stay.longest) / 2;
  const deviation = (stay.longest - stay.shortest) / 2 / STAY_DEVIATIONS;
  const nextMiddle = middle + LEARNING * (seen - middle);
  const nextSpread = STAY_DEVIATIONS * Math.max(LEAST_SPREAD, deviation + LEARNING * (Math.abs(seen - middle) - deviation));
  return { shortest: Math.max(0, nextMiddle - nextSpread), longest: nextMiddle + nextSpread };
};

/** What is on the vehicle's way to a stop line. */
export interface Approach {
  /** When the vehicle was where it was seen: before `now` by the latency of the feed. */
  readonly observedAt: Instant;
  readonly distanceM: number;
  readonly positionErrorM: number;
  readonly freeSpeedMps: number;
  /** At the observation, where it is known: who is slow gains speed first. */
  readonly speedMps?: number | undefined;
  readonly pace: Pace;
  /** Each stop it still has to serve: shortest and longest stay, what is left of it where it stands there. */
  readonly dwells: readonly { readonly shortest: Duration; readonly longest: Duration }[];
  /** How long signals on the way may hold it. */
  readonly longestHold: Duration;
}

/** When the vehicle reaches the stop line. Counted from the observation, so that a late feed gives no later arrival, only a wider interval. */
export const arrivalInterval = (approach: Approach): ArrivalInterval => {
  const { observedAt, distanceM, positionErrorM, freeSpeedMps, speedMps, pace, dwells, longestHold } = approach;
  const driveMs = (distance: number, part: number): number => driveTimeMs(Math.max(0, distance), freeSpeedMps * part, speedMps);
  const shortest = dwells.reduce((total, dwell) => total + dwell.shortest, 0);
  const longest = dwells.reduce((total, dwell) => total + dwell.longest, 0) + longestHold;
  return {
    earliest: (observedAt + milliseconds(driveMs(distanceM - positionErrorM, pace.best) + shortest)) as Instant,
    latest: (observedAt + milliseconds(driveMs(distanceM + positionErrorM, pace.worst) + longest)) as Instant,
  };
};

/** A route's own estimate (GraphHopper's, or over the signal network) narrowed to what observation leaves possible. */
export const narrowInterval = (interval: ArrivalInterval, estimate: Instant, errorMs: number): ArrivalInterval => {
  const earliest = Math.max(interval.earliest, estimate - errorMs);
  const latest = Math.min(interval.latest, estimate + errorMs);
  return earliest <= latest ? { earliest: earliest as Instant, latest: latest as Instant } : interval;
};
