import type { BusStop, Connection, Detector, Network, NetworkLane, Point, Site } from '@songxanh/core';
import type { ToLonLat } from './projection.ts';
import { lineAcrossEnd, partOf, shapeLength } from './shape.ts';

type Position = readonly [number, number];
type Geometry =
  | { readonly type: 'Point'; readonly coordinates: Position }
  | { readonly type: 'LineString'; readonly coordinates: readonly Position[] }
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Position[])[] };

export interface Feature {
  readonly type: 'Feature';
  readonly geometry: Geometry;
  readonly properties: Readonly<Record<string, unknown>> & { readonly kind: string };
}

export interface FeatureCollection {
  readonly type: 'FeatureCollection';
  readonly features: readonly Feature[];
}

export interface MapSource {
  readonly network: Network;
  readonly busStops: readonly BusStop[];
  readonly sites: readonly Site[];
}

interface Draw {
  readonly point: (point: Point) => Geometry;
  readonly line: (points: readonly Point[]) => Geometry;
  readonly polygon: (points: readonly Point[]) => Geometry;
}

/** Seven decimals are a centimetre: all a map can show, at half the bytes. */
const DEGREE_DECIMALS = 1e7;

const drawing = (toLonLat: ToLonLat): Draw => {
  const position = (point: Point): Position => {
    const [lon, lat] = toLonLat(point);
    return [Math.round(lon * DEGREE_DECIMALS) / DEGREE_DECIMALS, Math.round(lat * DEGREE_DECIMALS) / DEGREE_DECIMALS];
  };
  return {
    point: (point) => ({ type: 'Point', coordinates: position(point) }),
    line: (points) => ({ type: 'LineString', coordinates: points.map(position) }),
    polygon: (points) => {
      const ring = points.map(position);
      return { type: 'Polygon', coordinates: [[...ring, ring[0]!]] };
    },
  };
};

const feature = (kind: string, geometry: Geometry, properties: Readonly<Record<string, unknown>>): Feature => ({
  type: 'Feature',
  geometry,
  properties: { kind, ...properties },
});

const isDrawable = (lane: NetworkLane): boolean => lane.shape.length >= 2;

const laneFeatures = (network: Network, draw: Draw): Feature[] =>
  [...network.edges.values()]
    .filter((edge) => edge.kind !== 'crossing' && edge.kind !== 'walking-area')
    .flatMap((edge) =>
      edge.lanes.filter(isDrawable).map((lane) =>
        feature('lane', draw.line(lane.shape), {
          id: lane.id,
          edge: edge.id,
          name: edge.name,
          widthM: lane.widthM,
          speedMps: lane.speedMps,
          internal: edge.kind === 'internal',
          walk: lane.allow.length === 1 && lane.allow[0] === 'pedestrian',
        }),
      ),
    );

/** Links by the signal they obey: connection, and the group whose heads show them. */
const signalLinks = (network: Network, site: Site): readonly { connection: Connection; group: string; head: number }[] =>
  network.connections.flatMap((connection) => {
    if (connection.signal?.program !== site.id) return [];
    const head = connection.signal.index;
    const group = site.groups.find(({ heads }) => heads.includes(head));
    return group === undefined ? [] : [{ connection, group: group.id, head }];
  });

const nodeFeatures = (network: Network, draw: Draw): Feature[] => {
  const signalOfLane = new Map(
    network.connections.flatMap((c) => (c.signal === undefined ? [] : [[`${c.fromEdge}_${String(c.fromLane)}`, c.signal.program]])),
  );
  return [...network.nodes.values()]
    .filter((node) => node.shape.length >= 3)
    .map((node) => {
      const signal =
        node.kind === 'signalised' ? (node.incomingLanes.map((lane) => signalOfLane.get(lane)).find((id) => id !== undefined) ?? '') : '';
      return feature('junction', draw.polygon(node.shape), { id: node.id, signal });
    });
};

/** The crossing a pedestrian link leads over, as its lane. */
const crossingLane = (network: Network, connection: Connection): NetworkLane | undefined =>
  connection.crossing === undefined ? undefined : network.edges.get(connection.crossing)?.lanes.find(isDrawable);

const siteFeatures = (network: Network, site: Site, draw: Draw): Feature[] => {
  const links = signalLinks(network, site);
  const features: Feature[] = [];
  const byLane = new Map<string, { lane: NetworkLane; groups: Map<string, { heads: number[]; turns: string[] }> }>();
  for (const { connection, group, head } of links) {
    const crossing = crossingLane(network, connection);
    if (crossing !== undefined) {
      features.push(
        feature('signal-head', draw.point(crossing.shape[0]!), { junction: site.id, group, heads: [head], lane: crossing.id, turns: [] }),
      );
      continue;
    }
    const lane = network.edges.get(connection.fromEdge)?.lanes[connection.fromLane];
    if (lane === undefined || !isDrawable(lane)) continue;
    const entry = byLane.get(lane.id) ?? { lane, groups: new Map<string, { heads: number[]; turns: string[] }>() };
    byLane.set(lane.id, entry);
    const heads = entry.groups.get(group) ?? { heads: [], turns: [] };
    entry.groups.set(group, heads);
    heads.heads.push(head);
    if (!heads.turns.includes(connection.direction)) heads.turns.push(connection.direction);
  }
  for (const { lane, groups } of byLane.values()) {
    const across = lineAcrossEnd(lane.shape, lane.widthM);
    features.push(feature('stop-line', draw.line(across), { junction: site.id, lane: lane.id, groups: [...groups.keys()] }));
    // Several groups over one lane hang side by side.
    [...groups].forEach(([group, { heads, turns }], i) => {
      const share = (i + 1) / (groups.size + 1);
      const at: Point = [across[0][0] + (across[1][0] - across[0][0]) * share, across[0][1] + (across[1][1] - across[0][1]) * share];
      features.push(feature('signal-head', draw.point(at), { junction: site.id, group, heads, lane: lane.id, turns }));
    });
  }
  return features;
};

const crossingFeatures = (network: Network, sites: readonly Site[], draw: Draw): Feature[] => {
  const owner = new Map<string, { junction: string; group: string }>();
  for (const site of sites) {
    for (const { connection, group } of signalLinks(network, site)) {
      if (connection.crossing !== undefined) owner.set(connection.crossing, { junction: site.id, group });
    }
  }
  return [...network.edges.values()]
    .filter((edge) => edge.kind === 'crossing')
    .flatMap((edge) =>
      edge.lanes.filter(isDrawable).map((lane) => {
        const { junction, group } = owner.get(edge.id) ?? { junction: '', group: '' };
        return feature('crossing', draw.line(lane.shape), { id: edge.id, junction, group, widthM: lane.widthM });
      }),
    );
};

const detectorGeometry = (network: Network, site: Site, detector: Detector, draw: Draw): Geometry | undefined => {
  if (detector.lane === undefined) {
    const link = signalLinks(network, site).find(
      ({ connection, group }) => connection.crossing !== undefined && detector.groups.some((g) => g === group),
    );
    const crossing = link === undefined ? undefined : crossingLane(network, link.connection);
    return crossing === undefined ? undefined : draw.point(crossing.shape[0]!);
  }
  const lane = network.lanes.get(detector.lane);
  if (lane === undefined || !isDrawable(lane)) return undefined;
  const length = shapeLength(lane.shape);
  // A lane's stated length may differ from its drawn one; a loop without length is drawn 2 m long to be seen.
  const scale = length / lane.lengthM;
  const end = length - detector.distanceM * scale;
  return draw.line(partOf(lane.shape, Math.max(0, end - Math.max(2, detector.lengthM) * scale), Math.max(0, end)));
};

const detectorFeatures = (network: Network, sites: readonly Site[], draw: Draw): Feature[] =>
  sites.flatMap((site) =>
    site.detectors.flatMap((detector) => {
      const geometry = detectorGeometry(network, site, detector, draw);
      return geometry === undefined ? [] : [feature('detector', geometry, { junction: site.id, id: detector.id, role: detector.role })];
    }),
  );

const busStopFeatures = (network: Network, busStops: readonly BusStop[], draw: Draw): Feature[] =>
  busStops.flatMap((stop) => {
    const lane = network.lanes.get(stop.lane);
    if (lane === undefined || !isDrawable(lane)) return [];
    return [feature('bus-stop', draw.line(partOf(lane.shape, stop.startPosM, stop.endPosM)), { id: stop.id, name: stop.name })];
  });

/** Everything a map draws, in lon/lat; the features are listed in the gateway's README. */
export const networkFeatures = ({ network, busStops, sites }: MapSource, toLonLat: ToLonLat): FeatureCollection => {
  const draw = drawing(toLonLat);
  return {
    type: 'FeatureCollection',
    features: [
      ...nodeFeatures(network, draw),
      ...laneFeatures(network, draw),
      ...crossingFeatures(network, sites, draw),
      ...busStopFeatures(network, busStops, draw),
      ...detectorFeatures(network, sites, draw),
      ...sites.flatMap((site) => siteFeatures(network, site, draw)),
    ],
  };
};

/** [west, south, east, north] of all lanes. */
export const networkBounds = (network: Network, toLonLat: ToLonLat): readonly [number, number, number, number] => {
  const points = [...network.lanes.values()].flatMap(({ shape }) => shape.map(toLonLat));
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  const min = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
  const max = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
  return [min(lons), min(lats), max(lons), max(lats)];
};
