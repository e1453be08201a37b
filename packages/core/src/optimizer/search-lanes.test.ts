import type { Arrival, JunctionDemand } from '../demand/demand.ts';
import { laneId, movementId } from '../ids.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { before, seconds } from '../time.ts';
import type { Turn } from '../intersection/lane.ts';
import { searchLanes, waitingSince } from './search-lanes.ts';
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

/** Whether a car of unknown turn, on the north lane shared with `turn`, needs green for both. */
const needsBoth = (turn: Turn, share: number, wanted: Partial<Arrival> = {}): boolean | undefined => {
  const through = site.movements.find(({ id }) => id === 'TN_move')!;
  const other = { ...through, id: movementId('TN_other'), turn, group: site.movements.find(({ id }) => id !== through.id)!.group };
  const shared = { ...site, movements: [...site.movements, other] };
  const turnShares = [
    { movement: through.id, share: 1 - share },
    { movement: other.id, share },
  ];
  const lanes = [{ lane: laneId('TN_0'), arrivals: [{ ...car, ...wanted }], saturationPcuPerS: 0.5, confidence: 1, turnShares }];
  const demand: JunctionDemand = { ...{ junction: site.id, at: MONDAY_7, pedestrians: [], exits: [] }, lanes };
  const lane = searchLanes(shared, siteTables(shared), demand, MONDAY_7, 60_000)[site.lanes.findIndex(({ id }) => id === 'TN_0')]!;
  return lane.anyTurn[0]! && lane.together.length === 2;
};

test('nobody knows who stands in a lane that left turners hold: it needs green for all its usual turns', () => {
  expect(needsBoth('left', 0.3)).toBe(true);
  expect(needsBoth('u-turn', 0.3)).toBe(true);
  expect(needsBoth('left', 0.3, { movement: movementId('TN_move') })).toBe(false);
});

test('right turners and rare left turners do not hold a lane', () => {
  expect(needsBoth('right', 0.3)).toBe(false);
  expect(needsBoth('left', 0.05)).toBe(false);
});
