import type { Person } from '../access/roles.ts';
import { holdsLock, takeLock, whyLockEnds, type JunctionLock } from './lock.ts';

const lan: Person = { name: 'lan', role: 'operator', area: ['*'] };
const minh: Person = { name: 'minh', role: 'operator', area: ['*'] };
const officer: Person = { name: 'officer', role: 'duty-officer', area: ['*'] };
const wish = (person: Person, takeOver = false) => ({ person, reason: 'parade', durationMs: 60_000, takeOver });
const held: JunctionLock = { junction: 'J1', holder: 'lan', role: 'operator', reason: 'parade', since: 1000, expires: 61_000 };

test.each<[string, JunctionLock | undefined, ReturnType<typeof wish>, number, string]>([
  ['takes a free junction', undefined, wish(lan), 1000, 'lan since 1000'],
  ['renews its own lock and keeps its begin', held, wish(lan), 5000, 'lan since 1000'],
  ['waits while somebody holds it', held, wish(minh), 5000, 'locked'],
  ['takes it once the lock has ended', held, wish(minh), 61_000, 'minh since 61000'],
  ['may not take over from an equal', held, wish(minh, true), 5000, 'not-above'],
  ['a higher role does not take over unasked', held, wish(officer), 5000, 'locked'],
  ['a higher role takes over when it says so', held, wish(officer, true), 5000, 'officer since 5000'],
  ['nobody takes over from above', { ...held, holder: 'officer', role: 'duty-officer' }, wish(lan, true), 5000, 'not-above'],
  ['not outside the own area', undefined, wish({ ...lan, area: ['J2'] }), 0, 'outside-area'],
  ['not for longer than four hours', undefined, { ...wish(lan), durationMs: 4 * 3_600_000 + 1 }, 0, 'bad-duration'],
  ['not for a time that is no number', undefined, { ...wish(lan), durationMs: NaN }, 0, 'bad-duration'],
])('a lock: %s', (_, before, request, now, expected) => {
  const taken = takeLock(before, 'J1', request, now);
  expect(taken.ok ? `${taken.value.holder} since ${String(taken.value.since)}` : taken.reason).toBe(expected);
});

test.each<[string, JunctionLock | undefined, Person, number, string]>([
  ['the holder commands', held, lan, 5000, 'ok'],
  ['nobody commands without a lock', undefined, lan, 5000, 'no-lock'],
  ['nor when it has expired', held, lan, 61_000, 'lock-expired'],
  ['nor does a higher role before taking over', held, officer, 5000, 'locked'],
])('%s', (_, lock, person, now, expected) => {
  const answer = holdsLock(lock, 'J1', person, now);
  expect(answer.ok ? 'ok' : answer.reason).toBe(expected);
});

test('ends at its expiry, and when its holder has been away as long as configured', () => {
  const end = { then: 'end', afterMs: 15_000 } as const;
  expect(whyLockEnds(held, undefined, end, 60_999)).toBeUndefined();
  expect(whyLockEnds(held, undefined, end, 61_000)).toBe('expired');
  expect(whyLockEnds(held, 5000, end, 19_999)).toBeUndefined();
  expect(whyLockEnds(held, 5000, end, 20_000)).toBe('holder-lost');
  expect(whyLockEnds(held, 5000, { ...end, then: 'keep' }, 60_999)).toBeUndefined();
  expect(whyLockEnds(held, 5000, { ...end, then: 'keep' }, 61_000)).toBe('expired');
});
