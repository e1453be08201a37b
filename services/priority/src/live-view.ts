import type { HeldRequest, Instant } from '@songxanh/core';
import type { PriorityMessage } from '@songxanh/store';
import type { PriorityStatus } from '@songxanh/wire';
import type { Wave } from './emergency/waves.ts';
import type { Geo } from './street/geo.ts';
import { pointAt, type Polyline } from './street/polyline.ts';
import type { TrackedVehicle } from './transit/tracker.ts';

export interface Followed {
  readonly now: Instant;
  readonly vehicles: readonly TrackedVehicle[];
  readonly held: readonly HeldRequest[];
  readonly waves: readonly Wave[];
  readonly toldTo: (vehicle: string, junction: string) => Pick<PriorityStatus, 'status'> | undefined;
  readonly geo: Geo;
}

const inSeconds = (lateness: number | undefined): number | null => (lateness === undefined ? null : Math.round(lateness / 1000));

/** The way from a place on. */
const restOf = (line: Polyline, fromM: number, geo: Geo): readonly (readonly [number, number])[] =>
  [pointAt(line, fromM), ...line.points.filter((_, i) => line.distances[i]! > fromM)].map((point) => {
    const { lon, lat } = geo.toLonLat(point);
    return [lon, lat];
  });

/** What the control room shows: followed vehicles, their requests as they stand, emergency vehicles with the rest of their way. */
export const liveView = ({ now, vehicles, held, waves, toldTo, geo }: Followed): PriorityMessage => ({
  at: now,
  transit: vehicles.map(({ vehicle, pattern, distanceM, observedAt, standing, persons }) => ({
    ...{ vehicle, line: pattern.line, ...geo.toLonLat(pointAt(pattern.route.line, distanceM)) },
    ...{ latenessS: inSeconds(standing.lateness), headwayRatio: standing.headwayRatio ?? null, persons, seenAt: observedAt },
  })),
  asks: held.map(({ request: { junction, vehicle, line, group, arrival, standing }, status, reason }) => ({
    ...{ junction, vehicle, line: line ?? null, group, earliest: arrival.earliest, latest: arrival.latest, status, reason },
    latenessS: inSeconds(standing.lateness),
  })),
  emergencies: waves.map(({ vehicle, vehicleClass, found: { route, toM }, distanceM }) => ({
    ...{ vehicle, vehicleClass, ...geo.toLonLat(pointAt(route.line, distanceM)), way: restOf(route.line, distanceM, geo) },
    junctions: route.stopLines
      .filter((line) => line.distanceM >= distanceM && line.distanceM <= toM)
      .map(({ junction }) => ({ junction, status: toldTo(vehicle, junction)?.status ?? null })),
  })),
});
