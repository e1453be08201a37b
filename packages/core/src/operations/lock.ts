import { mayDo, outranksRole, type Person, type Role } from '../access/roles.ts';
import { accept, refuse, type Result } from '../result.ts';

/** Who holds a junction. Times are wall time, ms: a lock is a lease of a person, not of the street. */
export interface JunctionLock {
  readonly junction: string;
  readonly holder: string;
  readonly role: Role;
  readonly reason: string;
  readonly since: number;
  readonly expires: number;
}

export interface LockWish {
  readonly person: Person;
  readonly reason: string;
  readonly durationMs: number;
  /** Take it from somebody of lower rank who holds it. */
  readonly takeOver: boolean;
}

/** Four hours: longer than any shift should need without looking again. */
export const LONGEST_LOCK_MS = 4 * 3_600_000;

const inSeconds = (ms: number): string => `${String(Math.ceil(ms / 1000))} s`;

/** The junction's lock after this wish: taken, renewed by its holder, or taken over by a higher role; at most one person holds it at any time. */
export const takeLock = (held: JunctionLock | undefined, junction: string, wish: LockWish, now: number): Result<JunctionLock> => {
  const { person, reason, durationMs, takeOver } = wish;
  const permitted = mayDo(person, 'command', junction);
  if (!permitted.ok) return permitted;
  if (!(durationMs > 0 && durationMs <= LONGEST_LOCK_MS))
    return refuse('bad-duration', `${inSeconds(durationMs)}: expected at most ${inSeconds(LONGEST_LOCK_MS)}`);
  const lock = { junction, holder: person.name, role: person.role, reason, expires: now + durationMs };
  if (held === undefined || held.expires <= now) return accept({ ...lock, since: now });
  if (held.holder === person.name) return accept({ ...lock, since: held.since });
  const holds = `${junction} is held by ${held.holder} (${held.role}) for another ${inSeconds(held.expires - now)}: ${held.reason}`;
  if (!takeOver) return refuse('locked', holds);
  if (!outranksRole(person.role, held.role)) return refuse('not-above', `${holds}; ${person.role} is not above ${held.role}`);
  return accept({ ...lock, since: now });
};

/** May this person command the junction now? Only its holder may. */
export const holdsLock = (held: JunctionLock | undefined, junction: string, person: Person, now: number): Result<true> => {
  const permitted = mayDo(person, 'command', junction);
  if (!permitted.ok) return permitted;
  if (held === undefined) return refuse('no-lock', `${person.name} does not hold ${junction}`);
  if (held.expires <= now) return refuse('lock-expired', `the lock on ${junction} ended ${inSeconds(now - held.expires)} ago`);
  if (held.holder !== person.name)
    return refuse('locked', `${junction} is held by ${held.holder} (${held.role}) for another ${inSeconds(held.expires - now)}`);
  return accept(true);
};

/** What happens to the locks of somebody whose page is gone. */
export interface LostHolderPolicy {
  /** `end`: lock and overrides end after `afterMs`; `keep`: they stay to their expiry. */
  readonly then: 'end' | 'keep';
  readonly afterMs: number;
}

/** Why a lock ends now; undefined while it lasts. `lostAt`: when the holder's last page went away, wall time. */
export const whyLockEnds = (
  lock: JunctionLock,
  lostAt: number | undefined,
  policy: LostHolderPolicy,
  now: number,
): 'expired' | 'holder-lost' | undefined => {
  if (lock.expires <= now) return 'expired';
  return policy.then === 'end' && lostAt !== undefined && now - lostAt >= policy.afterMs ? 'holder-lost' : undefined;
};
