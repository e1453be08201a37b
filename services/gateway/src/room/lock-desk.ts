import type { JunctionLock, LockWish, LostHolderPolicy, Person } from '@songxanh/core';
import { holdsLock, takeLock, whyLockEnds } from '@songxanh/core';
import type { Store } from '@songxanh/store';
import type { OverrideDesk } from '../override/override-desk.ts';
import type { Journal } from './journal.ts';
import { keptIn } from './kept.ts';
import type { Presence } from './presence.ts';
import { throwRefusal } from './refusal.ts';

export interface LockDesk {
  readonly list: () => readonly JunctionLock[];
  readonly find: (junction: string) => JunctionLock | undefined;
  /** Takes all of them or none. */
  readonly take: (junctions: readonly string[], wish: LockWish) => readonly JunctionLock[];
  readonly release: (junctions: readonly string[], person: Person) => void;
  /** Throws unless the person holds all of them. */
  readonly mustHold: (junctions: readonly string[], person: Person) => void;
  /** Ends what has expired and what its holder has left alone. */
  readonly tick: () => void;
  readonly restore: () => Promise<void>;
}

export interface LockDeps {
  readonly desk: OverrideDesk;
  readonly journal: Journal;
  readonly presence: Presence;
  readonly policy: LostHolderPolicy;
  readonly store: Store | undefined;
  readonly now: () => number;
}

/** One holder per junction; whatever the holder has ordered ends with the lock. */
export const openLockDesk = ({ desk, journal, presence, policy, store, now }: LockDeps): LockDesk => {
  const locks = new Map<string, JunctionLock>();
  const kept = keptIn<JunctionLock>(store, 'locks');
  let restoredAt = 0;

  const undo = ({ junction, holder }: JunctionLock): number => {
    const theirs = desk.list(junction).filter(({ by, source }) => by === holder && source === 'operator');
    for (const { id } of theirs) desk.release(id);
    return theirs.length;
  };
  const put = (lock: JunctionLock): void => {
    locks.set(lock.junction, lock);
    kept.save(lock.junction, lock);
  };
  const drop = (lock: JunctionLock, kind: string, by: string): void => {
    locks.delete(lock.junction);
    kept.drop(lock.junction);
    const undone = undo(lock);
    journal.add({
      kind,
      by,
      junction: lock.junction,
      says: [{ say: 'ended', of: lock.holder, count: undone }],
    });
  };
  return {
    list: () => [...locks.values()],
    find: (junction) => locks.get(junction),
    take: (junctions, wish) => {
      const taken = junctions.map((junction) => {
        const answer = takeLock(locks.get(junction), junction, wish, now());
        if (!answer.ok) {
          const { name, role } = wish.person;
          journal.add({
            kind: 'lock-refused',
            by: name,
            role,
            junction,
            says: [{ say: 'refused', why: answer.reason, text: answer.message }],
            reason: wish.reason,
            outcome: 'refused',
          });
          return throwRefusal(answer);
        }
        return answer.value;
      });
      for (const lock of taken) {
        const before = locks.get(lock.junction);
        const over = before !== undefined && before.holder !== lock.holder;
        if (over) undo(before);
        put(lock);
        journal.add({
          kind: over ? 'lock-taken-over' : before === undefined ? 'lock-taken' : 'lock-renewed',
          by: lock.holder,
          role: lock.role,
          junction: lock.junction,
          says: [over ? { say: 'taken-from', who: before.holder } : { say: 'for', seconds: Math.round(wish.durationMs / 1000) }],
          reason: lock.reason,
        });
      }
      return taken;
    },
    release: (junctions, person) => {
      for (const junction of junctions) {
        const lock = locks.get(junction);
        if (lock?.holder === person.name) drop(lock, 'lock-released', person.name);
      }
    },
    mustHold: (junctions, person) => {
      for (const junction of junctions) {
        const answer = holdsLock(locks.get(junction), junction, person, now());
        if (!answer.ok) throwRefusal(answer);
      }
    },
    tick: () => {
      for (const lock of [...locks.values()]) {
        const why = whyLockEnds(lock, presence.lostAt(lock.holder, Math.max(lock.since, restoredAt)), policy, now());
        if (why !== undefined) drop(lock, why === 'expired' ? 'lock-expired' : 'lock-holder-lost', 'system');
      }
    },
    restore: async () => {
      for (const lock of await kept.load()) locks.set(lock.junction, lock);
      restoredAt = now();
    },
  };
};
