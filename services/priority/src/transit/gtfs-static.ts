import { milliseconds, type Duration, type Instant } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import { localMidnight } from '@songxanh/sumo-files';
import { fieldOf, readGtfsFiles, readTable, type GtfsRow } from './gtfs-table.ts';

export interface GtfsStop {
  readonly id: string;
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
}

/** Times since the midnight of the service day; above 24 h for trips that run past it. */
export interface GtfsCall {
  readonly stop: string;
  readonly arrival: Duration;
  readonly departure: Duration;
}

export interface GtfsTrip {
  readonly id: string;
  readonly route: string;
  readonly service: string;
  readonly calls: readonly GtfsCall[];
}

/** The parts of a GTFS feed that priority needs. Trips by frequencies.txt are not among them. */
export interface Gtfs {
  /** Route id → the name passengers know. */
  readonly lines: ReadonlyMap<string, string>;
  readonly stops: ReadonlyMap<string, GtfsStop>;
  readonly trips: ReadonlyMap<string, GtfsTrip>;
  /** Whether a service runs on a date (yyyymmdd). */
  readonly runsOn: (service: string, date: string) => boolean;
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

const parseTime = (text: string): Duration | undefined => {
  const match = /^(\d{1,2}):([0-5]\d):([0-5]\d)$/.exec(text);
  return match === null ? undefined : milliseconds((Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])) * 1000);
};
const parseDate = (text: string): string | undefined => (/^\d{8}$/.test(text) ? text : undefined);
const degrees =
  (most: number) =>
  (text: string): number | undefined =>
    Math.abs(Number(text)) <= most ? Number(text) : undefined;
const asText = (text: string): string => text;

const weekdayOf = (date: string): (typeof WEEKDAYS)[number] =>
  WEEKDAYS[new Date(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00Z`).getUTCDay()]!;

const known = <T>(row: GtfsRow, column: string, table: ReadonlyMap<string, T>, kind: string): string => {
  const id = fieldOf(row, column, `the id of a ${kind}`, asText);
  if (!table.has(id))
    throw new EdgeError('bad-input', `${row.file}:${String(row.line)}: ${column} is ${JSON.stringify(id)}: expected a known ${kind}`);
  return id;
};

/** Reads a feed from a folder or a zip; the first thing that is wrong ends it with file, line and what was expected. */
export const readGtfs = async (path: string): Promise<Gtfs> => {
  const files = await readGtfsFiles(path);
  const table = (name: string, required: readonly string[], optional = false): readonly GtfsRow[] =>
    readTable(files, path, name, required, optional);

  const lines = new Map(
    table('routes.txt', ['route_id']).map((row) => {
      const id = fieldOf(row, 'route_id', 'an id', asText);
      return [id, row.fields['route_short_name'] || row.fields['route_long_name'] || id];
    }),
  );
  const stops = new Map(
    table('stops.txt', ['stop_id', 'stop_lat', 'stop_lon']).map((row): [string, GtfsStop] => {
      const id = fieldOf(row, 'stop_id', 'an id', asText);
      const lat = fieldOf(row, 'stop_lat', '-90 to 90', degrees(90));
      const lon = fieldOf(row, 'stop_lon', '-180 to 180', degrees(180));
      return [id, { id, name: row.fields['stop_name'] ?? id, lon, lat }];
    }),
  );
  const services = new Map<string, ((date: string) => boolean)[]>();
  for (const row of table('calendar.txt', ['service_id', 'start_date', 'end_date'], true)) {
    const service = fieldOf(row, 'service_id', 'an id', asText);
    const begin = fieldOf(row, 'start_date', 'yyyymmdd', parseDate);
    const end = fieldOf(row, 'end_date', 'yyyymmdd', parseDate);
    const runs = (date: string): boolean => date >= begin && date <= end && row.fields[weekdayOf(date)] === '1';
    services.set(service, [runs]);
  }
  const exceptions = new Map<string, boolean>();
  for (const row of table('calendar_dates.txt', ['service_id', 'date', 'exception_type'], true)) {
    const service = fieldOf(row, 'service_id', 'an id', asText);
    const date = fieldOf(row, 'date', 'yyyymmdd', parseDate);
    const added = fieldOf(row, 'exception_type', '1 or 2', (text) => (text === '1' ? true : text === '2' ? false : undefined));
    exceptions.set(`${service} ${date}`, added);
    if (!services.has(service)) services.set(service, []);
  }

  const calls = new Map<string, { readonly sequence: number; readonly call: GtfsCall }[]>();
  const heads = new Map(
    table('trips.txt', ['trip_id', 'route_id', 'service_id']).map((row): [string, { route: string; service: string }] => {
      const id = fieldOf(row, 'trip_id', 'an id', asText);
      calls.set(id, []);
      return [id, { route: known(row, 'route_id', lines, 'route'), service: known(row, 'service_id', services, 'service') }];
    }),
  );
  for (const row of table('stop_times.txt', ['trip_id', 'stop_id', 'stop_sequence'])) {
    const trip = known(row, 'trip_id', calls, 'trip');
    const stop = known(row, 'stop_id', stops, 'stop');
    const sequence = fieldOf(row, 'stop_sequence', 'a whole number', (text) => (/^\d+$/.test(text) ? Number(text) : undefined));
    // Times may be left out between two stops that have them; such a stop tells nothing of lateness.
    if ((row.fields['arrival_time'] ?? '') === '' && (row.fields['departure_time'] ?? '') === '') continue;
    const either = (row.fields['arrival_time'] ?? '') === '' ? 'departure_time' : 'arrival_time';
    const arrival = fieldOf(row, either, 'HH:MM:SS', parseTime);
    const departure = (row.fields['departure_time'] ?? '') === '' ? arrival : fieldOf(row, 'departure_time', 'HH:MM:SS', parseTime);
    if (departure < arrival) throw new EdgeError('bad-input', `${row.file}:${String(row.line)}: departs before it arrives`);
    calls.get(trip)!.push({ sequence, call: { stop, arrival, departure } });
  }
  const trips = new Map(
    [...heads].map(([id, head]): [string, GtfsTrip] => [
      id,
      {
        id,
        ...head,
        calls: calls
          .get(id)!
          .sort((a, b) => a.sequence - b.sequence)
          .map(({ call }) => call),
      },
    ]),
  );
  const runsOn = (service: string, date: string): boolean =>
    exceptions.get(`${service} ${date}`) ?? services.get(service)?.some((runs) => runs(date)) ?? false;
  return { lines, stops, trips, runsOn };
};

/** The service day (yyyymmdd) a moment belongs to and its midnight, on the clocks of a time zone. */
export const serviceDay = (at: Instant, timeZone: string): { readonly date: string; readonly midnight: Instant } => {
  const date = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
  return { date: date.replaceAll('-', ''), midnight: localMidnight(date, timeZone)! };
};
