import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { instant } from '@songxanh/core';
import { corridor, GTFS, SEVEN } from '../testing/corridor.ts';
import { openGeo } from '../street/geo.ts';
import { openStreetMap } from '../street/street-map.ts';
import { readGtfs, serviceDay } from './gtfs-static.ts';
import { layLines } from './lines.ts';

// A whole corridor is read; wall time for a crowded machine.
jest.setTimeout(60_000);

describe('a GTFS feed', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'songxanh-gtfs-'));
    cpSync(GTFS, dir, { recursive: true });
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  const change = (file: string, edit: (text: string) => string): void => {
    writeFileSync(join(dir, file), edit(readFileSync(join(dir, file), 'utf8')));
  };

  it('is read from a folder and from a zip alike', async () => {
    const zip = join(dir, 'feed.zip');
    writeFileSync(zip, zipSync(Object.fromEntries(readdirSync(GTFS).map((name) => [`feed/${name}`, readFileSync(join(GTFS, name))]))));
    const [folder, zipped] = [await readGtfs(GTFS), await readGtfs(zip)];
    expect(zipped.trips).toEqual(folder.trips);
    expect(folder.trips.size).toBe(60);
    expect(folder.trips.get('bus32_in_1')?.calls).toHaveLength(7);
    expect(folder.lines.get('32')).toBe('32');
  });

  it('runs on the days of its calendar but for exceptions', async () => {
    writeFileSync(join(dir, 'calendar_dates.txt'), 'service_id,date,exception_type\nweekday,20260106,2\nweekday,20260111,1\n');
    const { runsOn } = await readGtfs(dir);
    expect(['20260105', '20260106', '20260110', '20260111', '20270105'].map((date) => runsOn('weekday', date))).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['a table is missing', 'stops.txt', undefined, /stops\.txt: missing: expected a table with stop_id/],
    ['a column is missing', 'trips.txt', (text: string) => text.replace('service_id', 'svc'), /trips\.txt:1: column service_id is missing/],
    [
      'a time is none',
      'stop_times.txt',
      (text: string) => text.replace('06:31:24', '6 o clock'),
      /stop_times\.txt:3: arrival_time is "6 o clock": expected HH:MM:SS/,
    ],
    [
      'a stop is unknown',
      'stop_times.txt',
      (text: string) => text.replace('stop_W0_J1', 'nowhere'),
      /stop_times\.txt:3: stop_id is "nowhere": expected a known stop/,
    ],
    [
      'a place is not on earth',
      'stops.txt',
      (text: string) => text.replace('21.011510', '121'),
      /stops\.txt:2: stop_lat is "121": expected -90 to 90/,
    ],
    [
      'a bus departs before it arrives',
      'stop_times.txt',
      (text: string) => text.replace('06:31:24,06:31:44', '06:31:24,06:31:04'),
      /stop_times\.txt:3: departs before/,
    ],
    ['a row has too many fields', 'trips.txt', (text: string) => text.replace('inbound,0', 'inbound,0,1,2'), /trips\.txt: .*line 2/],
  ])('in which %s is refused with file and line', async (_, file, edit, message) => {
    if (edit === undefined) rmSync(join(dir, file));
    else change(file, edit);
    await expect(readGtfs(dir)).rejects.toThrow(message);
  });

  it('that is neither folder nor zip is refused', async () => {
    await expect(readGtfs(join(dir, 'nothing'))).rejects.toThrow('expected a GTFS feed');
    await expect(readGtfs(join(dir, 'stops.txt'))).rejects.toThrow('expected a GTFS folder or a zip');
  });

  it('counts its days by the local clock', () => {
    expect(serviceDay(SEVEN, 'Asia/Ho_Chi_Minh')).toEqual({ date: '20260105', midnight: SEVEN - 7 * 3_600_000 });
    expect(serviceDay(instant(SEVEN - 7 * 3_600_000 - 1), 'Asia/Ho_Chi_Minh').date).toBe('20260104');
  });
});

describe('the lines of the corridor', () => {
  it('lie over its streets by their stops alone, each direction on its own side, with all eight signals', async () => {
    const { network, sites } = await corridor();
    const lines = layLines(await readGtfs(GTFS), openStreetMap(network, sites), openGeo(network.location));
    expect(lines.left).toEqual([]);
    expect(lines.patterns.map(({ route }) => route.edges.join(' '))).toEqual([
      'W0_J1 J1_J2 J2_J3 J3_J4 J4_J5 J5_J6 J6_J7 J7_J8 J8_E9',
      'E9_J8 J8_J7 J7_J6 J6_J5 J5_J4 J4_J3 J3_J2 J2_J1 J1_W0',
    ]);
    const [inbound] = lines.patterns;
    expect(inbound?.route.stopLines.map(({ junction, group }) => `${junction} ${group}`)).toEqual(
      ['J1', 'J2', 'J3', 'J4', 'J5', 'J6', 'J7', 'J8'].map((junction) => `${junction} WT`),
    );
    const places = inbound?.stops.map(({ distanceM }) => distanceM) ?? [];
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('that lie elsewhere are left out by name', async () => {
    const { network, sites } = await corridor();
    const gtfs = await readGtfs(GTFS);
    const stops = new Map([...gtfs.stops].map(([id, stop]) => [id, id === 'stop_J4_J5' ? { ...stop, lat: stop.lat + 1 } : stop]));
    const lines = layLines({ ...gtfs, stops }, openStreetMap(network, sites), openGeo(network.location));
    expect(lines.left).toEqual([{ line: '32', stop: 'stop_J4_J5', trips: 30 }]);
    expect(lines.patterns).toHaveLength(1);
  });
});
