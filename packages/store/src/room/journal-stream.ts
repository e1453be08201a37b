import type { Result } from '@songxanh/core';
import { accept } from '@songxanh/core';
import type { JournalEntry } from '@songxanh/wire';
import { keys } from '../keys.ts';
import type { Store } from '../store.ts';

const values = (entries: readonly { readonly message: Readonly<Record<string, string>> }[]): readonly JournalEntry[] =>
  entries.flatMap(({ message }) => (message['v'] === undefined ? [] : [JSON.parse(message['v']) as JournalEntry]));

/** Appends under the entry's own sequence number: Redis refuses one that is not above the last. */
export const appendJournal = (store: Store, entry: JournalEntry): Promise<Result<unknown>> =>
  store.attempt((client) => client.xAdd(keys.journal, `${String(entry.seq)}-0`, { v: JSON.stringify(entry) }));

/** Forgets the entries before `seq`. */
export const trimJournal = (store: Store, seq: number): Promise<Result<unknown>> =>
  store.attempt((client) => client.xTrim(keys.journal, 'MINID', seq));

/** Entries after `since`, oldest first, at most `count`. */
export const readJournal = async (store: Store, since: number, count: number): Promise<Result<readonly JournalEntry[]>> => {
  const entries = await store.attempt((client) => client.xRange(keys.journal, `(${String(since)}-0`, '+', { COUNT: count }));
  return entries.ok ? accept(values(entries.value ?? [])) : entries;
};

/** The last entries before `before` (exclusive; the newest when undefined), newest first. */
export const readJournalBack = async (
  store: Store,
  before: number | undefined,
  count: number,
): Promise<Result<readonly JournalEntry[]>> => {
  const from = before === undefined ? '+' : `(${String(before)}-0`;
  const entries = await store.attempt((client) => client.xRevRange(keys.journal, from, '-', { COUNT: count }));
  return entries.ok ? accept(values(entries.value ?? [])) : entries;
};
