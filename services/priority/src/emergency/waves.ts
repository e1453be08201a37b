import {
  accept,
  FIRST_PACE,
  learnPace,
  milliseconds,
  mayPreempt,
  refuse,
  seconds,
  waveCalls,
  type Duration,
  type Instant,
  type JunctionId,
  type Pace,
  type PreemptCall,
  type PriorityClass,
  type Result,
  type RouteStopLine,
} from '@songxanh/core';
import type { VehiclePosition } from '@songxanh/wire';
import type { FoundRoute } from '../eta/route-service.ts';
import type { Geo } from '../street/geo.ts';
import { projectOn } from '../street/polyline.ts';

/** An emergency vehicle on its way from origin to destination. */
export interface Wave {
  readonly vehicle: string;
  readonly client: string;
  readonly vehicleClass: PriorityClass;
  readonly found: FoundRoute;
  readonly distanceM: number;
  readonly observedAt: Instant;
  /** It has sent its own position; before, only its departure is known. */
  readonly isSeen: boolean;
  readonly pace: Pace;
}

export interface Waves {
  readonly start: (client: string, vehicle: string, vehicleClass: PriorityClass, found: FoundRoute, now: Instant) => Result<Wave>;
  readonly has: (vehicle: string) => boolean;
  readonly move: (client: string, position: VehiclePosition, now: Instant) => Result<Wave>;
  readonly end: (client: string, vehicle: string) => Result<Wave>;
  readonly list: () => readonly Wave[];
  /** The calls at a junction. Waves that have arrived, or of which nobody has heard for long, end. */
  readonly callsAt: (junction: JunctionId, now: Instant, queueTime: (line: RouteStopLine) => Duration) => readonly PreemptCall[];
}

const OFF_ROUTE_M = 60;
const POSITION_ERROR_M = 15;
const CLOCK_AHEAD = seconds(5);
/** An emergency vehicle of which nobody hears for this long holds no junction. */
const SILENT = seconds(90);
/** Without positions a vehicle counts as passed this long after its latest arrival. */
const PASSED = seconds(15);
/** Its driver may go this much faster than the limit; paces are parts of that. */
const OVER_LIMIT = 1.25;
/** Before it has been followed: a tenth over the limit at best, and it loses time where others stand. */
const EMERGENCY_PACE: Pace = { best: 1.1 / OVER_LIMIT, worst: 0.7 / OVER_LIMIT };

export const openWaves = (geo: Geo): Waves => {
  const waves = new Map<string, Wave>();

  const owned = (client: string, vehicle: string): Result<Wave> => {
    const wave = waves.get(vehicle);
    if (wave === undefined) return refuse('unknown-vehicle', `no wave for ${vehicle}`);
    return wave.client === client ? accept(wave) : refuse('duplicate-id', `vehicle ${vehicle} is told of by another client`);
  };

  return {
    start: (client, vehicle, vehicleClass, found, now) => {
      if (!mayPreempt(vehicleClass)) return refuse('not-authorised', `${vehicleClass} may ask for priority, not preempt`);
      if (waves.has(vehicle)) return refuse('duplicate-id', `vehicle ${vehicle} has a wave already`);
      if (found.route.stopLines.every(({ distanceM }) => distanceM <= found.fromM || distanceM > found.toM))
        return refuse('no-signals', `no signal lies on the way of ${vehicle}`);
      const wave: Wave = {
        vehicle,
        client,
        vehicleClass,
        found,
        distanceM: found.fromM,
        observedAt: now,
        isSeen: false,
        pace: EMERGENCY_PACE,
      };
      waves.set(vehicle, wave);
      return accept(wave);
    },
    has: (vehicle) => waves.has(vehicle),
    move: (client, { vehicle, lon, lat, at }, now) => {
      const known = owned(client, vehicle);
      if (!known.ok) return known;
      const wave = known.value;
      if (at - now > CLOCK_AHEAD)
        return refuse('time-in-future', `vehicle ${vehicle}: ${String((at - now) / 1000)} s ahead of the street's time`);
      if (at < wave.observedAt || (wave.isSeen && at === wave.observedAt))
        return refuse('repeated', `vehicle ${vehicle}: not newer than the position before`);
      const { distanceM, offsetM } = projectOn(wave.found.route.line, geo.toPlane(lon, lat), wave.distanceM - 2 * POSITION_ERROR_M);
      if (offsetM > OFF_ROUTE_M)
        return refuse(
          'off-route',
          `vehicle ${vehicle}: ${String(Math.round(offsetM))} m from its way: expected at most ${String(OFF_ROUTE_M)} m`,
        );
      const movedM = distanceM - wave.distanceM;
      const took = milliseconds(at - wave.observedAt);
      const freeMps = (OVER_LIMIT * movedM) / wave.found.driveS(wave.distanceM, distanceM);
      const pace = movedM > POSITION_ERROR_M && took > 0 ? learnPace(wave.pace, movedM, took, freeMps) : wave.pace;
      const moved = { ...wave, distanceM, observedAt: at, isSeen: true, pace };
      waves.set(vehicle, moved);
      return accept(moved);
    },
    end: (client, vehicle) => {
      const known = owned(client, vehicle);
      if (known.ok) waves.delete(vehicle);
      return known;
    },
    list: () => [...waves.values()],
    callsAt: (junction, now, queueTime) => {
      const calls: PreemptCall[] = [];
      for (const wave of [...waves.values()]) {
        const { found, distanceM, observedAt } = wave;
        const planned = seconds(found.driveS(distanceM, found.toM) / FIRST_PACE.worst);
        const limit = wave.isSeen ? SILENT : planned + SILENT;
        if (distanceM >= found.toM - POSITION_ERROR_M || now - observedAt > limit) {
          waves.delete(wave.vehicle);
          continue;
        }
        const lines = found.route.stopLines.filter((line) => line.distanceM <= found.toM);
        const next = lines.find((line) => line.junction === junction && line.distanceM > distanceM - POSITION_ERROR_M);
        if (next === undefined) continue;
        const freeSpeedMps = Math.max(1, (OVER_LIMIT * (next.distanceM - distanceM)) / found.driveS(distanceM, next.distanceM));
        const progress = { observedAt, distanceM, positionErrorM: POSITION_ERROR_M, freeSpeedMps, pace: wave.pace };
        const call = waveCalls(wave.vehicle, lines, progress, queueTime).get(junction);
        if (call === undefined) continue;
        if (!wave.isSeen && now - call.arrival.latest > PASSED) continue;
        calls.push(call);
      }
      return calls;
    },
  };
};
