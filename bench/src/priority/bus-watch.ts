import type { Point } from '@songxanh/core';
import { projectOn, type Pattern } from '@songxanh/priority';

/** A bus counts as through a junction this far behind its stop line: wider than any node of the corridor. */
const BEHIND_M = 35;
/** It stands below this (SUMO's queues: 5 km/h), unless it does so at a stop of its line. */
const STANDS_MPS = 5 / 3.6;
/** A bus stands with its front up to 21 m behind a stop of 20 m. */
const AT_STOP_M = 25;

/** One bus on its way. */
export interface BusTrip {
  readonly id: string;
  readonly pattern: string;
  /** First seen, s. */
  readonly enteredS: number;
  /** Through each junction of its way, in order, s; as many as it has passed. */
  readonly passedS: readonly number[];
  /** Standing before each of them other than at a stop, s. */
  readonly stoodS: readonly number[];
}

interface Followed {
  readonly pattern: Pattern;
  readonly enteredS: number;
  readonly passedS: number[];
  readonly stoodS: number[];
  distanceM: number;
  atS: number;
}

/** Follows the buses of a line by their places: when each is through each junction. Ids tell the direction, as `bus32_in.7`. */
export const watchBuses = (patterns: readonly Pattern[]) => {
  const patternOf = (id: string): Pattern | undefined =>
    patterns.find(({ trips }) => trips.some((trip) => trip.id.startsWith(`${id.split('.')[0] ?? ''}_`)));
  const followed = new Map<string, Followed>();
  return {
    see: (id: string, point: Point, speedMps: number, atS: number): void => {
      const pattern = followed.get(id)?.pattern ?? patternOf(id);
      if (pattern === undefined) return;
      const before = followed.get(id);
      const { distanceM } = projectOn(pattern.route.line, point, before === undefined ? 0 : before.distanceM - 1);
      if (before === undefined) {
        followed.set(id, { pattern, enteredS: atS, passedS: [], stoodS: pattern.route.stopLines.map(() => 0), distanceM, atS });
        return;
      }
      const isAtStop = pattern.stops.some((stop) => Math.abs(stop.distanceM - distanceM) < AT_STOP_M);
      const next = before.passedS.length;
      if (speedMps < STANDS_MPS && !isAtStop && next < before.stoodS.length) before.stoodS[next]! += atS - before.atS;
      for (const line of pattern.route.stopLines.slice(before.passedS.length)) {
        const gate = line.distanceM + BEHIND_M;
        if (distanceM < gate) break;
        const share = (gate - before.distanceM) / Math.max(0.001, distanceM - before.distanceM);
        before.passedS.push(before.atS + Math.min(1, Math.max(0, share)) * (atS - before.atS));
      }
      Object.assign(before, { distanceM: Math.max(before.distanceM, distanceM), atS });
    },
    trips: (): readonly BusTrip[] =>
      [...followed].map(([id, { pattern, enteredS, passedS, stoodS }]) => ({
        id,
        pattern: pattern.id,
        enteredS,
        passedS: [...passedS],
        stoodS: [...stoodS],
      })),
  };
};
