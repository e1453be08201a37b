import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listSiteFaults } from './list-site-faults.ts';
import { parseRunnableSite } from './parse-runnable-site.ts';
import { parseSite } from './parse-site.ts';
import type { SiteFile } from './site-file.ts';

const FILE = join(__dirname, '../../../../scenarios/one-junction/sites/A.site.json');
const good = JSON.parse(readFileSync(FILE, 'utf8')) as SiteFile;
const [first, ...others] = good.stages;
const everybody = [...new Set(good.stages.flatMap(({ green }) => green))];

const written = (change: Partial<SiteFile>): string => JSON.stringify({ ...good, ...change }, undefined, 2);
const messageOf = (source: unknown): string => {
  const refused = parseRunnableSite(source, 'A.site.json');
  return refused.ok ? '' : refused.message;
};

test('a junction whose file stands every check runs', () => {
  expect(parseRunnableSite(good, 'A.site.json').ok).toBe(true);
});

test('a value of the right shape that names what is not there is refused with its name', () => {
  expect(messageOf({ ...good, stages: [{ ...first!, green: [...first!.green, 'nowhere'] }, ...others] })).toBe(
    `A.site.json: stage ${first!.id} names group nowhere, which does not exist`,
  );
});

describe('a file whose parts contradict each other is refused with the line of', () => {
  const [group] = good.groups;
  const [[from, row]] = Object.entries(good.intergreensS ?? {}) as [[string, Record<string, number>]];
  const [to] = Object.keys(row) as [string];
  const conflicts = good.conflicts ?? {};

  test.each<[string, Partial<SiteFile>, string, number, string]>([
    [
      'the name of a group that does not exist',
      { stages: [{ ...first!, green: [...first!.green, 'nowhere'] }, ...others] },
      '"nowhere"',
      0,
      `stage ${first!.id} names group nowhere, which does not exist`,
    ],
    [
      'a permissive conflict with a stranger',
      { conflicts: { hard: conflicts.hard!, permissive: [{ yields: 'ET', to: 'nowhere' }] } },
      '"permissive"',
      1,
      'a conflict names group nowhere, which does not exist',
    ],
    [
      'an intergreen below the clearance',
      { intergreensS: { ...good.intergreensS, [from]: { ...row, [to]: 0.7 } } },
      ': 0.7',
      0,
      `intergreen ${from} → ${to} is 0.7 s, the clearance of ${from} alone takes 3 s`,
    ],
    [
      'a yellow too short for its approach',
      { groups: [{ ...group!, clearanceS: 0.7 }, ...good.groups.slice(1)] },
      '"clearanceS": 0.7',
      0,
      `group ${group!.id}: yellow 0.7 s, an approach at 13.89 m/s needs 3 s`,
    ],
    [
      'a cycle that its splits miss',
      { plans: [{ ...good.plans![0]!, cycleS: 777 }, ...good.plans!.slice(1)] },
      '777',
      0,
      `plan ${good.plans![0]!.name}: splits add up to 100 s, the cycle is 777 s`,
    ],
  ])('%s', (_, change, needle, below, message) => {
    const text = written(change);
    const line = text.split('\n').findIndex((one) => one.includes(needle)) + 1 + below;
    expect(messageOf(text).replace(/ \(and .*/, '')).toBe(`A.site.json:${String(line)}: ${message}`);
  });

  test('the greens of a stage in hard conflict, and how much else is wrong is told', () => {
    const text = written({ stages: [{ ...first!, green: everybody }, ...others] });
    const lines = text.split('\n');
    const line = lines.findIndex((one, i) => one.includes('"green": [') && i > lines.findIndex((l) => l.includes('"stages"'))) + 1;
    expect(messageOf(text)).toMatch(
      new RegExp(`^A\\.site\\.json:${String(line)}: .* green together: .* \\(and \\d+ more: songxanh site check A\\.site\\.json\\)$`),
    );
  });

  test('each of its faults', () => {
    const text = written({ stages: [{ ...first!, green: ['nowhere', 'elsewhere'] }, ...others] });
    const site = parseSite(text, 'A.site.json');
    const faults = site.ok ? listSiteFaults(site.value, text, 'A.site.json').map(({ message }) => message) : [];
    const lineOf = (needle: string): string => String(text.split('\n').findIndex((one) => one.includes(needle)) + 1);
    expect(faults).toEqual(
      ['nowhere', 'elsewhere'].map((name) => `A.site.json:${lineOf(name)}: stage ${first!.id} names group ${name}, which does not exist`),
    );
  });
});
