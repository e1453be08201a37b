// The engineer's drawing of the streets -> SUMO's plain XML.
import { toLonLat } from './geo.mjs';

export const ARMS = ['W', 'E', 'N', 'S'];
/** The arm a turn leads to, by the arm one comes from. */
export const TURNS = {
  W: { L: 'N', T: 'E', R: 'S' },
  E: { L: 'S', T: 'W', R: 'N' },
  N: { L: 'E', T: 'S', R: 'W' },
  S: { L: 'W', T: 'N', R: 'E' },
};

export const SIDEWALK_WIDTH_M = 2.5;
export const LANE_WIDTH_M = 3.3;
const CROSSING_WIDTH_M = 4;

export const edgeId = (from, to) => `${from}_${to}`;
export const armsOf = (junction) => ARMS.filter((arm) => junction.arms[arm]);

/** Every directed road: ends, vehicle lanes, speed, name, half of the median. */
export const listRoads = ({ junctions }) => {
  const byId = new Map(junctions.map((j) => [j.id, j]));
  const lanesInto = (from, to) => Object.values(byId.get(to)?.arms ?? {}).find((arm) => arm.node === from)?.lanes.length;
  return junctions.flatMap((j) =>
    armsOf(j).flatMap((a) => {
      const arm = j.arms[a];
      const road = { name: arm.name, speedKmh: arm.speedKmh, highway: arm.highway, medianM: arm.medianM ?? 0, junction: j.id, arm: a };
      const inbound = { ...road, from: arm.node, to: j.id, lanes: arm.lanes.length, widthM: arm.laneWidthM ?? LANE_WIDTH_M };
      const outbound = { ...inbound, from: j.id, to: arm.node, lanes: arm.exitLanes ?? arm.lanes.length };
      // The other end's signal describes its own approach; an end of the drawing has none.
      return lanesInto(j.id, arm.node) === undefined ? [inbound, outbound] : [inbound];
    }),
  );
};

const attributes = (o) =>
  Object.entries(o)
    .filter(([, v]) => v !== undefined)
    .map(([k, v]) => ` ${k}="${v}"`)
    .join('');
export const element = (name, o, children = []) =>
  children.length === 0 ? `<${name}${attributes(o)}/>` : `<${name}${attributes(o)}>\n${children.map((c) => `  ${c}`).join('\n')}\n</${name}>`;
export const document = (root, children) => `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, {}, children)}\n`;

const xy = (p) => ({ x: p[0].toFixed(7), y: p[1].toFixed(7) });

export const writeNodes = (streets) =>
  document('nodes', [
    ...streets.junctions.map((j) =>
      element('node', { id: j.id, ...xy(toLonLat(streets.origin, j.at)), type: 'traffic_light', tl: j.id, radius: j.radiusM ?? 8 }),
    ),
    ...streets.ends.map((e) => element('node', { id: e.id, ...xy(toLonLat(streets.origin, e.at)), type: 'dead_end' })),
  ]);

export const writeEdges = (streets) => {
  const at = new Map([...streets.junctions, ...streets.ends].map((n) => [n.id, n.at]));
  return document(
    'edges',
    listRoads(streets).map((r) => {
      const [a, b] = [at.get(r.from), at.get(r.to)];
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      // A median pushes each carriageway to its right.
      const shift = [((b[1] - a[1]) / length) * (r.medianM / 2), (-(b[0] - a[0]) / length) * (r.medianM / 2)];
      const shape =
        r.medianM === 0
          ? undefined
          : [a, b].map((p) => Object.values(xy(toLonLat(streets.origin, [p[0] + shift[0], p[1] + shift[1]]))).join(',')).join(' ');
      return element(
        'edge',
        {
          id: edgeId(r.from, r.to),
          from: r.from,
          to: r.to,
          name: r.name,
          priority: r.highway === 'primary' ? 3 : 1,
          speed: (r.speedKmh / 3.6).toFixed(2),
          numLanes: r.lanes + 1,
          shape,
        },
        [
          element('lane', { index: 0, allow: 'pedestrian', width: SIDEWALK_WIDTH_M, speed: '2.78' }),
          ...Array.from({ length: r.lanes }, (_, i) => element('lane', { index: i + 1, disallow: 'pedestrian', width: r.widthM })),
        ],
      );
    }),
  );
};

/** Which lane leads where: lanes are listed from the kerb; `TR` is a lane shared by the straight and the right turn. */
export const listConnections = (streets) => {
  const exitLanes = new Map(listRoads(streets).map((r) => [edgeId(r.from, r.to), r.lanes]));
  return streets.junctions.flatMap((j) =>
    armsOf(j).flatMap((a) =>
      ['R', 'T', 'L'].flatMap((turn) => {
        const target = j.arms[TURNS[a][turn]];
        if (target === undefined) return [];
        const to = edgeId(j.id, target.node);
        const sources = j.arms[a].lanes.flatMap((use, i) => (use.includes(turn) ? [i + 1] : []));
        const lanes = exitLanes.get(to);
        // Right turns and straights keep to the kerb side, left turns to the median.
        return sources.map((fromLane, k) => ({
          junction: j.id,
          arm: a,
          turn,
          from: edgeId(j.arms[a].node, j.id),
          to,
          fromLane,
          toLane: turn === 'L' ? lanes - (sources.length - 1 - k) : Math.min(k + 1, lanes),
        }));
      }),
    ),
  );
};

export const listCrossings = (streets) =>
  streets.junctions.flatMap((j) =>
    armsOf(j)
      .filter((a) => j.arms[a].crossing)
      .flatMap((a) => {
        const { node, crossing } = j.arms[a];
        const [inbound, outbound] = [edgeId(node, j.id), edgeId(j.id, node)];
        const halves = crossing === 'two-stage' ? [[inbound], [outbound]] : [[inbound, outbound]];
        return halves.map((edges) => ({ junction: j.id, arm: a, edges }));
      }),
  );

export const writeConnections = (streets) =>
  document('connections', [
    ...listConnections(streets).map(({ from, to, fromLane, toLane }) => element('connection', { from, to, fromLane, toLane })),
    ...listCrossings(streets).map((c) =>
      element('crossing', { node: c.junction, edges: c.edges.join(' '), priority: 'true', width: CROSSING_WIDTH_M }),
    ),
  ]);
