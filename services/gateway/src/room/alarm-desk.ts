import type { Alarm, AlarmBook, AlarmDeed, Condition, Person, Phrase } from '@songxanh/core';
import { handleAlarm, NO_ALARMS, putAlarm, watchConditions } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import type { Store } from '@songxanh/store';
import type { Journal } from './journal.ts';
import { keptIn } from './kept.ts';
import { mustBeAllowed, throwRefusal } from './refusal.ts';

export interface AlarmDesk {
  readonly list: () => readonly Alarm[];
  readonly watch: (conditions: readonly Condition[]) => void;
  readonly handle: (person: Person, id: string, deed: AlarmDeed) => Alarm;
  readonly restore: () => Promise<void>;
}

const phrasesOf = (deed: AlarmDeed): readonly Phrase[] => {
  switch (deed.kind) {
    case 'acknowledge':
    case 'resume':
      return [];
    case 'suspend':
      return [{ say: 'silenced', minutes: Math.round(deed.durationMs / 60_000), reason: deed.reason }];
    case 'comment':
      return [{ say: 'text', text: deed.text }];
    case 'assign':
      return [{ say: 'assigned-to', who: deed.to }];
  }
};

/** The open alarms; every change of them is in the journal. */
export const openAlarmDesk = (deps: {
  readonly journal: Journal;
  readonly store: Store | undefined;
  readonly now: () => number;
}): AlarmDesk => {
  const { journal, store, now } = deps;
  const kept = keptIn<Alarm>(store, 'alarms');
  let book: AlarmBook = NO_ALARMS;
  const keep = (alarm: Alarm): void => {
    if (book.open.some(({ id }) => id === alarm.id)) kept.save(alarm.id, alarm);
    else kept.drop(alarm.id);
  };
  const about = (alarm: Alarm) => ({
    ...(alarm.junction === undefined ? {} : { junction: alarm.junction }),
    says: [{ say: 'alarm', alarm: alarm.kind, detail: alarm.detail }] as readonly Phrase[],
  });
  return {
    list: () => book.open,
    watch: (conditions) => {
      const { book: next, changes } = watchConditions(book, conditions, now());
      book = next;
      for (const { kind, alarm } of changes) {
        keep(alarm);
        journal.add({ kind: `alarm-${kind}`, by: 'system', ...about(alarm) });
      }
    },
    handle: (person, id, deed) => {
      const alarm = book.open.find((one) => one.id === id);
      if (alarm === undefined) throw new EdgeError('not-found', 'this alarm is closed');
      mustBeAllowed(person, 'handle-alarms', alarm.junction);
      const after = handleAlarm(alarm, deed, person.name, now());
      if (!after.ok) return throwRefusal(after);
      book = putAlarm(book, after.value);
      keep(after.value);
      const { says, ...rest } = about(alarm);
      journal.add({
        kind: `alarm-${deed.kind}`,
        by: person.name,
        role: person.role,
        ...rest,
        says: [...says, ...phrasesOf(deed)],
      });
      return after.value;
    },
    restore: async () => {
      book = { ...book, open: await kept.load() };
    },
  };
};
