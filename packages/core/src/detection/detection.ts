import type { DetectorId } from '../ids.ts';
import type { Detector } from '../intersection/detector.ts';
import type { Site } from '../intersection/site.ts';
import { accept, type Result } from '../result.ts';
import { between, instant, milliseconds, ZERO, type Duration, type Instant } from '../time.ts';
import type { DetectorActuation, DetectorReport } from './actuation.ts';
import { checkReport, type ReportCursor } from './check-report.ts';
import type { DetectorCount, JunctionCounts } from './counts.ts';
import { diagnoseDetector, HEALTH_LIMITS, startHealth, type DetectorHealth } from './diagnose-detector.ts';
import { repairPulses, type LastPulse } from './repair-pulses.ts';
import { learnUsualFlow, startUsualFlow, usualRate, type UsualFlow } from './usual-flow.ts';

interface DetectorState {
  readonly pulse: LastPulse;
  readonly health: DetectorHealth;
  readonly usual: UsualFlow;
  /** Part of a substituted vehicle that is still owed, 0…1. */
  readonly owed: number;
}

/** What is known of one junction's detectors between two reports. Plain data. */
export interface DetectionState {
  readonly last: ReportCursor | undefined;
  /** In the order of the site's detectors; undefined before the first report. */
  readonly detectors: readonly (DetectorState | undefined)[];
}

export interface Detection {
  readonly state: DetectionState;
  readonly outcome: Result<JunctionCounts>;
  /** One entry per repair. */
  readonly repaired: readonly string[];
}

export const startDetection = (site: Site): DetectionState => ({ last: undefined, detectors: site.detectors.map(() => undefined) });

const startDetector = (at: Instant): DetectorState => ({
  pulse: { on: undefined, since: at },
  health: startHealth(at),
  usual: startUsualFlow(at),
  owed: 0,
});

/** Time on in (from, to]. */
const occupiedIn = (before: LastPulse, pulses: readonly DetectorActuation[], from: Instant, to: Instant): Duration => {
  let on = before.on === true;
  let since: number = from;
  let total = 0;
  for (const pulse of pulses) {
    if (on) total += pulse.at - since;
    on = pulse.on;
    since = pulse.at;
  }
  return milliseconds(on ? total + to - since : total);
};

/** Loops of the same kind that call a same group: what they see is the nearest thing to what a failed one would have seen. */
const neighboursOf = (site: Site, detector: Detector): readonly number[] =>
  site.detectors.flatMap((other, i) =>
    other.id !== detector.id && other.role === detector.role && other.groups.some((g) => detector.groups.includes(g)) ? [i] : [],
  );

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((total, v) => total + v, 0) / values.length;

const PULSE_MS = 300;

/** Pulses for a failed loop at its usual rate, or at its neighbours'. */
const substitute = (
  id: DetectorId,
  ratePerS: number,
  owed: number,
  from: Instant,
  to: Instant,
): { readonly pulses: readonly DetectorActuation[]; readonly owed: number } => {
  const due = owed + (ratePerS * between(from, to)) / 1000;
  const whole = Math.floor(due);
  const spacing = between(from, to) / Math.max(1, whole);
  const pulses = Array.from({ length: whole }, (_, i) => {
    const off = instant(Math.floor((from + spacing * (i + 1)) / 100) * 100);
    const on = instant(Math.max(from + 100, off - Math.min(PULSE_MS, Math.floor(spacing / 200) * 100)));
    return [
      { detector: id, at: on, on: true },
      { detector: id, at: instant(Math.max(on, off)), on: false },
    ];
  }).flat();
  return { pulses, owed: due - whole };
};

/**
 * One report in: checked, its pulses repaired, every detector's health judged, counts and occupancy made; loops that have failed
 * are replaced by their own usual flow or their neighbours', and stay marked as failed. A refused report changes nothing.
 */
export const detect = (site: Site, state: DetectionState, report: DetectorReport): Detection => {
  const place = new Map(site.detectors.map((d, i) => [d.id as string, i]));
  const checked = checkReport(site.id, (id) => place.has(id), state.last, report);
  if (!checked.ok) return { state, outcome: checked, repaired: [] };
  const { from, to } = checked.value;
  const repaired: string[] = [...checked.value.repaired];
  const before = state.detectors.map((d) => d ?? startDetector(from));

  const byDetector = site.detectors.map((): DetectorActuation[] => []);
  for (const actuation of checked.value.actuations) byDetector[place.get(actuation.detector)!]!.push(actuation);
  const mended = before.map(({ pulse }, i) => repairPulses(pulse, byDetector[i]!, from));
  for (const { repaired: reasons } of mended) repaired.push(...reasons);
  const counts = mended.map(({ pulses }) => pulses.filter((p) => p.on).length);

  const loops = site.detectors.flatMap((d, i) => (d.role === 'push-button' ? [] : [i]));
  const loopOns = loops.reduce((total, i) => total + counts[i]!, 0);
  const health = site.detectors.map((detector, i) => {
    const { last } = mended[i]!;
    const others = loops.length - (detector.role === 'push-button' ? 0 : 1);
    return diagnoseDetector(detector.role, before[i]!.health, {
      at: to,
      count: counts[i]!,
      onFor: last.on === true ? between(last.since, to) : ZERO,
      othersCount: others <= 0 ? 0 : (loopOns - (detector.role === 'push-button' ? 0 : counts[i]!)) / others,
    });
  });

  const period = between(from, to);
  const detectors: DetectorState[] = [];
  const rows: DetectorCount[] = [];
  const actuations: DetectorActuation[] = [];
  site.detectors.forEach((detector, i) => {
    const { pulses, last } = mended[i]!;
    const { quality } = health[i]!;
    const kept = { pulse: last, health: health[i]!, usual: before[i]!.usual, owed: 0 };
    if (quality === 'failed' && detector.role !== 'push-button') {
      const healthy = neighboursOf(site, detector).filter((n) => health[n]!.quality === 'good');
      // A quarter hour without a single vehicle is the failure itself, not the usual flow.
      const own = usualRate(before[i]!.usual, to) ?? 0;
      const rate = own > 0 ? own : (mean(healthy.flatMap((n) => usualRate(before[n]!.usual, to) ?? [])) ?? 0);
      const replaced = substitute(detector.id, rate, before[i]!.owed, from, to);
      actuations.push(...replaced.pulses);
      rows.push({
        detector: detector.id,
        count: replaced.pulses.length / 2,
        occupied: occupiedIn({ on: false, since: from }, replaced.pulses, from, to),
        on: false,
        quality,
      });
      detectors.push({ ...kept, owed: replaced.owed });
    } else {
      actuations.push(...pulses);
      rows.push({
        detector: detector.id,
        count: counts[i]!,
        occupied: occupiedIn(before[i]!.pulse, pulses, from, to),
        on: last.on === true,
        quality,
      });
      const trusted = quality === 'good' && health[i]!.missed < HEALTH_LIMITS.silence.othersSaw;
      detectors.push(trusted ? { ...kept, usual: learnUsualFlow(kept.usual, to, counts[i]!, period) } : kept);
    }
  });
  actuations.sort((a, b) => a.at - b.at);
  return {
    state: { last: { sequence: report.sequence, to }, detectors },
    outcome: accept({ junction: site.id, sequence: report.sequence, from, to, counts: rows, actuations }),
    repaired,
  };
};
