import type { JunctionId } from '../ids.ts';
import { minutes, seconds, ZERO, type Duration } from '../time.ts';
import { PRIORITY_MEASURES, type PriorityMeasure } from './measure.ts';
import type { PriorityRequest } from './priority-request.ts';

/** Each that is stated is enough by itself; what is not known about a vehicle meets none. */
export interface PriorityConditions {
  readonly latenessAtLeast?: Duration;
  /** A gap this much longer than scheduled, 1 = regular. */
  readonly headwayRatioAtLeast?: number;
  readonly personsAtLeast?: number;
}

export interface PriorityPolicy {
  readonly kind: 'none' | 'conditional' | 'unconditional';
  readonly conditions: PriorityConditions;
  readonly measures: readonly PriorityMeasure[];
  /** A person in the vehicle counts this many times a person in other traffic (what 1, 2 and 4 do: docs/priority.md). */
  readonly personFactor: number;
  /** For each minute late, up to ten, the weight grows by this part of itself. */
  readonly perMinuteLate: number;
  /** After a request was served: nobody else at the junction for `lockout`, nobody on the same group for `reservice`. */
  readonly lockout: Duration;
  readonly reservice: Duration;
  /** A request that has not been served this long after its vehicle was first to come has stood in the way long enough. */
  readonly maxPresence: Duration;
  /** What one request may cost all others, person-seconds by the running comparison; it weighs no more from then on. */
  readonly costCapPersonS: number;
}

export const DEFAULT_POLICY: PriorityPolicy = {
  kind: 'unconditional',
  conditions: {},
  measures: PRIORITY_MEASURES,
  personFactor: 2,
  perMinuteLate: 0.2,
  lockout: ZERO,
  reservice: seconds(10),
  maxPresence: minutes(3),
  costCapPersonS: 600,
};

/** A rule for a line, a stop or a junction, or for several of them together; what is absent means any. */
export interface PolicyRule {
  readonly line?: string;
  readonly stop?: string;
  readonly junction?: JunctionId;
  readonly policy: Partial<PriorityPolicy>;
}

type Place = Pick<PriorityRequest, 'line' | 'stop' | 'junction'>;

/** The rules that fit, laid over the default one after the other: those that name more, and of these the later ones, have the last word. */
export const policyFor = (rules: readonly PolicyRule[], place: Place): PriorityPolicy => {
  const names = (rule: PolicyRule): number => [rule.line, rule.stop, rule.junction].filter((name) => name !== undefined).length;
  const fits = (rule: PolicyRule): boolean =>
    (rule.line ?? place.line) === place.line &&
    (rule.stop ?? place.stop) === place.stop &&
    (rule.junction ?? place.junction) === place.junction;
  return rules
    .filter(fits)
    .map((rule, i) => ({ rule, i }))
    .sort((a, b) => names(a.rule) - names(b.rule) || a.i - b.i)
    .reduce<PriorityPolicy>((policy, { rule }) => ({ ...policy, ...rule.policy }), DEFAULT_POLICY);
};

/** Whether the policy lets this request in at all; otherwise why not, in a stable code. */
export const conditionUnmet = ({ kind, conditions }: PriorityPolicy, { standing, persons }: PriorityRequest): string | undefined => {
  if (kind === 'none') return 'no-priority-here';
  if (kind === 'unconditional') return undefined;
  const { latenessAtLeast, headwayRatioAtLeast, personsAtLeast } = conditions;
  const met =
    (latenessAtLeast !== undefined && standing.lateness !== undefined && standing.lateness >= latenessAtLeast) ||
    (headwayRatioAtLeast !== undefined && standing.headwayRatio !== undefined && standing.headwayRatio >= headwayRatioAtLeast) ||
    (personsAtLeast !== undefined && persons >= personsAtLeast);
  return met ? undefined : 'conditions-not-met';
};

/** Beyond this, lateness is a matter for the operator, not for signals. */
const MOST_MINUTES_LATE = 10;

/** Person-seconds per second of the vehicle's delay: those in it, and those who wait for it where it is late. */
export const priorityWeight = (policy: PriorityPolicy, { persons, standing }: PriorityRequest): number => {
  const lateMin = Math.min(MOST_MINUTES_LATE, Math.max(0, (standing.lateness ?? 0) / 60_000));
  return persons * policy.personFactor * (1 + policy.perMinuteLate * lateMin);
};
