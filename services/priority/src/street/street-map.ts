import type { Connection, JunctionId, Network, NetworkEdge, NetworkLane, Point, RouteStopLine, Site } from '@songxanh/core';
import { junctionId, laneId } from '@songxanh/core';
import { mayUse } from '@songxanh/sumo-files';
import { makePolyline, projectOn, type Polyline } from './polyline.ts';

/** A way over the streets: its shape, its stop lines, and how long it takes when nothing holds the vehicle. */
export interface StreetRoute {
  readonly edges: readonly string[];
  readonly line: Polyline;
  readonly stopLines: readonly RouteStopLine[];
  /** Free-flow seconds between two places of the way. */
  readonly driveS: (fromM: number, toM: number) => number;
}

/** A place on an edge. */
export interface EdgePlace {
  readonly edge: string;
  readonly posM: number;
  readonly offsetM: number;
}

/** The streets as routes need them. */
export interface StreetMap {
  /** Edges a vehicle of the class may use within `withinM` of the point, nearest first. */
  readonly edgesNear: (point: Point, withinM: number) => readonly EdgePlace[];
  /** Quickest edges from one to another, both included; `cost` may make edges dearer or cheaper. Undefined where no way leads. */
  readonly findWay: (from: string, to: string, cost?: (edge: string) => number) => readonly string[] | undefined;
  readonly routeOver: (edges: readonly string[]) => StreetRoute;
  readonly polylineOf: (edge: string) => Polyline;
}

const drivable = (edge: NetworkEdge, vehicleClass: string): readonly NetworkLane[] =>
  edge.lanes.filter((lane) => mayUse(lane, vehicleClass));

export const openStreetMap = (network: Network, sites: ReadonlyMap<JunctionId, Site>, vehicleClass = 'bus'): StreetMap => {
  const edges = new Map(
    [...network.edges.values()]
      .filter((edge) => edge.kind === 'normal' && drivable(edge, vehicleClass).length > 0)
      .map((edge) => [edge.id, edge]),
  );
  const outOf = new Map<string, Connection[]>();
  for (const connection of network.connections) {
    const [from, to] = [edges.get(connection.fromEdge), edges.get(connection.toEdge)];
    const [fromLane, toLane] = [from?.lanes[connection.fromLane], to?.lanes[connection.toLane]];
    if (fromLane === undefined || toLane === undefined || !mayUse(fromLane, vehicleClass) || !mayUse(toLane, vehicleClass)) continue;
    outOf.set(connection.fromEdge, [...(outOf.get(connection.fromEdge) ?? []), connection]);
  }
  const laneOf = (edge: string): NetworkLane => drivable(edges.get(edge)!, vehicleClass)[0]!;
  const lines = new Map<string, Polyline>();
  const polylineOf = (edge: string): Polyline => {
    const line = lines.get(edge) ?? makePolyline(laneOf(edge).shape);
    lines.set(edge, line);
    return line;
  };
  /** The outermost lane that leads there. */
  const linkTo = (from: string, to: string): Connection | undefined =>
    (outOf.get(from) ?? []).filter(({ toEdge }) => toEdge === to).sort((a, b) => a.fromLane - b.fromLane)[0];

  const findWay: StreetMap['findWay'] = (from, to, cost = (edge) => polylineOf(edge).lengthM / laneOf(edge).speedMps) => {
    const best = new Map<string, { cost: number; before: string | undefined }>([[from, { cost: 0, before: undefined }]]);
    const open = new Set([from]);
    while (open.size > 0) {
      const next = [...open].reduce((a, b) => (best.get(b)!.cost < best.get(a)!.cost ? b : a));
      if (next === to) break;
      open.delete(next);
      for (const { toEdge } of outOf.get(next) ?? []) {
        const total = best.get(next)!.cost + cost(toEdge);
        if (total >= (best.get(toEdge)?.cost ?? Infinity)) continue;
        best.set(toEdge, { cost: total, before: next });
        open.add(toEdge);
      }
    }
    if (!best.has(to)) return undefined;
    const way: string[] = [];
    for (let edge: string | undefined = to; edge !== undefined; edge = best.get(edge)?.before) way.unshift(edge);
    return way;
  };

  const stopLineOf = ({ signal, fromEdge, fromLane }: Connection, distanceM: number): RouteStopLine | undefined => {
    const site = signal === undefined ? undefined : sites.get(junctionId(signal.program));
    const group = site?.groups.find(({ heads }) => signal !== undefined && heads.includes(signal.index));
    const lane = network.edges.get(fromEdge)?.lanes[fromLane];
    if (site === undefined || group === undefined || lane === undefined) return undefined;
    return { junction: site.id, group: group.id, lane: laneId(lane.id), distanceM };
  };

  const routeOver: StreetMap['routeOver'] = (way) => {
    const points: Point[] = [];
    const stopLines: RouteStopLine[] = [];
    /** Free speed up to each distance. */
    const spans: { readonly toM: number; readonly speedMps: number }[] = [];
    const soFar = (): number => makePolyline(points).lengthM;
    way.forEach((edge, i) => {
      const next = way[i + 1];
      const link = next === undefined ? undefined : linkTo(edge, next);
      const lane = (link === undefined ? undefined : edges.get(edge)?.lanes[link.fromLane]) ?? laneOf(edge);
      points.push(...lane.shape);
      spans.push({ toM: soFar(), speedMps: lane.speedMps });
      if (link === undefined) return;
      const line = stopLineOf(link, soFar());
      if (line !== undefined) stopLines.push(line);
      const via = network.lanes.get(link.via);
      if (via !== undefined) points.push(...via.shape);
    });
    const line = makePolyline(points);
    const driveS = (fromM: number, toM: number): number => {
      let seconds = 0;
      let at = fromM;
      for (const [i, { toM: end, speedMps }] of spans.entries()) {
        const until = i === spans.length - 1 ? toM : Math.min(end, toM);
        if (until > at) {
          seconds += (until - at) / speedMps;
          at = until;
        }
      }
      return seconds;
    };
    return { edges: way, line, stopLines, driveS };
  };

  return {
    edgesNear: (point, withinM) =>
      [...edges.keys()]
        .map((edge): EdgePlace => {
          const { distanceM, offsetM } = projectOn(polylineOf(edge), point);
          return { edge, posM: distanceM, offsetM };
        })
        .filter(({ offsetM }) => offsetM <= withinM)
        .sort((a, b) => a.offsetM - b.offsetM),
    findWay,
    routeOver,
    polylineOf,
  };
};
