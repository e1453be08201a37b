import { detectorId, junctionId, signalGroupId } from '../ids.ts';
import type { Detector, DetectorRole } from '../intersection/detector.ts';
import type { Site } from '../intersection/site.ts';
import { instant, seconds } from '../time.ts';
import type { DetectorReport } from './actuation.ts';
import { detect, startDetection, type Detection, type DetectionState } from './detection.ts';

const detector = (id: string, role: DetectorRole = 'stop-line'): Detector => ({
  id: detectorId(id),
  role,
  groups: [signalGroupId('WT')],
  distanceM: 2,
  lengthM: 1.5,
  delay: seconds(0),
  extension: seconds(0),
  locking: false,
  onFailure: 'minimum',
});

// Detection reads a site's id and detectors only.
const site = { id: junctionId('K'), detectors: [detector('a'), detector('b'), detector('btn', 'push-button')] } as unknown as Site;
const T0 = 1_767_571_200_000;

const report = (
  sequence: number,
  from: number,
  to: number,
  ...events: readonly (readonly [string, number, boolean])[]
): DetectorReport => ({
  junction: site.id,
  sequence,
  from: instant(T0 + from),
  to: instant(T0 + to),
  actuations: events.map(([id, at, on]) => ({ detector: detectorId(id), at: instant(T0 + at), on })),
});

const run = (...reports: readonly DetectorReport[]): Detection =>
  reports.reduce<Detection>((d, r) => detect(site, d.state, r), {
    state: startDetection(site),
    outcome: { ok: false, reason: 'none', message: '' },
    repaired: [],
  });

const pulses = (d: Detection): readonly string[] =>
  d.outcome.ok ? d.outcome.value.actuations.map((a) => `${a.detector} ${a.on ? 'on' : 'off'} ${a.at - T0}`) : [d.outcome.reason];
const count = (d: Detection, i: number) => {
  if (!d.outcome.ok) throw new Error(d.outcome.message);
  return d.outcome.value.counts[i]!;
};

describe('a report', () => {
  it('is counted: ons, time occupied, and whether a detector is on at the end', () => {
    const d = run(report(1, 0, 1000, ['a', 100, true], ['a', 400, false], ['b', 700, true]));
    expect(count(d, 0)).toEqual({ detector: 'a', count: 1, occupied: 300, on: false, quality: 'good' });
    expect(count(d, 1)).toEqual({ detector: 'b', count: 1, occupied: 300, on: true, quality: 'good' });
    expect(d.repaired).toEqual([]);
  });

  it('carries occupancy over from the last one', () => {
    const d = run(report(1, 0, 1000, ['a', 900, true]), report(2, 1000, 2000, ['a', 1500, false]));
    expect(count(d, 0)).toMatchObject({ count: 0, occupied: 500, on: false });
  });

  it.each<[string, DetectorReport, string]>([
    ['of another junction', { ...report(2, 1000, 2000), junction: junctionId('L') }, 'wrong-junction'],
    ['that came before', report(1, 0, 1000), 'duplicate-report'],
    ['that is older than the last', report(0, -1000, 0), 'out-of-order-report'],
    ['that ends before the last', report(2, 0, 500), 'out-of-order-report'],
    ['that ends before it begins', report(2, 2000, 1500), 'malformed-report'],
    ['with half a sequence number', report(1.5, 1000, 2000), 'malformed-report'],
    ['with a stamp that is no number', report(2, 1000, 2000, ['a', NaN, true]), 'malformed-report'],
  ])('%s is refused and changes nothing', (_, bad, reason) => {
    const before = run(report(1, 0, 1000));
    const after = detect(site, before.state, bad);
    expect(after.outcome).toMatchObject({ ok: false, reason });
    expect(after.state).toBe(before.state);
  });

  it('after a lost one is taken, and the gap is counted', () => {
    expect(run(report(1, 0, 1000), report(4, 3000, 4000)).repaired).toEqual(['sequence-gap']);
  });

  it('that overlaps the last is trimmed to what is new', () => {
    const d = run(report(1, 0, 1000), report(2, 500, 2000, ['a', 800, true], ['a', 1200, true], ['a', 1400, false]));
    expect(d.repaired).toEqual(['overlap-trimmed', 'stamp-outside-period']);
    expect(pulses(d)).toEqual(['a on 1200', 'a off 1400']);
  });

  it('keeps what is good in it when a detector is unknown', () => {
    const d = run(report(1, 0, 1000, ['zz', 100, true], ['a', 200, true]));
    expect(pulses(d)).toEqual(['a on 200']);
    expect(d.repaired).toEqual(['unknown-detector']);
  });

  it('has its stamps rounded to 100 ms without leaving its period', () => {
    const d = run(report(1, 0, 1000, ['a', 30, true], ['a', 460, false], ['b', 980, true]));
    expect(pulses(d)).toEqual(['a on 100', 'a off 500', 'b on 1000']);
    expect(d.repaired).toEqual(['stamp-rounded', 'stamp-rounded', 'stamp-rounded']);
  });

  it('has stamps outside its period left out', () => {
    expect(run(report(1, 0, 1000, ['a', 0, true], ['b', 1100, true])).repaired).toEqual(['stamp-outside-period', 'stamp-outside-period']);
  });

  it('has its events put in order of time', () => {
    const d = run(report(1, 0, 1000, ['a', 600, false], ['a', 300, true]));
    expect(pulses(d)).toEqual(['a on 300', 'a off 600']);
    expect(d.repaired).toEqual(['order-restored']);
  });
});

describe('a broken pair of pulses', () => {
  it.each<[string, DetectorReport, readonly string[], readonly string[]]>([
    [
      'two ons 2 s apart: off at the second on',
      report(1, 0, 5000, ['a', 1000, true], ['a', 3000, true]),
      ['a on 1000', 'a off 3000', 'a on 3000'],
      ['missing-off'],
    ],
    [
      'two ons further apart: off half-way',
      report(1, 0, 9000, ['a', 1000, true], ['a', 5000, true]),
      ['a on 1000', 'a off 3000', 'a on 5000'],
      ['missing-off'],
    ],
    [
      'two offs: on half-way',
      report(1, 0, 9000, ['a', 500, true], ['a', 1000, false], ['a', 2000, false]),
      ['a on 500', 'a off 1000', 'a on 1500', 'a off 2000'],
      ['missing-on'],
    ],
    ['a leading off: on just before', report(1, 0, 1000, ['a', 500, false]), ['a on 400', 'a off 500'], ['missing-on']],
  ])('%s', (_, r, expected, reasons) => {
    const d = run(r);
    expect(pulses(d)).toEqual(expected);
    expect(d.repaired).toEqual(reasons);
  });

  it('is mended inside the report at hand, not in one already passed on', () => {
    const d = run(report(1, 0, 1000, ['a', 1000, true]), report(2, 1000, 9000), report(3, 9000, 10_000, ['a', 9500, true]));
    expect(pulses(d)).toEqual(['a off 9100', 'a on 9500']);
  });
});

describe('detector health', () => {
  /** Reports of 1 s; `events` gives each second's events relative to its begin. */
  const drive = (
    state: DetectionState,
    fromS: number,
    toS: number,
    events: (s: number) => readonly (readonly [string, number, boolean])[],
  ) => {
    let last: Detection = { state, outcome: { ok: false, reason: 'none', message: '' }, repaired: [] };
    let substituted = 0;
    for (let t = fromS; t < toS; t++) {
      last = detect(
        site,
        last.state,
        report(t + 1, t * 1000, t * 1000 + 1000, ...events(t).map(([id, at, on]) => [id, t * 1000 + at, on] as const)),
      );
      substituted += count(last, 0).count;
    }
    return { last, substituted };
  };
  const vehicle = (id: string): readonly (readonly [string, number, boolean])[] => [
    [id, 200, true],
    [id, 600, false],
  ];
  const traffic =
    (every: number, ...ids: readonly string[]) =>
    (s: number) =>
      s % every === 0 ? ids.flatMap(vehicle) : [];

  it('calls a loop that stays on suspect after 5 min, failed after 10 min', () => {
    const stuck = drive(startDetection(site), 0, 1, () => [['a', 100, true]]).last.state;
    const rest = traffic(5, 'b');
    expect(count(drive(stuck, 1, 299, rest).last, 0).quality).toBe('good');
    expect(count(drive(stuck, 1, 302, rest).last, 0).quality).toBe('suspect');
    expect(count(drive(stuck, 1, 602, rest).last, 0).quality).toBe('failed');
  });

  it('lets a queue stand on a loop for the longest red', () => {
    const stuck = drive(startDetection(site), 0, 1, () => [['a', 100, true]]).last.state;
    expect(count(drive(stuck, 1, 181, () => []).last, 0).quality).toBe('good');
  });

  it('calls a silent loop failed only while its neighbours see traffic', () => {
    const busy = drive(startDetection(site), 0, 2702, traffic(10, 'b'));
    expect(count(busy.last, 0).quality).toBe('failed');
    const night = drive(startDetection(site), 0, 2702, () => []);
    expect(count(night.last, 0).quality).toBe('good');
  });

  it('does not expect anybody to press a button', () => {
    expect(count(drive(startDetection(site), 0, 2702, traffic(10, 'a', 'b')).last, 2).quality).toBe('good');
  });

  it('calls a button that stays pressed failed after 2 min', () => {
    expect(count(drive(startDetection(site), 0, 123, (s) => (s === 0 ? [['btn', 100, true]] : [])).last, 2).quality).toBe('failed');
  });

  const chatter = () => [0, 200, 400, 600].flatMap((t) => [['a', t + 100, true] as const, ['a', t + 200, false] as const]);

  it('calls a loop that chatters suspect after a minute, failed after three', () => {
    expect(count(drive(startDetection(site), 0, 61, chatter).last, 0).quality).toBe('suspect');
    expect(count(drive(startDetection(site), 0, 185, chatter).last, 0).quality).toBe('failed');
  });

  it('recovers step by step once it behaves', () => {
    const broken = drive(startDetection(site), 0, 185, chatter).last.state;
    const steps = [60, 125, 190].map((s) => count(drive(broken, 185, 185 + s, traffic(5, 'a', 'b')).last, 0).quality);
    expect(steps).toEqual(['failed', 'suspect', 'good']);
  });

  it('puts the usual flow in the place of a failed loop, still marked as failed', () => {
    // A quarter hour at 0.2/s, then silence while the neighbour goes on.
    const usual = drive(startDetection(site), 0, 1800, traffic(5, 'a', 'b')).last.state;
    const failed = drive(usual, 1800, 4600, traffic(5, 'b')).last;
    expect(count(failed, 0).quality).toBe('failed');
    const { substituted } = drive(failed.state, 4600, 4700, traffic(5, 'b'));
    expect(substituted).toBeGreaterThanOrEqual(19);
    expect(substituted).toBeLessThanOrEqual(21);
  });

  it("puts the neighbours' flow in the place of a loop that never worked", () => {
    const dead = drive(startDetection(site), 0, 2800, traffic(5, 'b')).last;
    const { substituted } = drive(dead.state, 2800, 2900, traffic(5, 'b'));
    expect(count(dead, 0).quality).toBe('failed');
    expect(substituted).toBeGreaterThanOrEqual(19);
  });
});
