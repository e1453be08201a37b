import { handleAlarm, NO_ALARMS, putAlarm, watchConditions, type Alarm, type AlarmBook, type Condition } from './alarm.ts';

const down: Condition = { key: 'process/optimizer', kind: 'process-down', severity: 'critical', detail: 'optimizer', afterMs: 2000 };
const watch = (book: AlarmBook, conditions: readonly Condition[], now: number) => watchConditions(book, conditions, now);
const raised = (): { book: AlarmBook; alarm: Alarm } => {
  const { book } = watch(watch(NO_ALARMS, [down], 1000).book, [down], 3000);
  return { book, alarm: book.open[0]! };
};
const done = (answer: ReturnType<typeof handleAlarm>): Alarm => {
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
};

describe('alarms', () => {
  test('are raised when a condition has lasted, not before', () => {
    const first = watch(NO_ALARMS, [down], 1000);
    expect(first.changes).toEqual([]);
    const second = watch(first.book, [down], 3000);
    expect(second.changes).toMatchObject([{ kind: 'raised', alarm: { key: down.key, raisedAt: 3000, times: 1 } }]);
    expect(watch(second.book, [down], 9000).changes).toEqual([]);
  });

  test('begin to count anew after a dip', () => {
    const first = watch(NO_ALARMS, [down], 1000);
    const gone = watch(first.book, [], 2000);
    expect(watch(gone.book, [down], 3500).changes).toEqual([]);
  });

  test('stay open when the condition ends until somebody has acknowledged them', () => {
    const { book, alarm } = raised();
    const cleared = watch(book, [], 5000);
    expect(cleared.changes.map(({ kind }) => kind)).toEqual(['cleared']);
    expect(cleared.book.open).toHaveLength(1);
    const acknowledged = done(handleAlarm(cleared.book.open[0]!, { kind: 'acknowledge' }, 'lan', 6000));
    expect(putAlarm(cleared.book, acknowledged).open).toEqual([]);
    expect(alarm.clearedAt).toBeUndefined();
  });

  test('close by themselves when they were acknowledged while they lasted', () => {
    const { book, alarm } = raised();
    const acknowledged = putAlarm(book, done(handleAlarm(alarm, { kind: 'acknowledge' }, 'lan', 4000)));
    expect(acknowledged.open).toHaveLength(1);
    const over = watch(acknowledged, [], 5000);
    expect(over.changes.map(({ kind }) => kind)).toEqual(['cleared', 'closed']);
    expect(over.book.open).toEqual([]);
  });

  test('ask again when an unacknowledged condition comes back', () => {
    const { book } = raised();
    const cleared = watch(book, [], 5000).book;
    const waiting = watch(cleared, [down], 6000);
    expect(waiting.changes).toEqual([]);
    const again = watch(waiting.book, [down], 8000);
    expect(again.changes).toMatchObject([{ kind: 'raised', alarm: { times: 2 } }]);
    expect(again.book.open).toHaveLength(1);
    expect(again.book.open[0]?.clearedAt).toBeUndefined();
  });

  test('are acknowledged once, commented, assigned, suspended and resumed', () => {
    const { alarm } = raised();
    const acknowledged = done(handleAlarm(alarm, { kind: 'acknowledge' }, 'lan', 4000));
    expect(handleAlarm(acknowledged, { kind: 'acknowledge' }, 'minh', 5000)).toMatchObject({ reason: 'already-acknowledged' });
    const assigned = done(
      handleAlarm(
        done(handleAlarm(acknowledged, { kind: 'comment', text: 'called' }, 'lan', 5000)),
        { kind: 'assign', to: 'hoa' },
        'lan',
        6000,
      ),
    );
    expect(assigned).toMatchObject({ assignedTo: 'hoa', comments: [{ by: 'lan', text: 'called', at: 5000 }] });
    const suspended = done(handleAlarm(assigned, { kind: 'suspend', durationMs: 60_000, reason: 'works' }, 'lan', 7000));
    expect(suspended.suspendedUntil).toBe(67_000);
    expect(suspended.comments.at(-1)?.text).toBe('works');
    expect(done(handleAlarm(suspended, { kind: 'resume' }, 'lan', 8000)).suspendedUntil).toBeUndefined();
    expect(handleAlarm(assigned, { kind: 'resume' }, 'lan', 8000)).toMatchObject({ reason: 'not-suspended' });
    expect(handleAlarm(assigned, { kind: 'suspend', durationMs: 9e6, reason: 'x' }, 'lan', 8000)).toMatchObject({ reason: 'bad-duration' });
  });
});
