// The bus lines of a scenario as a GTFS feed (folder of .txt): what a transit operator would publish of the same streets.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toLonLat } from './geo.mjs';
import { edgeId, listRoads } from './streets.mjs';

const clock = (s) => [3600, 60, 1].map((unit, i) => String(Math.floor(s / unit) % (i === 0 ? 100 : 60)).padStart(2, '0')).join(':');
const csv = (header, rows) => `${[header, ...rows].map((row) => row.map((v) => (/[",]/.test(v) ? `"${String(v).replaceAll('"', '""')}"` : v)).join(',')).join('\n')}\n`;

/** `speedMps`: mean speed between stops by the timetable, signals included. */
export const writeGtfs = (dir, streets, demand, { agency, url, speedMps }) => {
  const at = new Map([...streets.junctions, ...streets.ends].map((n) => [n.id, n.at]));
  const roads = new Map(listRoads(streets).map((r) => [edgeId(r.from, r.to), r]));
  const ends = (edge) => [at.get(roads.get(edge).from), at.get(roads.get(edge).to)];
  const length = (edge) => Math.hypot(...ends(edge)[0].map((x, i) => ends(edge)[1][i] - x));
  const along = (edge, m) => ends(edge)[0].map((x, i) => x + ((ends(edge)[1][i] - x) * m) / length(edge));
  const stops = new Map();
  const trips = [];
  const calls = [];
  for (const line of demand.lines) {
    const begin = new Map();
    let total = 0;
    for (const edge of line.edges) {
      begin.set(edge, total);
      total += length(edge);
    }
    const [first, last] = [line.edges[0], line.edges.at(-1)];
    // The line's ends are termini: nobody boards there in the simulation.
    const way = [
      { id: `${line.id}_begin`, name: `${line.title}, begin`, m: 0, at: along(first, 0), dwellS: 0 },
      ...line.stops.map((s) => {
        const edge = s.lane.slice(0, s.lane.lastIndexOf('_'));
        return { id: s.id, name: s.name, m: begin.get(edge) + s.endPos, at: along(edge, s.endPos), dwellS: s.dwellS };
      }),
      { id: `${line.id}_end`, name: `${line.title}, end`, m: total, at: along(last, length(last)), dwellS: 0 },
    ];
    for (const s of way) stops.set(s.id, s);
    for (let t = demand.beginS + line.firstS, n = 1; t < demand.endS; t += line.headwayS, n++) {
      const trip = `${line.id}_${String(n)}`;
      trips.push([line.name, 'weekday', trip, line.title, line.id.endsWith('_in') ? 0 : 1]);
      let now = t;
      way.forEach((s, i) => {
        if (i > 0) now += Math.round((s.m - way[i - 1].m) / speedMps);
        calls.push([trip, clock(now), clock(now + s.dwellS), s.id, i + 1]);
        now += s.dwellS;
      });
    }
  }
  const write = (name, header, rows) => writeFileSync(join(dir, 'gtfs', name), csv(header, rows));
  mkdirSync(join(dir, 'gtfs'), { recursive: true });
  write('agency.txt', ['agency_id', 'agency_name', 'agency_url', 'agency_timezone'], [['a', agency, url, 'Asia/Ho_Chi_Minh']]);
  write('routes.txt', ['route_id', 'agency_id', 'route_short_name', 'route_type'], [...new Set(demand.lines.map((l) => l.name))].map((n) => [n, 'a', n, 3]));
  write(
    'stops.txt',
    ['stop_id', 'stop_name', 'stop_lat', 'stop_lon'],
    [...stops.values()].map((s) => {
      const [lon, lat] = toLonLat(streets.origin, s.at);
      return [s.id, s.name, lat.toFixed(6), lon.toFixed(6)];
    }),
  );
  write(
    'calendar.txt',
    ['service_id', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday', 'start_date', 'end_date'],
    [['weekday', 1, 1, 1, 1, 1, 1, 0, '20260101', '20261231']],
  );
  write('trips.txt', ['route_id', 'service_id', 'trip_id', 'trip_headsign', 'direction_id'], trips);
  write('stop_times.txt', ['trip_id', 'arrival_time', 'departure_time', 'stop_id', 'stop_sequence'], calls);
};
