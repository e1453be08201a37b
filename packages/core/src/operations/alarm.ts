import { accept, refuse, type Result } from '../result.ts';

export type Severity = 'critical' | 'warning' | 'info';

/** Something that is wrong now. `key` names it for as long as it lasts. */
export interface Condition {
  readonly key: string;
  /** Stable code: `process-down`, `junction-flashing`, … */
  readonly kind: string;
  readonly severity: Severity;
  readonly junction?: string;
  /** What exactly: a process, a detector, a source. */
  readonly detail: string;
  /** Raised only when it has lasted this long: short dips are no alarm. */
  readonly afterMs: number;
}

export interface AlarmComment {
  readonly at: number;
  readonly by: string;
  readonly text: string;
}

/** A condition that somebody must know of. All times are wall time, ms. It is closed when the condition is over and somebody has acknowledged it. */
export interface Alarm {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly junction?: string;
  readonly detail: string;
  readonly raisedAt: number;
  /** How often it has been raised while it was open. */
  readonly times: number;
  readonly clearedAt?: number;
  readonly acknowledged?: { readonly by: string; readonly at: number };
  /** Silent until then, with a reason in the comments. */
  readonly suspendedUntil?: number;
  readonly assignedTo?: string;
  readonly comments: readonly AlarmComment[];
}

export interface AlarmBook {
  readonly open: readonly Alarm[];
  /** Conditions that have not lasted long enough yet: key → begin. */
  readonly pending: Readonly<Record<string, number>>;
}

export const NO_ALARMS: AlarmBook = { open: [], pending: {} };

export interface AlarmChange {
  readonly kind: 'raised' | 'cleared' | 'closed';
  readonly alarm: Alarm;
}

const raise = (condition: Condition, now: number): Alarm => ({
  id: `${condition.key}@${String(now)}`,
  key: condition.key,
  kind: condition.kind,
  severity: condition.severity,
  ...(condition.junction === undefined ? {} : { junction: condition.junction }),
  detail: condition.detail,
  raisedAt: now,
  times: 1,
  comments: [],
});

/** A returning condition reopens its alarm: somebody must acknowledge it again. */
const raiseAgain = (alarm: Alarm, now: number): Alarm => ({
  ...raise({ ...alarm, afterMs: 0 }, now),
  id: alarm.id,
  times: alarm.times + 1,
  comments: alarm.comments,
  ...(alarm.suspendedUntil === undefined ? {} : { suspendedUntil: alarm.suspendedUntil }),
  ...(alarm.assignedTo === undefined ? {} : { assignedTo: alarm.assignedTo }),
});

const isClosed = (alarm: Alarm): boolean => alarm.clearedAt !== undefined && alarm.acknowledged !== undefined;

/** Raises, clears and closes alarms by what is wrong now. */
export const watchConditions = (
  book: AlarmBook,
  conditions: readonly Condition[],
  now: number,
): { readonly book: AlarmBook; readonly changes: readonly AlarmChange[] } => {
  const wrong = new Map(conditions.map((condition) => [condition.key, condition]));
  const known = new Set(book.open.map(({ key }) => key));
  const changes: AlarmChange[] = [];
  const pending: Record<string, number> = {};
  /** True once the condition has lasted; remembers its begin until then. */
  const hasLasted = ({ key, afterMs }: Condition): boolean => {
    const since = book.pending[key] ?? now;
    if (now - since >= afterMs) return true;
    pending[key] = since;
    return false;
  };
  const open: Alarm[] = [];
  for (const alarm of book.open) {
    const condition = wrong.get(alarm.key);
    if (condition !== undefined && alarm.clearedAt !== undefined && hasLasted(condition)) {
      const again = raiseAgain(alarm, now);
      changes.push({ kind: 'raised', alarm: again });
      open.push(again);
    } else if (condition === undefined && alarm.clearedAt === undefined) {
      const cleared = { ...alarm, clearedAt: now };
      changes.push({ kind: 'cleared', alarm: cleared });
      if (isClosed(cleared)) changes.push({ kind: 'closed', alarm: cleared });
      else open.push(cleared);
    } else open.push(alarm);
  }
  for (const condition of wrong.values()) {
    if (known.has(condition.key) || !hasLasted(condition)) continue;
    const alarm = raise(condition, now);
    changes.push({ kind: 'raised', alarm });
    open.push(alarm);
  }
  return { book: { open, pending }, changes };
};

export type AlarmDeed =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'suspend'; readonly durationMs: number; readonly reason: string }
  | { readonly kind: 'resume' }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'assign'; readonly to: string };

/** Two hours: a longer silence would be forgotten. */
export const LONGEST_SUSPENSION_MS = 2 * 3_600_000;

/** The alarm after what a person does with it. */
export const handleAlarm = (alarm: Alarm, deed: AlarmDeed, by: string, now: number): Result<Alarm> => {
  const comment = (text: string): readonly AlarmComment[] => [...alarm.comments, { at: now, by, text }];
  switch (deed.kind) {
    case 'acknowledge':
      return alarm.acknowledged === undefined
        ? accept({ ...alarm, acknowledged: { by, at: now } })
        : refuse('already-acknowledged', `${alarm.acknowledged.by} has acknowledged ${alarm.key}`);
    case 'suspend':
      return deed.durationMs > 0 && deed.durationMs <= LONGEST_SUSPENSION_MS
        ? accept({ ...alarm, suspendedUntil: now + deed.durationMs, comments: comment(deed.reason) })
        : refuse('bad-duration', `an alarm may be suspended for at most ${String(LONGEST_SUSPENSION_MS / 60_000)} min`);
    case 'resume': {
      const { suspendedUntil, ...rest } = alarm;
      return suspendedUntil === undefined ? refuse('not-suspended', `${alarm.key} is not suspended`) : accept(rest);
    }
    case 'comment':
      return accept({ ...alarm, comments: comment(deed.text) });
    case 'assign':
      return accept({ ...alarm, assignedTo: deed.to });
  }
};

/** Takes a changed alarm into the book; one that is over and acknowledged leaves it. */
export const putAlarm = (book: AlarmBook, alarm: Alarm): AlarmBook => ({
  ...book,
  open: book.open.flatMap((one) => (one.id !== alarm.id ? [one] : isClosed(alarm) ? [] : [alarm])),
});
