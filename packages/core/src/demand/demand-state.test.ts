import type { LampState } from '../controller/lamp.ts';
import type { DetectorActuation } from '../detection/actuation.ts';
import { detectorId, laneId, signalGroupId } from '../ids.ts';
import { after, before, seconds, type Instant } from '../time.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { TRAFFIC_MIXES } from '../intersection/traffic-mix.ts';
import { readDemand, startDemand, updateDemand } from './demand-state.ts';

const site = measuredFourArms();
const red = site.groups.map(({ id }) => ({ group: id, lamp: 'red' as const, since: MONDAY_7 }));
const pulse = (detector: string, at: Instant, on: boolean): DetectorActuation => ({ detector: detectorId(detector), at, on });

const seenOn = (lane: string, actuations: readonly DetectorActuation[], now: Instant, lamps: readonly LampState[] = red, street = site) => {
  const counts = { junction: site.id, sequence: 1, from: MONDAY_7, to: now, counts: [], actuations };
  const state = updateDemand(street, startDemand(street, MONDAY_7), { now, counts, lamps });
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

  it('drops a predicted vehicle that is 4 s overdue while the stop line is free', () => {
    const passed = [pulse('TN_upstream', after(MONDAY_7, seconds(1)), true), pulse('TN_upstream', after(MONDAY_7, seconds(1.3)), false)];
    expect(seenOn('TN_0', passed, after(MONDAY_7, seconds(11)))).toHaveLength(1);
    expect(seenOn('TN_0', passed, after(MONDAY_7, seconds(13)))).toHaveLength(0);
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

  it('tells motorcycle, car, truck and bus by the length of the pulse', () => {
    const hanoi = { ...site, traffic: TRAFFIC_MIXES.hanoi };
    // 14 m/s over the loop: 1.9, 4.6, 7.1 and 12 m, stamped in whole 100 ms.
    const passed = [0.2, 0.4, 0.5, 0.9].flatMap((onS, i) => [
      pulse('TN_upstream', after(MONDAY_7, seconds(1 + 2 * i)), true),
      pulse('TN_upstream', after(MONDAY_7, seconds(1 + 2 * i + onS)), false),
    ]);
    const seen = seenOn('TN_0', passed, after(MONDAY_7, seconds(8)), red, hanoi);
    expect(seen.map(({ pcu }) => pcu)).toEqual([0.36, 0.97, 1.5, 2.4]);
    expect(seen.at(-1)!.persons).toBe(18);
  });

  it('takes a pulse for a car however long it lasts where only cars are', () => {
    const passed = [pulse('TN_upstream', after(MONDAY_7, seconds(1)), true), pulse('TN_upstream', after(MONDAY_7, seconds(3)), false)];
    expect(seenOn('TN_0', passed, after(MONDAY_7, seconds(4)))).toMatchObject([{ pcu: 1, persons: 1.6 }]);
  });

  it('believes in a queue to the upstream loop while somebody stands on it', () => {
    const stands = [pulse('TN_upstream', after(MONDAY_7, seconds(1)), true)];
    const queued = seenOn('TN_0', stands, after(MONDAY_7, seconds(6))).filter(({ stopped }) => stopped);
    // 98 m at 7.5 m each.
    expect(queued).toHaveLength(13);
  });

  it('expects traffic at the usual flow while the upstream loop is failed', () => {
    const now = after(MONDAY_7, seconds(60));
    const failed = { detector: detectorId('TN_upstream'), count: 0, occupied: seconds(0), on: false, quality: 'failed' as const };
    const counts = { junction: site.id, sequence: 1, from: MONDAY_7, to: now, counts: [failed], actuations: [] };
    const state = updateDemand(site, startDemand(site, MONDAY_7), { now, counts, lamps: red });
    // 300 vehicles an hour until told otherwise: five in a minute.
    expect(state.lanes[site.lanes.findIndex(({ id }) => id === 'TN_0')]!.parcels).toHaveLength(5);
  });

  it('expects more people at a crossing the longer it waits, by the rate at which they have called', () => {
    const waiting = (calls: number): number => {
      let state = startDemand(site, MONDAY_7);
      const walk = red.map((lamp) => (lamp.group === signalGroupId('PE') ? { ...lamp, lamp: 'green' as const } : lamp));
      let now = MONDAY_7;
      for (let cycle = 0; cycle < calls; cycle++) {
        now = after(now, seconds(10));
        const actuations = [pulse('btn_PE', now, true)];
        state = updateDemand(site, state, {
          now,
          counts: { junction: site.id, sequence: cycle, from: state.at, to: now, counts: [], actuations },
          lamps: red,
        });
        if (cycle < calls - 1) state = updateDemand(site, state, { now: (now = after(now, seconds(5))), lamps: walk });
      }
      return readDemand(site, state, after(now, seconds(60))).pedestrians[0]!.persons;
    };
    expect(waiting(1)).toBeGreaterThan(1.5);
    expect(waiting(10)).toBeGreaterThan(waiting(1) + 1);
  });
});
