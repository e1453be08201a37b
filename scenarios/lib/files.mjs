// SUMO's route, additional and configuration files, and OSM XML.
import { toLonLat } from './geo.mjs';
import { document, edgeId, element, listRoads } from './streets.mjs';
import { routesFrom } from './demand.mjs';

const SLICE_S = 900;
const param = (key, value) => element('param', { key, value });

/**
 * Motorcycle values: published discharge of a 7 m approach, reproduced in SUMO at lateral resolution 0.8. Passenger-car units from the Hanoi
 * equivalents (motorcycle 1, car 3.4, minibus 8.3, bus 10.5) divided by 3.4. Persons: motorcycle 1.2, car 1.6, bus 30.
 */
const vehicleTypes = (mix) => {
  const share = (id) => ({ id, probability: mix[id] });
  return [
  element('vTypeDistribution', { id: 'traffic' }, [
  element(
    'vType',
    {
      ...share('motorcycle'),
      vClass: 'motorcycle',
      length: 1.9,
      width: 0.7,
      minGap: 1.0,
      tau: 1.5,
      minGapLat: 0.3,
      accel: 2.5,
      decel: 4.5,
      maxSpeed: 13.9,
      latAlignment: 'arbitrary',
      maxSpeedLat: 1.5,
    },
    [param('persons', 1.2), param('pcu', 0.29)],
  ),
  element('vType', { ...share('car'), vClass: 'passenger', length: 4.6, width: 1.8 }, [param('persons', 1.6), param('pcu', 1)]),
  element('vType', { ...share('truck'), vClass: 'truck', length: 7.1, width: 2.3, maxSpeed: 22.2 }, [param('persons', 1.2), param('pcu', 2.44)]),
]),
  element('vType', { id: 'bus', vClass: 'bus', length: 12, width: 2.5, maxSpeed: 16.7 }, [param('persons', 30), param('pcu', 3.09)]),
];
};

export const writeRoutes = (streets, demand) => {
  const routes = streets.ends.map((end) => ({ end: end.id, list: routesFrom(streets, demand, end.id) })).filter((r) => r.list.length > 0);
  const distributions = routes.map(({ end, list }) =>
    element(
      'routeDistribution',
      { id: `from_${end}` },
      list.map((r) => element('route', { id: `${r.edges[0]}_to_${r.edges.at(-1)}`, edges: r.edges.join(' '), probability: r.share.toFixed(4) })),
    ),
  );
  const flows = routes.flatMap(({ end }) => {
    const { vehPerHour, profile } = demand.entries[end];
    return demand.profiles[profile].map((factor, slice) => {
      const begin = demand.beginS + slice * SLICE_S;
      return {
        begin,
        xml: element('flow', {
          id: `${end}_${slice}`,
          type: 'traffic',
          route: `from_${end}`,
          begin,
          end: begin + SLICE_S,
          probability: ((vehPerHour * factor) / 3600).toFixed(4),
          departLane: 'best',
          departSpeed: 'max',
        }),
      };
    });
  });
  const bursts = (demand.bursts ?? []).map((b) => ({
    begin: b.beginS,
    xml: element('flow', {
      id: b.id,
      type: 'traffic',
      route: `from_${b.end}`,
      begin: b.beginS,
      end: b.beginS + b.durationS,
      probability: (b.vehPerHour / 3600).toFixed(4),
      departLane: 'best',
      departSpeed: 'max',
    }),
  }));
  const buses = (demand.lines ?? []).map((line) => ({
    begin: demand.beginS + line.firstS,
    xml: element(
      'flow',
      { id: line.id, type: 'bus', line: line.name, route: `line_${line.id}`, begin: demand.beginS + line.firstS, end: demand.endS, period: line.headwayS, departLane: 'best' },
      line.stops.map((s) => element('stop', { busStop: s.id, duration: s.dwellS })),
    ),
  }));
  const lineRoutes = (demand.lines ?? []).map((line) => element('route', { id: `line_${line.id}`, edges: line.edges.join(' ') }));
  const byBegin = [...buses, ...flows, ...bursts].sort((a, b) => a.begin - b.begin).map((f) => f.xml);
  return document('routes', [...vehicleTypes(demand.mix), ...distributions, ...lineRoutes, ...byBegin]);
};

export const writeWalks = (walks) =>
  document(
    'routes',
    walks.map((w) =>
      element('person', { id: w.id, depart: w.departS, departPos: w.from.pos }, [
        element('walk', { edges: `${w.from.edge} ${w.to.edge}`, arrivalPos: w.to.pos }),
      ]),
    ),
  );

export const writeAdditional = (loops, stops) =>
  document('additional', [...loops.map((l) => element('inductionLoop', l)), ...stops.map((s) => element('busStop', s))]);

export const writeConfig = ({ name, beginS, endS, additional }) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<configuration>
  <input>
    <net-file value="${name}.net.xml"/>
    <route-files value="${name}.rou.xml,${name}.persons.rou.xml"/>
    <additional-files value="${additional}"/>
  </input>
  <time>
    <begin value="${beginS}"/>
    <end value="${endS}"/>
    <step-length value="1"/>
  </time>
  <processing>
    <lateral-resolution value="0.8"/>
    <time-to-teleport value="-1"/>
    <collision.action value="warn"/>
    <ignore-junction-blocker value="20"/>
  </processing>
  <report>
    <no-step-log value="true"/>
  </report>
</configuration>
`;

/** A tlLogic for every site's plan, with SUMO's offset: its clock starts at midnight, as ours does. */
export const writePrograms = (sites, programs) =>
  document(
    'tlLogics',
    sites.map((site) => {
      const { plan, phases, offsetS } = programs(site);
      return element(
        'tlLogic',
        { id: site.id, type: 'static', programID: plan.name, offset: offsetS },
        phases.map((p) => element('phase', p)),
      );
    }),
  );

/** The same streets as a mapper would enter them: one way per road and direction, signals, the bus line and its stops. */
export const writeOsm = (streets, { lines = [], stops = [] }) => {
  const nodeIds = new Map([...streets.junctions, ...streets.ends].map((n, i) => [n.id, i + 1]));
  const at = new Map([...streets.junctions, ...streets.ends].map((n) => [n.id, n.at]));
  const tag = (k, v) => element('tag', { k, v });
  const node = (id, p, tags) => {
    const [lon, lat] = toLonLat(streets.origin, p);
    return element('node', { id, lat: lat.toFixed(7), lon: lon.toFixed(7), version: 1 }, tags);
  };
  const roads = listRoads(streets);
  const wayIds = new Map(roads.map((r, i) => [edgeId(r.from, r.to), 1001 + i]));
  const stopIds = new Map(stops.map((s, i) => [s.id, 501 + i]));
  const edgeOf = (stop) => stop.lane.slice(0, stop.lane.lastIndexOf('_'));
  const stopAt = (stop) => {
    const road = roads.find((r) => edgeId(r.from, r.to) === edgeOf(stop));
    const [a, b] = [at.get(road.from), at.get(road.to)];
    const share = stop.endPos / Math.hypot(b[0] - a[0], b[1] - a[1]);
    return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
  };
  const nodes = [
    ...streets.junctions.map((j) => node(nodeIds.get(j.id), j.at, [tag('highway', 'traffic_signals'), tag('name', j.name), tag('ref', j.id)])),
    ...streets.ends.map((e) => node(nodeIds.get(e.id), e.at, [])),
    ...stops.map((s) => node(stopIds.get(s.id), stopAt(s), [tag('highway', 'bus_stop'), tag('public_transport', 'stop_position'), tag('bus', 'yes'), tag('name', s.name)])),
  ];
  const ways = roads.map((r) =>
    element('way', { id: wayIds.get(edgeId(r.from, r.to)), version: 1 }, [
      element('nd', { ref: nodeIds.get(r.from) }),
      ...stops
        .filter((s) => edgeOf(s) === edgeId(r.from, r.to))
        .sort((x, y) => x.endPos - y.endPos)
        .map((s) => element('nd', { ref: stopIds.get(s.id) })),
      element('nd', { ref: nodeIds.get(r.to) }),
      tag('highway', r.highway),
      tag('name', r.name),
      tag('oneway', 'yes'),
      tag('lanes', r.lanes),
      tag('maxspeed', r.speedKmh),
      tag('sidewalk', 'right'),
    ]),
  );
  const relations = lines.map((line, i) =>
    element('relation', { id: 9001 + i, version: 1 }, [
      ...line.stops.map((s) => element('member', { type: 'node', ref: stopIds.get(s.id), role: 'stop' })),
      ...line.edges.map((e) => element('member', { type: 'way', ref: wayIds.get(e), role: '' })),
      tag('type', 'route'),
      tag('route', 'bus'),
      tag('public_transport:version', '2'),
      tag('ref', line.name),
      tag('name', line.title),
    ]),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('osm', { version: '0.6', generator: 'songxanh scenarios' }, [...nodes, ...ways, ...relations])}\n`;
};
