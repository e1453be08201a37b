import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accept, junctionId, refuse } from '@songxanh/core';
import type { Site } from '@songxanh/core';
import { deriveSite } from '../site/derive-site.ts';
import { cross } from '../testing/fixtures.ts';
import { loadScenario } from './load-scenario.ts';
import { localMidnight } from './local-midnight.ts';

const CONFIG = `<configuration><input><net-file value="cross.net.xml"/><route-files value="a.rou.xml, b.rou.xml"/></input>
  <time><begin value="23400"/><end value="6:40:00"/></time></configuration>`;
const parseSite = () => refuse('bad-site', 'sites/C.site.json: /groups: expected at least one group');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  cpSync(join(import.meta.dirname, '../../fixtures/cross.net.xml'), join(folder, 'cross.net.xml'));
  writeFileSync(join(folder, 'x.sumocfg'), CONFIG);
  writeFileSync(join(folder, 'a.rou.xml'), '<routes><route id="r" edges="EC CW"/></routes>');
  writeFileSync(join(folder, 'b.rou.xml'), '<routes><vehicle id="v" depart="23401" route="r"/></routes>');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('loads what the configuration names and derives what is not there', async () => {
  const scenario = await loadScenario(join(folder, 'x.sumocfg'), { parseSite });
  expect(scenario).toMatchObject({
    name: 'x',
    title: 'x',
    timeZone: 'UTC',
    midnight: Date.UTC(2026, 0, 5),
    files: { beginS: 23_400, endS: 24_000, stepLengthS: 1 },
  });
  expect(scenario.demand.trips.map(({ id }) => id)).toEqual(['v']);
  expect([...scenario.derived]).toEqual(['C']);
  expect(scenario.placedDetectors).toHaveLength(12);
});

test('takes title, day and zone from scenario.json and places no loops for a junction with a site file', async () => {
  writeFileSync(join(folder, 'scenario.json'), '{"title": "Cross", "timeZone": "Asia/Ho_Chi_Minh", "date": "2026-03-02"}');
  mkdirSync(join(folder, 'sites'));
  writeFileSync(join(folder, 'sites', 'C.site.json'), '{}');
  const site = deriveSite(cross(), 'C', { detectors: [], busStops: [] });
  const scenario = await loadScenario(join(folder, 'x.sumocfg'), { parseSite: () => accept(site) });
  expect(scenario).toMatchObject({ title: 'Cross', midnight: Date.UTC(2026, 2, 1, 17) });
  expect(scenario.sites.get(junctionId('C'))).toBe(site);
  expect(scenario.placedDetectors).toEqual([]);
});

test.each([
  ['a missing route file', 'b.rou.xml', undefined, /b\.rou\.xml: no such file/],
  ['a configuration without a network', 'x.sumocfg', '<configuration/>', /expected <input> with a <net-file/],
  [
    'a begin behind the end',
    'x.sumocfg',
    CONFIG.replace('23400', '99999'),
    /x\.sumocfg:2: <begin value="99999">: expected a begin before the end/,
  ],
  [
    'a zone that does not exist',
    'scenario.json',
    '{\n "date": "2026-03-02",\n "timeZone": "Mars/Base"}',
    /scenario\.json:3: timeZone "Mars\/Base": expected an IANA time zone/,
  ],
  [
    'a day that does not exist',
    'scenario.json',
    '{\n "date": "2026-13-02"}',
    /scenario\.json:2: date "2026-13-02": expected a day as "yyyy-mm-dd"/,
  ],
  ['a title that is no text', 'scenario.json', '{\n\n "title": 7}', /scenario\.json:3: title 7: expected a text/],
  [
    'a sheet that is no JSON',
    'scenario.json',
    '{\n "title": Cross,\n "date": "2026-03-02"}',
    /scenario\.json:2: not JSON: expected \{"title"/,
  ],
  ['a sheet that is a list', 'scenario.json', '\n[]', /scenario\.json:2: expected an object \{"title"/],
  ['an empty sheet', 'scenario.json', '', /scenario\.json:1: not JSON/],
])('refuses %s', async (_what, name, text, message) => {
  if (text === undefined) rmSync(join(folder, name));
  else writeFileSync(join(folder, name), text);
  await expect(loadScenario(join(folder, 'x.sumocfg'), { parseSite })).rejects.toThrow(message);
});

test('passes on why a site file was refused', async () => {
  mkdirSync(join(folder, 'sites'));
  writeFileSync(join(folder, 'sites', 'C.site.json'), '{}');
  await expect(loadScenario(join(folder, 'x.sumocfg'), { parseSite })).rejects.toThrow('/groups: expected at least one group');
});

test('refuses a site file for a signal or a number of heads that the network does not have, with its line', async () => {
  mkdirSync(join(folder, 'sites'));
  const file = join(folder, 'sites', 'C.site.json');
  const site = deriveSite(cross(), 'C', { detectors: [], busStops: [] });
  const load = (change: Partial<Site>): Promise<unknown> =>
    loadScenario(join(folder, 'x.sumocfg'), { parseSite: () => accept({ ...site, ...change }) });
  writeFileSync(file, '{\n  "name": "cross",\n  "id": "Z",\n  "groups": [],\n  "headCount": 99\n}');
  await expect(load({ id: junctionId('Z') })).rejects.toThrow('C.site.json:3: id "Z": expected a signal of the network');
  await expect(load({ headCount: 99 })).rejects.toThrow(/C\.site\.json:5: 99 heads: expected \d+, the links of signal C/);
  writeFileSync(file, '{\n  "groups": []\n}');
  await expect(load({ headCount: 99 })).rejects.toThrow(/C\.site\.json:2: 99 heads/);
});

test('begins a local day at its own midnight, also when clocks change', () => {
  expect(localMidnight('2026-03-29', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 28, 23));
  expect(localMidnight('2026-03-30', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 22));
  expect(localMidnight('tomorrow', 'UTC')).toBeUndefined();
  expect(localMidnight('2026-02-30', 'UTC')).toBeUndefined();
});
