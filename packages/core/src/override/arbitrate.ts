import type { Override } from '../controller/controller.ts';
import type { Source } from '../plan/stage-plan.ts';
import type { Program } from '../plan/schedule.ts';
import type { Instant } from '../time.ts';

/** Highest first. */
export const PRECEDENCE: readonly Source[] = [
  'safety',
  'rail-preemption',
  'manual',
  'emergency-preemption',
  'operator',
  'optimizer',
  'time-of-day',
  'actuated',
  'flash',
];

export const outranks = (a: Source, b: Source): boolean => PRECEDENCE.indexOf(a) < PRECEDENCE.indexOf(b);

/** Manual control and preemption may break what displays have promised; an operator far away may not. */
export const mayBreakPromises = (source: Source): boolean => outranks(source, 'operator');

export interface Situation {
  readonly now: Instant;
  readonly cabinetFault: boolean;
  /** Starting up or leaving flash: nobody may interfere. */
  readonly entering: 'start-up' | 'flash-exit' | undefined;
  readonly overrides: readonly Override[];
  readonly program: Program;
  /** The clock may be trusted to synchronise by. */
  readonly clockTrusted: boolean;
  /** End of the plan last taken from outside, and whose it is; undefined before the first one. */
  readonly planUntil: Instant | undefined;
  /** The site has a stage to run at all. */
  readonly runnable: boolean;
}

export interface Charge {
  readonly source: Source;
  /** Stable code. */
  readonly why: string;
  readonly override?: Override;
}

/** Who is in charge now, and why: the first rung of the ladder that holds. */
export const arbitrate = (s: Situation): Charge => {
  if (s.cabinetFault) return { source: 'safety', why: 'cabinet-fault' };
  if (!s.runnable) return { source: 'flash', why: 'nothing-can-run' };
  if (s.entering !== undefined) return { source: 'safety', why: s.entering };

  const inForce = s.overrides.filter((override) => override.expires > s.now);
  const override = inForce.reduce<Override | undefined>(
    (best, next) => (!best || !outranks(best.source, next.source) ? next : best),
    undefined,
  );
  if (override !== undefined) return { source: override.source, why: `${override.source}-override`, override };

  // Night flash is the site's own decision: no plan keeps a junction awake that shall sleep.
  if (s.program === 'night-flash') return { source: 'flash', why: 'night-flash' };
  if (s.planUntil !== undefined && s.now < s.planUntil) return { source: 'optimizer', why: 'plan-in-force' };
  const silent = s.planUntil !== undefined;
  if (s.program !== 'actuated' && s.clockTrusted) return { source: 'time-of-day', why: silent ? 'centre-silent' : 'schedule' };
  return { source: 'actuated', why: s.clockTrusted ? (silent ? 'centre-silent' : 'no-plan-for-the-hour') : 'clock-not-trusted' };
};
