import type { DetectorRole } from '../intersection/detector.ts';
import { after, between, minutes, seconds, ZERO, type Duration, type Instant } from '../time.ts';
import type { DetectorQuality } from './actuation.ts';

export type DetectorFault = 'stuck-on' | 'no-activity' | 'erratic';

/** What one report says of one detector. */
export interface DetectorEvidence {
  readonly at: Instant;
  /** Ons in the report. */
  readonly count: number;
  /** How long it has been on without a break; zero while off. */
  readonly onFor: Duration;
  /** Mean ons per detector of the junction's other loops in the report: silence is only a sign where others see traffic. */
  readonly othersCount: number;
}

export interface DetectorHealth {
  readonly quality: DetectorQuality;
  readonly fault: DetectorFault | undefined;
  /** The last time something was wrong. */
  readonly wrongAt: Instant | undefined;
  readonly lastOn: Instant;
  /** Mean ons of the others since this one's last on. */
  readonly missed: number;
  readonly minute: { readonly from: Instant; readonly count: number; readonly erraticInARow: number };
}

/** Max presence, no activity and erratic counts as in NTCIP 1202 vehicle detector diagnostics; values suit loops under motorcycles. */
export const HEALTH_LIMITS = {
  // A queue may stand on a loop for the longest red; 180 s < 300 s must hold.
  presence: { suspect: minutes(5), failed: minutes(10) },
  buttonPresence: { suspect: minutes(1), failed: minutes(2) },
  silence: { suspect: minutes(15), failed: minutes(45), othersSaw: 30 },
  // Two motorcycles abreast discharge at 1.8/s; 3/s is no traffic.
  erraticPerMinute: 180,
  erraticMinutesToFail: 3,
  /** Time without a sign of fault for each step back: failed → suspect → good. */
  recovery: minutes(1),
} as const;

const MINUTE = seconds(60);

export const startHealth = (at: Instant): DetectorHealth => ({
  quality: 'good',
  fault: undefined,
  wrongAt: undefined,
  lastOn: at,
  missed: 0,
  minute: { from: at, count: 0, erraticInARow: 0 },
});

interface Verdict {
  readonly quality: DetectorQuality;
  readonly fault?: DetectorFault;
}

const judge = (role: DetectorRole, health: DetectorHealth, { at, onFor }: DetectorEvidence): Verdict => {
  const presence = role === 'push-button' ? HEALTH_LIMITS.buttonPresence : HEALTH_LIMITS.presence;
  if (onFor >= presence.suspect) return { quality: onFor >= presence.failed ? 'failed' : 'suspect', fault: 'stuck-on' };
  const inARow = health.minute.erraticInARow;
  if (inARow > 0) return { quality: inARow >= HEALTH_LIMITS.erraticMinutesToFail ? 'failed' : 'suspect', fault: 'erratic' };
  const silence = between(health.lastOn, at);
  const { suspect, failed, othersSaw } = HEALTH_LIMITS.silence;
  // Nobody has to press a button.
  if (role !== 'push-button' && onFor === ZERO && silence >= suspect && health.missed >= othersSaw)
    return { quality: silence >= failed ? 'failed' : 'suspect', fault: 'no-activity' };
  return { quality: 'good' };
};

const RANK: Readonly<Record<DetectorQuality, number>> = { good: 0, suspect: 1, failed: 2 };

/** One step of a detector's health: worse at once, better by one step after each minute without a sign of fault. */
export const diagnoseDetector = (role: DetectorRole, before: DetectorHealth, evidence: DetectorEvidence): DetectorHealth => {
  const { at, count, onFor } = evidence;
  const seen = count > 0 || onFor > ZERO;
  const minuteOver = at >= after(before.minute.from, MINUTE);
  const inMinute = before.minute.count + count;
  const erratic = inMinute > HEALTH_LIMITS.erraticPerMinute;
  const health: DetectorHealth = {
    ...before,
    lastOn: seen ? at : before.lastOn,
    missed: seen ? 0 : before.missed + evidence.othersCount,
    minute: minuteOver
      ? { from: at, count: 0, erraticInARow: erratic ? before.minute.erraticInARow + 1 : 0 }
      : { ...before.minute, count: inMinute },
  };
  const verdict = judge(role, health, evidence);
  if (verdict.fault !== undefined) {
    const quality = RANK[verdict.quality] >= RANK[before.quality] ? verdict.quality : before.quality;
    return { ...health, quality, fault: verdict.fault, wrongAt: at };
  }
  if (before.quality === 'good' || before.wrongAt === undefined || between(before.wrongAt, at) < HEALTH_LIMITS.recovery) return health;
  return before.quality === 'failed'
    ? { ...health, quality: 'suspect', wrongAt: at }
    : { ...health, quality: 'good', fault: undefined, wrongAt: undefined };
};
