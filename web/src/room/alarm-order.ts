import type { Alarm } from '@songxanh/wire/room';

const RANK = { critical: 0, warning: 1, info: 2 } as const;

/** What calls for somebody first: new before known, severe before light, suspended last. */
export const sortAlarms = (alarms: readonly Alarm[], now: number): readonly Alarm[] => {
  const silent = (alarm: Alarm): number => (alarm.suspendedUntil !== undefined && alarm.suspendedUntil > now ? 1 : 0);
  const known = (alarm: Alarm): number => (alarm.acknowledged ? 1 : 0);
  return [...alarms].sort(
    (a, b) => silent(a) - silent(b) || known(a) - known(b) || RANK[a.severity] - RANK[b.severity] || b.raisedAt - a.raisedAt,
  );
};

/** Nobody has acknowledged it and nobody has silenced it. */
export const callsForSomebody = (alarm: Alarm, now: number): boolean =>
  alarm.acknowledged === undefined && !(alarm.suspendedUntil !== undefined && alarm.suspendedUntil > now);
