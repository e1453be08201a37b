import { after, type Duration, type Instant, type Point, type ScheduledStop } from '@songxanh/core';
import type { Geo } from '../street/geo.ts';
import { projectOn } from '../street/polyline.ts';
import type { StreetMap, StreetRoute } from '../street/street-map.ts';
import { wayOverStops } from '../street/way-over-stops.ts';
import type { Gtfs, GtfsTrip } from './gtfs-static.ts';

/** A stop on a pattern's way. */
export interface PatternStop {
  readonly stop: string;
  readonly distanceM: number;
  /** Longest scheduled stay of the pattern's trips. */
  readonly dwell: Duration;
}

/** Trips of a line that call at the same stops, and their way over the streets. */
export interface Pattern {
  readonly id: string;
  readonly line: string;
  readonly route: StreetRoute;
  readonly stops: readonly PatternStop[];
  readonly trips: readonly GtfsTrip[];
}

export interface Lines {
  readonly patterns: readonly Pattern[];
  readonly patternOfTrip: ReadonlyMap<string, Pattern>;
  /** Why some patterns have no way over these streets: most of a city's network lies outside any one scenario. */
  readonly left: readonly { readonly line: string; readonly stop: string; readonly trips: number }[];
}

/** Lays the feed's patterns over the streets. */
export const layLines = (gtfs: Gtfs, map: StreetMap, geo: Geo): Lines => {
  const byStops = new Map<string, GtfsTrip[]>();
  for (const trip of gtfs.trips.values()) {
    if (trip.calls.length < 2) continue;
    const key = [trip.route, ...trip.calls.map(({ stop }) => stop)].join('\n');
    byStops.set(key, [...(byStops.get(key) ?? []), trip]);
  }
  const patterns: Pattern[] = [];
  const left: Lines['left'][number][] = [];
  for (const trips of byStops.values()) {
    const [first] = trips;
    if (first === undefined) continue;
    const line = gtfs.lines.get(first.route) ?? first.route;
    const points = first.calls.map(({ stop }): Point => {
      const { lon, lat } = gtfs.stops.get(stop)!;
      return geo.toPlane(lon, lat);
    });
    const way = wayOverStops(map, points);
    if (!way.ok) {
      left.push({ line, stop: first.calls[way.stop]!.stop, trips: trips.length });
      continue;
    }
    const route = map.routeOver(way.edges);
    let from = 0;
    const stops = first.calls.map(({ stop }, i): PatternStop => {
      from = projectOn(route.line, points[i]!, from).distanceM;
      const dwell = Math.max(...trips.map(({ calls }) => calls[i]!.departure - calls[i]!.arrival)) as Duration;
      return { stop, distanceM: from, dwell };
    });
    patterns.push({ id: `${line}/${String(patterns.length + 1)}`, line, route, stops, trips });
  }
  return { patterns, patternOfTrip: new Map(patterns.flatMap((pattern) => pattern.trips.map(({ id }) => [id, pattern]))), left };
};

/** A trip's stops as instants of one service day. */
export const scheduleOf = (pattern: Pattern, trip: GtfsTrip, midnight: Instant): readonly ScheduledStop[] =>
  pattern.stops.map(({ stop, distanceM }, i) => ({
    stop,
    distanceM,
    arrival: after(midnight, trip.calls[i]!.arrival),
    departure: after(midnight, trip.calls[i]!.departure),
  }));
