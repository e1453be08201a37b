import type { VehicleSighting } from '../detection/actuation.ts';
import { laneId, movementId, signalGroupId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { after, seconds } from '../time.ts';
import { readDemand, startDemand, updateDemand } from './demand-state.ts';

const arms = measuredFourArms();
const TN = laneId('TN_0');
/** The northern lane for through traffic is a shared one: its left turns wait for the left arrow. */
const site: Site = {
  ...arms,
  movements: arms.movements.map((movement) => (movement.id === movementId('LN_move') ? { ...movement, fromLane: TN } : movement)),
};
const straight = site.movements.find(({ id }) => id === movementId('TN_move'))!;
const left = site.movements.find(({ id }) => id === movementId('LN_move'))!;

const standing = (vehicle: string, distanceM: number, movement: typeof straight): VehicleSighting => ({
  vehicle,
  lane: TN,
  distanceM,
  speedMps: 0,
  movement: movement.id,
  persons: 1,
  pcu: 1,
});

/** The exits thought to be blocked once `sightings` have stood for 10 s of green straight on. */
const blockedAfter10s = (sightings: readonly VehicleSighting[]): readonly string[] => {
  const lamps = site.groups.map(({ id }) => ({
    group: id,
    lamp: id === signalGroupId('TN') ? ('green' as const) : ('red' as const),
    since: MONDAY_7,
  }));
  let state = startDemand(site, MONDAY_7);
  for (let t = 0; t <= 10; t++) state = updateDemand(site, state, { now: after(MONDAY_7, seconds(t)), sightings, lamps });
  return readDemand(site, state, state.at)
    .exits.filter(({ blocked }) => blocked)
    .map(({ lane }) => lane);
};

describe('demand from positions', () => {
  it('takes an exit for blocked when the first vehicle stands at a protected green for it', () => {
    expect(blockedAfter10s([standing('a', 1, straight)])).toEqual([straight.toLane]);
  });

  it('does not take an exit for blocked when the one who wants it stands behind another who has red', () => {
    expect(blockedAfter10s([standing('b', 8, straight), standing('a', 1, left)])).toEqual([]);
  });
});
