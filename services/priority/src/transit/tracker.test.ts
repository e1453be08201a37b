import { after, seconds, type Instant, type Point } from '@songxanh/core';
import type { VehiclePosition } from '@songxanh/wire';
import { corridor, GTFS, SEVEN } from '../testing/corridor.ts';
import { openGeo, type Geo } from '../street/geo.ts';
import { pointAt } from '../street/polyline.ts';
import { openStreetMap } from '../street/street-map.ts';
import { readGtfs } from './gtfs-static.ts';
import { layLines, type Pattern } from './lines.ts';
import { openTracker, type Tracker } from './tracker.ts';

// A whole corridor is read; wall time for a crowded machine.
jest.setTimeout(60_000);

let geo: Geo;
let inbound: Pattern;
let outbound: Pattern;
let make: () => Tracker;
beforeAll(async () => {
  const { network, sites, timeZone } = await corridor();
  geo = openGeo(network.location);
  const gtfs = await readGtfs(GTFS);
  const lines = layLines(gtfs, openStreetMap(network, sites), geo);
  [inbound, outbound] = lines.patterns as [Pattern, Pattern];
  make = () => openTracker({ gtfs, lines, geo, timeZone });
});

const at = (s: number): Instant => after(SEVEN, seconds(s));
const seen = (
  vehicle: string,
  pattern: Pattern,
  distanceM: number,
  s: number,
  change: Partial<VehiclePosition> = {},
  aside = 0,
): VehiclePosition => {
  const [x, y] = pointAt(pattern.route.line, distanceM);
  const place: Point = [x, y + aside];
  return { vehicle, line: undefined, trip: undefined, ...geo.toLonLat(place), at: at(s), persons: undefined, ...change };
};

describe('a bus that tells its position', () => {
  it('is laid on its direction, and on the trip that should be there', () => {
    const tracker = make();
    // Trip 6 leaves at 07:01 and is due at 200 m at 07:01:48.
    const bus = tracker.take('c', seen('b', inbound, 200, 150), at(151));
    expect(bus).toMatchObject({ ok: true, value: { pattern: { id: inbound.id }, trip: 'bus32_in_6' } });
    const other = tracker.take('c', seen('o', outbound, 200, 150), at(151));
    expect(other).toMatchObject({ ok: true, value: { pattern: { id: outbound.id } } });
  });

  it('drives no trip that another bus drives', () => {
    const tracker = make();
    tracker.take('c', seen('b', inbound, 200, 150), at(151));
    expect(tracker.take('c', seen('b2', inbound, 210, 150), at(151))).toMatchObject({
      ok: true,
      value: { trip: expect.not.stringMatching('bus32_in_6$') as string },
    });
  });

  it('is as late as it is behind its timetable', () => {
    const tracker = make();
    const bus = tracker.take('c', seen('b', inbound, 810, 300, { trip: 'bus32_in_6' }), at(300));
    // Due to leave the stop at 799 m: 07:01:00 + 24 s + 20 s + 90 s + 20 s = 07:03:34; seen 11 m behind it at 07:05:00.
    expect(bus.ok && bus.value.standing.lateness! / 1000).toBeCloseTo(84, -0.5);
  });

  it('tells when it comes to the next signal, and to the one behind it where the plan in between says when it goes on', () => {
    const tracker = make();
    const bus = tracker.take('c', seen('b', inbound, 250, 150), at(151));
    if (!bus.ok) throw new Error(bus.message);
    const [first, ...unsure] = tracker.approaching(bus.value, at(151));
    expect(first?.line.junction).toBe('J1');
    // 129 m at 50 km/h, GPS error taken off: 8 s; at 60 % of it with the error 17 s, and 4 s for the last 60 m as a queue discharges.
    expect((first!.arrival.earliest - at(150)) / 1000).toBeCloseTo(8, 0);
    expect((first!.arrival.latest - at(150)) / 1000).toBeCloseTo(21, 0);
    // A red of a minute may lie in between: that asks for nothing.
    expect(unsure).toEqual([]);
    const driving = { earliestMps: undefined, latestMps: undefined };
    const [, second] = tracker.approaching(bus.value, at(151), () => ({ earliest: at(200), latest: at(210), ...driving }));
    expect(second?.line.junction).toBe('J2');
    expect((second!.arrival.earliest - at(200)) / 1000).toBeCloseTo(23, 0);
    expect((second!.arrival.latest - at(210)) / 1000).toBeCloseTo(42, 0);
    // Who has to start there needs v / 2a longer.
    const [, started] = tracker.approaching(bus.value, at(151), () => ({ earliest: at(200), latest: at(210), ...driving, earliestMps: 0 }));
    expect((started!.arrival.earliest - second!.arrival.earliest) / 1000).toBeCloseTo(13.9 / 2.4, 0);
  });

  it('that has just started comes later than one that drives past the same place', () => {
    const tracker = make();
    const arrivalOf = (vehicle: string, stepM: number): number => {
      tracker.take('c', seen(vehicle, inbound, 250 - stepM, 148), at(148));
      const bus = tracker.take('c', seen(vehicle, inbound, 250, 150), at(150));
      if (!bus.ok) throw new Error(bus.message);
      return tracker.approaching(bus.value, at(150))[0]!.arrival.earliest - at(150);
    };
    // 3 m/s against 14 m/s: (13.9 − 3)² / (2 · 1.2 · 13.9) = 3.6 s.
    expect((arrivalOf('starts', 6) - arrivalOf('drives', 27)) / 1000).toBeCloseTo(3.6, 0);
  });

  it('tells how far back in the queue it stands, but not that it stands at its stop', () => {
    const tracker = make();
    const [line] = inbound.route.stopLines;
    const [, stop] = inbound.stops;
    const queuedAt = (vehicle: string, distanceM: number, toldS = 154): number | undefined => {
      for (const s of [150, 152, 154]) tracker.take('c', seen(vehicle, inbound, distanceM, s), at(s));
      return tracker.approaching(tracker.find(vehicle)!, at(toldS))[0]?.queuedM;
    };
    expect(queuedAt('queues', line!.distanceM - 30)).toBeCloseTo(30, 0);
    expect(queuedAt('stood half a minute ago', line!.distanceM - 30, 184)).toBeUndefined();
    expect(queuedAt('calls', stop!.distanceM)).toBeUndefined();
  });

  it('waits at its stop before it comes, the shorter the longer it has stood there', () => {
    const tracker = make();
    const [, , stop] = inbound.stops;
    const arrivals = [0, 5, 10, 15, 20].map((s) => {
      const bus = tracker.take('c', seen('b', inbound, stop!.distanceM - 3, 300 + s), at(300 + s));
      if (!bus.ok) throw new Error(bus.message);
      const [next] = tracker.approaching(bus.value, at(300 + s));
      return { earliest: next!.arrival.earliest - at(300 + s), width: next!.arrival.latest - next!.arrival.earliest };
    });
    expect(arrivals[4]!.width).toBeLessThan(arrivals[1]!.width);
    expect(arrivals[4]!.earliest).toBeLessThanOrEqual(arrivals[1]!.earliest);
  });

  it('has its whole stay before it when it comes to a stand at its stop, and none when it drives on', () => {
    const tracker = make();
    const [, stop] = inbound.stops;
    const earliestAfter = (vehicle: string, places: readonly number[]): number => {
      places.forEach((m, i) => tracker.take('c', seen(vehicle, inbound, stop!.distanceM + m, 300 + 2 * i), at(300 + 2 * i)));
      const bus = tracker.find(vehicle)!;
      return (tracker.approaching(bus, bus.observedAt)[0]!.arrival.earliest - bus.observedAt) / 1000;
    };
    const drivesOn = earliestAfter('drives on', [-54, -27, 0]);
    // 0.6 of 20 s by the timetable.
    expect(earliestAfter('calls', [-16, -8, 0]) - drivesOn).toBeGreaterThan(12);
    expect(earliestAfter('stands', [-8, 0, 0]) - drivesOn).toBeGreaterThan(10);
  });

  it('is expected the more closely the more of its line have been watched at their stops', () => {
    const tracker = make();
    const [, stop] = inbound.stops;
    // Every two seconds: 25 s at the stop, then on.
    const call = (vehicle: string, from: number): void => {
      const places = [-40, -20, ...Array.from({ length: 13 }, () => 0), 10, 25, 45];
      places.forEach((m, i) => tracker.take('c', seen(vehicle, inbound, stop!.distanceM + m, from + 2 * i), at(from + 2 * i)));
    };
    const widthFor = (vehicle: string, s: number): number => {
      const bus = tracker.take('c', seen(vehicle, inbound, stop!.distanceM - 60, s), at(s));
      if (!bus.ok) throw new Error(bus.message);
      const [next] = tracker.approaching(bus.value, at(s));
      return (next!.arrival.latest - next!.arrival.earliest) / 1000;
    };
    const before = widthFor('first', 0);
    for (let i = 0; i < 8; i++) call(`b${String(i)}`, 100 * (i + 1));
    // Of a stay of 20 s by the timetable: 20 s between the shortest and the longest, then some 8 s.
    expect(widthFor('last', 1000)).toBeLessThan(before - 8);
  });

  it('has passed a signal once it is seen well beyond it', () => {
    const tracker = make();
    const [line] = inbound.route.stopLines;
    const before = tracker.take('c', seen('b', inbound, line!.distanceM - 10, 200), at(200));
    const behind = tracker.take('c', seen('b', inbound, line!.distanceM + 30, 210), at(210));
    expect(before.ok && tracker.hasPassed(before.value, line!)).toBe(false);
    expect(behind.ok && tracker.hasPassed(behind.value, line!)).toBe(true);
  });

  it('knows its headway to the bus before it', () => {
    const tracker = make();
    const drive = (vehicle: string, from: number): void => {
      for (let s = 0; s <= 60; s += 10) tracker.take('c', seen(vehicle, inbound, 100 + s * 8, from + s), at(from + s));
    };
    drive('a', 0);
    drive('b', 540);
    // Nine minutes behind the first on a line of every six.
    expect(tracker.find('b')?.standing.headwayRatio).toBeCloseTo(1.5, 1);
  });

  it('is forgotten ten minutes after its last word', () => {
    const tracker = make();
    tracker.take('c', seen('b', inbound, 200, 0), at(0));
    tracker.forget(at(601));
    expect(tracker.vehicles()).toEqual([]);
  });
});

describe('a position is refused, and changes nothing,', () => {
  it.each<readonly [string, (s: Pattern) => VehiclePosition, string]>([
    ['far off the street', (p) => seen('b', p, 400, 10, {}, 300), 'off-route'],
    ['of a trip that no timetable has', (p) => seen('b', p, 400, 10, { trip: 'nothing' }), 'unknown-trip'],
    ['of a line that does not drive the trip', (p) => seen('b', p, 400, 10, { trip: 'bus32_in_5', line: '7' }), 'wrong-route'],
    ['of a line nobody knows', (p) => seen('b', p, 400, 10, { line: '7' }), 'unknown-line'],
    ['from the future', (p) => seen('b', p, 400, 30), 'time-in-future'],
    ['from long ago', (p) => seen('b', p, 400, -200), 'too-old'],
    ['that is not newer than the last', (p) => seen('b', p, 400, 0), 'repeated'],
    ['half a kilometre further within seconds', (p) => seen('b', p, 900, 8), 'implausible'],
  ])('%s', (_, position, reason) => {
    const tracker = make();
    tracker.take('c', seen('b', inbound, 300, 0), at(0));
    const before = tracker.vehicles();
    expect(tracker.take('c', position(inbound), at(12))).toMatchObject({ ok: false, reason });
    expect(tracker.vehicles()).toEqual(before);
  });

  it("of another client's vehicle", () => {
    const tracker = make();
    tracker.take('c', seen('b', inbound, 300, 0), at(0));
    expect(tracker.take('d', seen('b', inbound, 310, 2), at(2))).toMatchObject({ ok: false, reason: 'duplicate-id' });
  });
});
