import type { Arrival, JunctionDemand } from '../demand/demand.ts';
import { laneId, movementId } from '../ids.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { after, seconds } from '../time.ts';
import { withClosedStreets } from './closed-streets.ts';

const four = measuredFourArms();
/** The northern lane also turns right, into another street. */
const site = measuredFourArms({
  movements: [
    ...four.movements.map((movement) => ({ ...movement, toLane: laneId(`${movement.toLane}_0`) })),
    { ...four.movements[0]!, id: movementId('TN_right'), toLane: laneId('exit_side_0'), turn: 'right' },
  ],
});
const arrival = (s: number, expected: boolean): Arrival => ({
  at: after(MONDAY_7, seconds(s)),
  ...{ pcu: 1, persons: 1.6, stopped: false },
  ...(expected ? { expected } : {}),
});
const demand: JunctionDemand = {
  junction: site.id,
  at: MONDAY_7,
  lanes: site.lanes.map(({ id }) => ({
    lane: id,
    arrivals: [arrival(3, false), arrival(30, true)],
    saturationPcuPerS: 0.5,
    confidence: 0.8,
    turnShares: site.movements
      .filter(({ fromLane }) => fromLane === id)
      .map(({ id: movement }, _, all) => ({ movement, share: 1 / all.length })),
  })),
  ...{ pedestrians: [], exits: [] },
};
const laneOf = (name: string, ...closed: string[]) =>
  withClosedStreets(site, demand, new Set(closed)).lanes.find(({ lane }) => lane === name)!;

test('on a closed street nobody is expected, but who is seen there is still served', () => {
  for (const closed of ['TN', 'TN_0']) expect(laneOf('TN_0', closed).arrivals).toEqual([arrival(3, false)]);
  expect(laneOf('TS_0', 'TN').arrivals).toHaveLength(2);
});

test('nobody is expected to turn into a closed street', () => {
  expect(laneOf('TN_0', 'exit_side').turnShares).toEqual([
    { movement: 'TN_move', share: 1 },
    { movement: 'TN_right', share: 0 },
  ]);
  expect(laneOf('TN_0', 'exit_side').arrivals).toHaveLength(2);
});

test('a lane that leads to closed streets only is left by all who can', () => {
  expect(laneOf('TS_0', 'exit_TS').arrivals).toEqual([arrival(3, false)]);
});

test('one closed lane of the street behind does not close the turn', () => {
  expect(laneOf('TN_0', 'exit_side_0').turnShares).toEqual(demand.lanes.find(({ lane }) => lane === 'TN_0')!.turnShares);
});

test('without closures the demand stays as it is', () => {
  expect(withClosedStreets(site, demand, new Set())).toBe(demand);
});
