import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localTime, programAt, type Instant } from '@songxanh/core';
import { findSearchedPlans } from './best-plans.ts';
import { loadCorridor } from './corridor.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'best-plans-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const recorded = (evaluations: number, plans: object): string => {
  const periods = [
    ['early', 23_400],
    ['peak', 27_000],
    ['late', 30_600],
  ].map(([name, fromS]) => ({ name, fromS, plans }));
  const file = join(folder, `${evaluations}.json`);
  writeFileSync(file, JSON.stringify({ evaluations, periods }));
  return file;
};

test('no search, and a search of a few evaluations, are no best fixed plans', () => {
  expect(findSearchedPlans(join(folder, 'absent.json'))).toBeUndefined();
  expect(findSearchedPlans(recorded(1999, {}))).toBeUndefined();
});

test('a site with the plans found changes them when the hours of the demand begin', async () => {
  const { sites, midnight } = await loadCorridor(1);
  const plans = Object.fromEntries([...sites.values()].map((site) => [site.id, site.plans[0]]));
  const searched = findSearchedPlans(recorded(2000, plans))!;
  const site = searched.equip([...sites.values()][0]!);
  const planAt = (s: number): unknown => programAt(site, (midnight + s * 1000) as Instant);
  expect(localTime(midnight, site.timeZone).sinceMidnight).toBe(0);
  expect([23_400, 26_999, 27_000, 30_600].map(planAt)).toMatchObject([
    { name: 'early' },
    { name: 'early' },
    { name: 'peak' },
    { name: 'late' },
  ]);
});
