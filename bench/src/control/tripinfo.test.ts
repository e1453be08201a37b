import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureRun } from './tripinfo.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripinfo-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const trip = (id: string, depart: number, departDelay: number, timeLoss: number, arrival: number): string =>
  `<tripinfo id="${id}" depart="${depart}" departDelay="${departDelay}" arrival="${arrival}" duration="60" waitingTime="5" timeLoss="${timeLoss}"/>`;

test('a vehicle that never came in counts with the rest of the hour', () => {
  const routes = join(folder, 'a.rou.xml');
  writeFileSync(
    routes,
    '<trip id="a" depart="0.00" from="x"/><trip id="b" depart="290.00" from="x"/><trip id="c" depart="600" from="x"/><trip id="late" depart="3600" from="x"/>',
  );
  const tripinfo = join(folder, 'tripinfo.xml');
  writeFileSync(tripinfo, [trip('a', 10, 10, 20, 80), trip('b', 310, 20, 40, -1)].join('\n'));
  const run = measureRun(tripinfo, [routes], 0, 3600);
  expect(run).toMatchObject({ inserted: 2, arrived: 1, neverInserted: 1, tripDelayS: 45, timeLossS: 30 });
  expect(run.strictDelayS).toBeCloseTo((30 + 60 + 3000) / 3);
  expect(run.delayByDepartureS).toEqual({ '0': 45, '600': 3000 });
});
