import type { DetectorActuation } from '../detection/actuation.ts';
import { detectorId, laneId, signalGroupId } from '../ids.ts';
import { after, before, seconds, type Instant } from '../time.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { readDemand, startDemand, updateDemand } from './demand-state.ts';

const site = measuredFourArms();
const red = site.groups.map(({ id }) => ({ group: id, lamp: 'red' as const, since: MONDAY_7 }));
const pulse = (detector: string, at: Instant, on: boolean): DetectorActuation => ({ detector: detectorId(detector), at, on });

const seenOn = (lane: string, actuations: readonly DetectorActuation[], now: Instant) => {
  const counts = { junction: site.id, sequence: 1, from: MONDAY_7, to: now, counts: [], actuations };
  const state = updateDemand(site, startDemand(site, MONDAY_7), { now, counts, lamps: red });
  return readDemand(site, state, now)
    .lanes.find((demand) => demand.lane === laneId(lane))!
    .arrivals.filter(({ expected }) => expected !== true);
};

describe('demand from loops', () => {
  it('takes an upstream pulse as an arrival one travel time later', () => {
    const now = after(MONDAY_7, seconds(2));
    expect(seenOn('TN_0', [pulse('TN_upstream', after(MONDAY_7, seconds(1)), true)], now).map(({ at }) => at)).toEqual([
      after(MONDAY_7, seconds(8)),
    ]);
  });

  it('takes a vehicle away when it leaves the stop line', () => {
    const now = after(MONDAY_7, seconds(9));
    const passes = [
      pulse('TN_upstream', after(MONDAY_7, seconds(1)), true),
      pulse('TN_upstream', after(MONDAY_7, seconds(1.3)), false),
      pulse('TN_stop-line', after(MONDAY_7, seconds(8)), true),
      pulse('TN_stop-line', before(now, seconds(0.2)), false),
    ];
    expect(seenOn('TN_0', passes, now)).toEqual([]);
  });

  it('counts standing on the stop line as demand without any upstream pulse', () => {
    const now = after(MONDAY_7, seconds(9));
    expect(seenOn('TN_0', [pulse('TN_stop-line', after(MONDAY_7, seconds(3)), true)], now)).toHaveLength(1);
  });

  it('drops a predicted vehicle that is 8 s overdue while the stop line is free', () => {
    const passed = [pulse('TN_upstream', after(MONDAY_7, seconds(1)), true), pulse('TN_upstream', after(MONDAY_7, seconds(1.3)), false)];
    expect(seenOn('TN_0', passed, after(MONDAY_7, seconds(15)))).toHaveLength(1);
    expect(seenOn('TN_0', passed, after(MONDAY_7, seconds(17)))).toHaveLength(0);
  });

  it('keeps a pedestrian call until the crossing is green', () => {
    const now = after(MONDAY_7, seconds(2));
    const counts = { junction: site.id, sequence: 1, from: MONDAY_7, to: now, counts: [], actuations: [pulse('btn_PE', now, true)] };
    const called = updateDemand(site, startDemand(site, MONDAY_7), { now, counts, lamps: red });
    expect(readDemand(site, called, now).pedestrians).toEqual([{ group: signalGroupId('PE'), since: now, persons: 1 }]);
    const walk = red.map((lamp) => (lamp.group === signalGroupId('PE') ? { ...lamp, lamp: 'green' as const } : lamp));
    const later = after(now, seconds(1));
    expect(readDemand(site, updateDemand(site, called, { now: later, lamps: walk }), later).pedestrians).toEqual([]);
  });
});
