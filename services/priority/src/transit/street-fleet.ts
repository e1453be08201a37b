import { instant, type Instant } from '@songxanh/core';
import type { StreetMessage } from '@songxanh/store';
import { VEHICLE_CLASSES, VEHICLE_STRIDE, type VehiclePosition } from '@songxanh/wire';
import type { Geo } from '../street/geo.ts';

const BUS = VEHICLE_CLASSES.indexOf('bus');

/**
 * The buses of a simulated street as their operator's GPS would tell of them: every `everyMs` of street time, `latencyMs` late. Returns what is due.
 */
export const openStreetFleet = (
  geo: Geo,
  { everyMs, latencyMs }: { readonly everyMs: number; readonly latencyMs: number },
): ((message: StreetMessage) => readonly VehiclePosition[]) => {
  let seenAt = -Infinity;
  let waiting: readonly VehiclePosition[] = [];
  return ({ at, vehicles }) => {
    if (at < seenAt) waiting = [];
    if (at - seenAt >= everyMs || at < seenAt) {
      seenAt = at;
      for (let k = 0; k < vehicles.length; k += VEHICLE_STRIDE) {
        if (vehicles[k + 4] !== BUS) continue;
        const place = geo.toLonLat([vehicles[k + 1]! / 100, vehicles[k + 2]! / 100]);
        waiting = [
          ...waiting,
          { vehicle: `bus-${String(vehicles[k])}`, line: undefined, trip: undefined, ...place, at: instant(at), persons: undefined },
        ];
      }
    }
    const isDue = (position: { readonly at: Instant }): boolean => at - position.at >= latencyMs;
    const due = waiting.filter(isDue);
    waiting = waiting.filter((position) => !isDue(position));
    return due;
  };
};
