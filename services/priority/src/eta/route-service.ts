import { accept, refuse, type Point, type Result } from '@songxanh/core';
import type { Geo } from '../street/geo.ts';
import { makePolyline, pointAt, projectOn } from '../street/polyline.ts';
import type { StreetMap, StreetRoute } from '../street/street-map.ts';
import type { GraphHopper, GraphHopperWay, LonLat } from './graphhopper.ts';

/** Who found a way and its times. */
export type RouteSource = 'graphhopper' | 'signal-network';

export interface FoundRoute {
  readonly source: RouteSource;
  /** Why the first choice was not taken. */
  readonly why: string | undefined;
  readonly route: StreetRoute;
  /** Where on its way the vehicle begins. */
  readonly fromM: number;
  readonly toM: number;
  /** Free-flow seconds between two places of the way. */
  readonly driveS: (fromM: number, toM: number) => number;
}

export interface RouteService {
  readonly find: (from: LonLat, to: LonLat) => Promise<Result<FoundRoute>>;
  /** Times over a way that is known already. */
  readonly timesOver: (route: StreetRoute) => Promise<Pick<FoundRoute, 'source' | 'why' | 'driveS'>>;
}

/** Origin and destination lie on a street within this. */
const NEAR_STREET_M = 80;
/** A street of the network belongs to GraphHopper's way where all of it lies within this: carriageways, not the next street. */
const ON_WAY_M = 30;
/** How much rather the network's way follows GraphHopper's. */
const OFF_WAY_COST = 20;
const MOST_ENDS = 4;
const END_M = 5;
/** Points of a street that are looked at. */
const SAMPLES = 5;

/** GraphHopper's times along its own way, read at places of ours. */
const timesOf = (way: GraphHopperWay, geo: Geo, route: StreetRoute): FoundRoute['driveS'] => {
  const line = makePolyline(way.points.map(({ lon, lat }) => geo.toPlane(lon, lat)));
  const timeAt = (distanceM: number): number => {
    const i = line.distances.findIndex((distance) => distance >= distanceM);
    if (i <= 0) return i < 0 ? (way.atS.at(-1) ?? 0) : 0;
    const [a, b] = [line.distances[i - 1]!, line.distances[i]!];
    return way.atS[i - 1]! + ((way.atS[i]! - way.atS[i - 1]!) * (distanceM - a)) / Math.max(0.001, b - a);
  };
  // Both ways are the same streets; lengths differ by some metres at each junction.
  const share = line.lengthM / Math.max(1, route.line.lengthM);
  return (fromM, toM) => Math.max(0.1, timeAt(toM * share) - timeAt(fromM * share));
};

/** Routes by GraphHopper where a server answers, over the signal network itself otherwise; the answer says which. */
export const openRouteService = (map: StreetMap, geo: Geo, graphHopper: GraphHopper | undefined): RouteService => {
  const ask = async (from: LonLat, to: LonLat): Promise<Result<GraphHopperWay>> =>
    graphHopper === undefined ? refuse('not-configured', 'no GraphHopper server is configured') : graphHopper.route(from, to);

  const wayBetween = (from: Point, to: Point, cost?: (edge: string) => number) => {
    const [starts, ends] = [map.edgesNear(from, NEAR_STREET_M).slice(0, MOST_ENDS), map.edgesNear(to, NEAR_STREET_M).slice(0, MOST_ENDS)];
    const length = (edges: readonly string[]): number =>
      edges.reduce((total, edge) => total + (cost?.(edge) ?? map.polylineOf(edge).lengthM), 0);
    return starts
      .flatMap((start) => ends.map((end) => ({ start, end })))
      .flatMap(({ start, end }) => {
        if (start.edge === end.edge && end.posM < start.posM) return [];
        const edges = map.findWay(start.edge, end.edge, cost);
        return edges === undefined ? [] : [{ start, end, edges, cost: length(edges) + 10 * (start.offsetM + end.offsetM) }];
      })
      .sort((a, b) => a.cost - b.cost)[0];
  };

  /** Streets that lie on GraphHopper's way are cheap, so that the network's way is the same. */
  const alongWay = (way: GraphHopperWay): ((edge: string) => number) => {
    const line = makePolyline(way.points.map(({ lon, lat }) => geo.toPlane(lon, lat)));
    return (edge) => {
      const { points, lengthM } = map.polylineOf(edge);
      const looked = Array.from({ length: SAMPLES }, (_, i) => points[Math.round((i * (points.length - 1)) / (SAMPLES - 1))]!);
      const places = looked.map((point) => projectOn(line, point));
      const [first, last] = [places[0]!, places.at(-1)!];
      const isOn = places.every(({ offsetM }) => offsetM <= ON_WAY_M) && last.distanceM > first.distanceM;
      return lengthM * (isOn ? 1 : OFF_WAY_COST);
    };
  };

  const find: RouteService['find'] = async (from, to) => {
    const answer = await ask(from, to);
    const [begin, end] = [geo.toPlane(from.lon, from.lat), geo.toPlane(to.lon, to.lat)];
    const way = wayBetween(begin, end, answer.ok ? alongWay(answer.value) : undefined);
    if (way === undefined)
      return refuse(
        'no-route',
        `no way over these streets from ${String(from.lon)},${String(from.lat)} to ${String(to.lon)},${String(to.lat)}`,
      );
    const route = map.routeOver(way.edges);
    return accept({
      source: answer.ok ? 'graphhopper' : 'signal-network',
      why: answer.ok ? undefined : answer.message,
      route,
      fromM: way.start.posM,
      toM: Math.max(way.start.posM, route.line.lengthM - map.polylineOf(way.end.edge).lengthM + way.end.posM),
      driveS: answer.ok ? timesOf(answer.value, geo, route) : route.driveS,
    });
  };

  const timesOver: RouteService['timesOver'] = async (route) => {
    const { line: own } = route;
    if (own.points.length < 2) return { source: 'signal-network', why: 'an empty way', driveS: route.driveS };
    // The very ends may lie outside the server's map by a hair.
    const [begin, end] = [pointAt(own, END_M), pointAt(own, own.lengthM - END_M)];
    const answer = await ask(geo.toLonLat(begin), geo.toLonLat(end));
    if (!answer.ok) return { source: 'signal-network', why: answer.message, driveS: route.driveS };
    const line = makePolyline(answer.value.points.map(({ lon, lat }) => geo.toPlane(lon, lat)));
    // A line does not always drive the quickest way: then GraphHopper's times are those of other streets.
    const strays = route.line.points.some((point) => projectOn(line, point).offsetM > 2 * ON_WAY_M);
    if (strays) return { source: 'signal-network', why: "GraphHopper's way is another", driveS: route.driveS };
    return { source: 'graphhopper', why: undefined, driveS: timesOf(answer.value, geo, route) };
  };
  return { find, timesOver };
};
