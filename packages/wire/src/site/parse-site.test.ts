import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSite, seconds, TRAFFIC_MIXES, type Site } from '@songxanh/core';
import { encodeSite } from './encode-site.ts';
import { parseSite } from './parse-site.ts';

const small = {
  id: 'K',
  position: { lon: 105.8, lat: 21 },
  lanes: [{ id: 'w_1', lengthM: 200, speedMps: 13.89 }],
  movements: [{ id: 'm0', group: 'WT', fromLane: 'w_1', toLane: 'e_1', turn: 'through' }],
  groups: [
    { id: 'WT', heads: [0] },
    { id: 'P', kind: 'pedestrian', heads: [1] },
  ],
  conflicts: { hard: [['WT', 'P']] },
  crossings: [{ id: 'c', groups: ['P'], lengthM: 12 }],
  stages: [
    { id: 'cars', green: ['WT'] },
    { id: 'walk', green: ['P'] },
  ],
  detectors: [{ id: 'btn_K_P', role: 'push-button', groups: ['P'] }],
};

const parsed = (source: unknown): Site => {
  const site = parseSite(source, 'K.site.json');
  if (!site.ok) throw new Error(site.message);
  return site.value;
};

describe('parseSite', () => {
  const site = parsed(small);

  it('takes the yellow from the approach speed', () => {
    // 1 s + 13.89 m/s / (2 · 3.05 m/s²) = 3.28 s, in tenths upwards.
    expect(site.groups[0]!.clearance).toBe(3300);
  });

  it('takes the pedestrian clearance from crossing length and walking speed', () => {
    expect(site.groups[1]!).toMatchObject({ clearance: 10_000, minGreen: 7000, redCap: 120_000 });
  });

  it('gives every conflict an intergreen of clearance and two seconds, both ways', () => {
    expect(site.intergreens).toEqual([
      { from: 'WT', to: 'P', duration: 5300 },
      { from: 'P', to: 'WT', duration: 12_000 },
    ]);
  });

  it('starts a junction in monitor mode, on local actuation where there is no plan', () => {
    expect(site).toMatchObject({ mode: 'monitor', stageOrder: 'fixed', headCount: 2, schedule: [{ plan: 'actuated' }] });
  });

  it('locks the call of a push button', () => {
    expect(site.detectors[0]).toMatchObject({ locking: true, onFailure: 'pedestrian' });
  });

  it('derives a file that may run', () => {
    expect(checkSite(site)).toEqual([]);
  });

  it('reads back what it writes, defaults and all', () => {
    expect(parsed(JSON.parse(JSON.stringify(encodeSite(site))))).toEqual(site);
    const rich = { ...site, groups: [{ ...site.groups[0]!, leadingInterval: seconds(3), name: 'x' }, site.groups[1]!] };
    expect(parsed(encodeSite(rich))).toEqual(rich);
  });

  it('takes a traffic mix by its name or written out', () => {
    const hanoi = parsed({ ...small, traffic: 'hanoi' });
    expect(hanoi.traffic).toEqual(TRAFFIC_MIXES.hanoi);
    expect(parsed(encodeSite(hanoi))).toEqual(hanoi);
    expect(site.traffic).toBeUndefined();
  });

  it.each([
    ['a traffic mix nobody has named', { ...small, traffic: 'saigon' }, /traffic: expected one of cars, hanoi/],
    ['a text that is not JSON', '{\n "id": "K",\n oops }', /^K\.site\.json:3: not JSON/],
    ['a word where a value should be', '{\n "id": oops,\n "name": "K"\n}', /^K\.site\.json:2: not JSON: .*oops/],
    ['a text with comments', '{\n // our K\n "id": "K"\n}', /^K\.site\.json:2: not JSON/],
    ['an empty file', '', /^K\.site\.json:1: not JSON/],
    ['a text that ends early', '{\n "id": "K"', /^K\.site\.json:2: not JSON/],
    ['a missing field', { ...small, stages: undefined }, /document: field "stages" is missing/],
    ['an unknown field', { ...small, colour: 'red' }, /unknown field "colour"/],
    ['a time that is no number', { ...small, groups: [{ id: 'WT', heads: [0], minGreenS: '5' }] }, /groups\.0\.minGreenS: expected number/],
    ['a word that is not in the list', { ...small, stageOrder: 'any' }, /stageOrder: expected one of fixed, skips, free/],
    ['a clock time of 25 hours', { ...small, schedule: [{ days: [1], from: '25:00', plan: 'x' }] }, /schedule\.0\.from/],
    ['nothing', null, /document: expected object/],
  ])('refuses %s with the file and what was expected', (_, source, message) => {
    const text = typeof source === 'string' ? source : source === null ? 'null' : JSON.stringify(source, undefined, 1);
    const refused = parseSite(text, 'K.site.json');
    expect(refused.ok ? '' : refused.message).toMatch(message);
  });

  it('names the line of a wrong value', () => {
    const text = JSON.stringify(
      {
        ...small,
        groups: [
          { id: 'a, "b": [1', heads: [0] },
          { id: 'P', heads: 'one' },
        ],
      },
      undefined,
      2,
    );
    const line = text.split('\n').findIndex((l) => l.includes('"one"')) + 1;
    const refused = parseSite(text, 'K.site.json');
    expect(refused.ok ? '' : refused.message).toBe(`K.site.json:${line}: groups.1.heads: expected array`);
  });
});

describe('the scenarios', () => {
  const root = join(import.meta.dirname, '../../../../scenarios');
  const files = ['corridor', 'one-junction'].flatMap((name) =>
    readdirSync(join(root, name, 'sites')).map((f) => join(root, name, 'sites', f)),
  );

  it.each(files)('%s may run', (file) => {
    expect(checkSite(parsed(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('show countdowns of all three kinds', () => {
    const kinds = files.flatMap((f) => parsed(readFileSync(f, 'utf8')).groups.flatMap((g) => [g.countdown.green, g.countdown.red]));
    expect(new Set(kinds)).toEqual(new Set(['full', 'tail', 'none']));
  });
});
