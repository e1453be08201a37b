import fc from 'fast-check';
import { laneId, signalGroupId } from '../ids.ts';
import type { LampState } from '../controller/lamp.ts';
import type { Arrival, JunctionDemand } from '../demand/demand.ts';
import { readDemand, startDemand } from '../demand/demand-state.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { after, before, instant, milliseconds, seconds } from '../time.ts';
import {
  arrivalInterval,
  driveTimeMs,
  FIRST_PACE,
  FIRST_STAY,
  learnPace,
  learnStay,
  narrowInterval,
  type Approach,
} from './arrival-interval.ts';
import { arrivalTrust, hasCrossed, priorityArrivals } from './priority-arrivals.ts';
import { withRequests } from './priority-planner.ts';
import { requestId, type ActiveRequest } from './priority-request.ts';

const site = measuredFourArms();
const request = (fromS: number, widthS: number, weight = 40): ActiveRequest => ({
  id: requestId('bus'),
  group: signalGroupId('TN'),
  lane: laneId('TN_0'),
  earliest: after(MONDAY_7, seconds(fromS)),
  latest: after(MONDAY_7, seconds(fromS + widthS)),
  weight,
});
const total = (requests: readonly ActiveRequest[]): number =>
  priorityArrivals(requests, MONDAY_7, 120_000).reduce((sum, { weight }) => sum + weight, 0);

describe('the weight of a request', () => {
  it('counts whole for an arrival that is known well, and nothing for one that may come at any time', () => {
    expect(total([request(20, 6)])).toBeCloseTo(40);
    expect(total([request(20, 45)])).toBeCloseTo(40);
    expect(total([request(20, 67.5)])).toBeCloseTo(20);
    expect(total([request(20, 90)])).toBe(0);
  });

  it('never grows with the width of the interval', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }), (a, b) => {
        const [narrow, wide] = [Math.min(a, b), Math.max(a, b)];
        expect(arrivalTrust(wide * 1000)).toBeLessThanOrEqual(arrivalTrust(narrow * 1000));
      }),
    );
  });

  it('is spread over the interval in order of time, most of it round the middle', () => {
    const arrivals = priorityArrivals([request(30, 12), request(10, 0)], MONDAY_7, 120_000);
    expect(arrivals.map(({ at }) => (at - MONDAY_7) / 1000)).toEqual([10, 33, 35.196, 36.804, 39]);
    expect(arrivals.slice(1).every(({ weight }) => Math.abs(weight - 10) < 1e-9)).toBe(true);
    const wide = priorityArrivals([request(30, 44)], MONDAY_7, 120_000).map(({ at }) => (at - MONDAY_7) / 1000 - 52);
    expect(wide.filter((aside) => Math.abs(aside) < 11)).toHaveLength(wide.length / 2 + 2);
  });

  it('that lies behind the horizon is left out', () => {
    expect(priorityArrivals([request(130, 4)], MONDAY_7, 120_000)).toEqual([]);
  });
});

test('a request joins the traffic of its lane in its place, needs no discharge and calls nobody', () => {
  const demand = readDemand(site, startDemand(site, MONDAY_7), MONDAY_7);
  const joined = withRequests(site, demand, [request(20, 6)], MONDAY_7);
  const lane = joined.lanes.find((one) => one.lane === 'TN_0');
  const own = lane?.arrivals.filter(({ pcu }) => pcu === 0) ?? [];
  expect(own).toHaveLength(2);
  for (const arrival of own) expect(arrival).toMatchObject({ movement: 'TN_move', expected: true, stopped: false, persons: 20 });
  const times = lane?.arrivals.map(({ at }) => at) ?? [];
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(joined.lanes.filter((one) => one.lane !== 'TN_0')).toEqual(demand.lanes.filter((one) => one.lane !== 'TN_0'));
});

describe('a bus that stands in the queue', () => {
  const { lanes } = readDemand(site, startDemand(site, MONDAY_7), MONDAY_7);
  const car: Arrival = { at: before(MONDAY_7, seconds(30)), pcu: 1, persons: 1, stopped: true };
  const demandOf = (cars: number): JunctionDemand => ({
    ...readDemand(site, startDemand(site, MONDAY_7), MONDAY_7),
    lanes: lanes.map((lane) =>
      lane.lane === 'TN_0' ? { ...lane, saturationPcuPerS: 0.5, arrivals: Array.from({ length: cars }, () => car) } : lane,
    ),
  });
  /** What has to leave before it, PCU. */
  const aheadPcu = (cars: number, queuedM: number, lamps: readonly LampState[] = []): number => {
    const joined = withRequests(site, demandOf(cars), [{ ...request(0, 4), queuedM }], MONDAY_7, lamps);
    const { arrivals } = joined.lanes.find(({ lane }) => lane === 'TN_0')!;
    const own = arrivals.findIndex(({ persons }) => persons === 40);
    expect(arrivals.filter(({ persons }) => persons === 40)).toHaveLength(1);
    return arrivals.slice(0, own).reduce((sum, { pcu }) => sum + pcu, 0);
  };

  it('waits for as much as its place needs to move up, whatever the loops have counted', () => {
    // 30 m: 6 s for the start to come back, 7.1 s to drive it.
    expect(aheadPcu(0, 30)).toBeCloseTo(0.5 * 13.1, 0);
    expect(aheadPcu(20, 30)).toBe(7);
    expect(aheadPcu(20, 0)).toBe(0);
  });

  it('is nearer to leaving when the green has begun', () => {
    const green = (s: number): LampState => ({ group: signalGroupId('TN'), lamp: 'green', since: before(MONDAY_7, seconds(s)) });
    expect(aheadPcu(20, 30, [green(5)])).toBeLessThan(aheadPcu(20, 30));
    expect(aheadPcu(20, 30, [green(40)])).toBe(4);
  });
});

describe('an arrival interval', () => {
  const approach: Approach = {
    observedAt: MONDAY_7,
    distanceM: 300,
    positionErrorM: 10,
    freeSpeedMps: 10,
    pace: { best: 1, worst: 0.5 },
    dwells: [],
    longestHold: seconds(0),
  };

  it('reaches from free flow to the slowest pace, with stops and signals on the way', () => {
    expect(arrivalInterval(approach)).toEqual({ earliest: after(MONDAY_7, seconds(29)), latest: after(MONDAY_7, seconds(62)) });
    const stops = { ...approach, dwells: [{ shortest: seconds(8), longest: seconds(35) }], longestHold: seconds(40) };
    expect(arrivalInterval(stops)).toEqual({ earliest: after(MONDAY_7, seconds(37)), latest: after(MONDAY_7, seconds(137)) });
  });

  it('is counted from the observation, however late that was told', () => {
    const later = { ...approach, observedAt: instant(MONDAY_7 - 30_000) };
    expect(arrivalInterval(later).earliest - arrivalInterval(approach).earliest).toBe(-30_000);
  });

  it('allows for the time in which a slow vehicle gains speed', () => {
    const drives = arrivalInterval({ ...approach, speedMps: 10 });
    expect(drives).toEqual(arrivalInterval(approach));
    // From standing: v / 2a beside the way at 10 m/s.
    expect((arrivalInterval({ ...approach, speedMps: 0 }).earliest - drives.earliest) / 1000).toBeCloseTo(10 / 2.4, 1);
    expect(driveTimeMs(15, 10, 0)).toBeCloseTo(5000);
  });

  it('learns the pace of driving, not that of starting', () => {
    const took = milliseconds(driveTimeMs(80, 10, 0));
    expect(learnPace({ best: 1, worst: 1 }, 80, took, 10, 0).worst).toBeGreaterThan(0.9);
    expect(learnPace({ best: 1, worst: 1 }, 80, took, 10).worst).toBeLessThan(0.9);
  });

  it('becomes narrower as the vehicle is followed at an even pace, and slower behind a crawling one', () => {
    let even = FIRST_PACE;
    let crawling = FIRST_PACE;
    for (let i = 0; i < 20; i++) {
      even = learnPace(even, 80, seconds(10), 10);
      crawling = learnPace(crawling, 20, seconds(10), 10);
    }
    expect(even.best - even.worst).toBeLessThan(FIRST_PACE.best - FIRST_PACE.worst);
    expect((even.best + even.worst) / 2).toBeCloseTo(0.8, 1);
    expect(crawling.best).toBeLessThan(0.5);
    expect(learnPace(FIRST_PACE, 0, seconds(10), 10)).toEqual(FIRST_PACE);
  });

  it('is narrowed by a route service where both agree, and kept where they do not', () => {
    const interval = arrivalInterval(approach);
    expect(narrowInterval(interval, after(MONDAY_7, seconds(40)), 5000)).toEqual({
      earliest: after(MONDAY_7, seconds(35)),
      latest: after(MONDAY_7, seconds(45)),
    });
    expect(narrowInterval(interval, after(MONDAY_7, seconds(200)), 5000)).toEqual(interval);
  });

  it('never ends before it begins', () => {
    fc.assert(
      fc.property(
        fc.nat(2000),
        fc.nat(50),
        fc.double({ min: 0.25, max: 1, noNaN: true }),
        fc.nat(60_000),
        (distanceM, positionErrorM, worst, hold) => {
          const { earliest, latest } = arrivalInterval({
            ...approach,
            distanceM,
            positionErrorM,
            pace: { best: 1, worst },
            longestHold: milliseconds(hold),
          });
          expect(latest).toBeGreaterThanOrEqual(earliest);
        },
      ),
    );
  });
});

describe('the stays at stops of a line', () => {
  const learn = (parts: readonly number[]) =>
    parts.reduce((stay, part) => learnStay(stay, milliseconds(20_000 * part), seconds(20)), FIRST_STAY);

  it('become known by what is seen: regular ones closely, irregular ones widely', () => {
    const regular = learn(Array.from({ length: 12 }, () => 1.2));
    expect(regular.shortest).toBeGreaterThan(1);
    expect(regular.longest).toBeLessThan(1.4);
    const irregular = learn(Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 0.6 : 1.6)));
    expect(irregular.longest - irregular.shortest).toBeGreaterThan(3 * (regular.longest - regular.shortest));
  });

  it('are not learned from a breakdown, nor from a stop that was not made', () => {
    expect(learn([9, 0.05])).toEqual(FIRST_STAY);
  });
});

describe('a moment at which a vehicle may have come', () => {
  const now = after(MONDAY_7, seconds(100));
  const came = (s: number) => ({ ...request(s, 0), request: requestId('bus'), at: after(MONDAY_7, seconds(s)) });
  const lamp = (name: LampState['lamp'], sinceS: number, endedS?: number): LampState => ({
    ...{ group: signalGroupId('TN'), lamp: name, since: after(MONDAY_7, seconds(sinceS)) },
    ...(endedS === undefined ? {} : { ended: after(MONDAY_7, seconds(endedS)) }),
  });
  it.each<[string, number, LampState, boolean]>([
    ['stands for one that may still be about to cross in green', 95, lamp('green', 60), false],
    ['is over some seconds after it in green', 91, lamp('permissive', 60), true],
    ['stands for one that waited for the green that has just begun', 60, lamp('green', 80), false],
    ['is over when that green has moved the queue', 60, lamp('green', 76), true],
    ['stands for one that waits at red', 60, lamp('red', 50, 47), false],
    ['is over when the green after it has ended', 20, lamp('red', 50, 47), true],
    ['is over when the green after it is just ending', 70, lamp('clearance', 98), true],
  ])('%s', (_, s, shown, isOver) => {
    expect(hasCrossed(came(s), shown, now)).toBe(isOver);
  });

  it('weighs nothing once it is over', () => {
    const demand = readDemand(site, startDemand(site, now), now);
    const weighed = (shown: LampState): number =>
      withRequests(site, demand, [request(80, 8)], now, [shown])
        .lanes.flatMap(({ arrivals }) => arrivals)
        .reduce((total, { persons }) => total + persons, 0);
    expect(weighed(lamp('red', 50, 47)) - weighed(lamp('green', 60))).toBeCloseTo(40);
  });
});
