import type { Arrival, JunctionDemand } from '../demand/demand.ts';
import { laneId, movementId } from '../ids.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { before, seconds } from '../time.ts';
import { waitingSince } from './search-lanes.ts';
import { siteTables } from './site-tables.ts';

const site = measuredFourArms();
const tables = siteTables(site);
const car: Arrival = { at: before(MONDAY_7, seconds(20)), pcu: 1, persons: 1, stopped: true };
const bus: Arrival = {
  ...{ at: before(MONDAY_7, seconds(30)), pcu: 0, persons: 40, movement: movementId('TN_move'), stopped: false, expected: true },
};

const northWaitsSince = (arrivals: readonly Arrival[]): number | undefined => {
  const demand: JunctionDemand = {
    ...{ junction: site.id, at: MONDAY_7, pedestrians: [], exits: [] },
    lanes: [{ lane: laneId('TN_0'), arrivals, saturationPcuPerS: 0.5, confidence: 1 }],
  };
  return waitingSince(site, tables, demand, MONDAY_7)[site.groups.findIndex(({ id }) => id === 'TN')];
};

test('who stands behind a bus that asked still waits', () => {
  expect(northWaitsSince([car])).toBe(-20_000);
  expect(northWaitsSince([bus, car])).toBe(-20_000);
});

test('a request alone, and traffic that is only expected, wait for nothing', () => {
  expect(northWaitsSince([bus])).toBe(Infinity);
  expect(northWaitsSince([{ ...car, expected: true }])).toBe(Infinity);
});
