import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sayInEnglish } from '@songxanh/core';
import type { Log } from '@songxanh/platform';
import type { Store } from '@songxanh/store';
import { appendJournal, readJournalBack, trimJournal } from '@songxanh/store';
import type { JournalEntry } from '@songxanh/wire';

/** Kept at hand for pages that come back; older ones are read from Redis. */
const KEPT = 5000;

export type NewEntry = Omit<JournalEntry, 'seq' | 'at' | 'outcome' | 'detail'> & { readonly detail?: string; readonly outcome?: 'refused' };

export interface Journal {
  /** `detail` need be given only where there are no phrases. */
  readonly add: (entry: NewEntry) => JournalEntry;
  readonly seq: () => number;
  /** Entries after `seq` that are at hand, oldest first. */
  readonly since: (seq: number) => readonly JournalEntry[];
  /** Newest first, before `before`. */
  readonly back: (before: number | undefined, count: number) => Promise<readonly JournalEntry[]>;
  /** Writes to Redis what it has not taken yet, in order. */
  readonly flush: () => Promise<void>;
  /** Forgets entries older than `before`, here, in the file and in Redis, and says so in an entry. */
  readonly trim: (before: number) => void;
}

export interface JournalDeps {
  readonly store: Store | undefined;
  /** The audit log: appended to, never rewritten; JSON lines. */
  readonly file: string | undefined;
  readonly now: () => number;
  readonly log: Log;
  readonly onEntry: () => void;
}

/** Half a line is none. */
const parseLines = (lines: readonly string[]): readonly { readonly line: string; readonly entry: JournalEntry }[] =>
  lines.flatMap((line) => {
    try {
      return line === '' ? [] : [{ line, entry: JSON.parse(line) as JournalEntry }];
    } catch {
      return [];
    }
  });

const readTail = (file: string | undefined): readonly JournalEntry[] => {
  if (file === undefined || !existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  // A process that was killed while it wrote has left half a line: the next entry begins on its own.
  if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
  return parseLines(text.split('\n').slice(-KEPT - 1)).map(({ entry }) => entry);
};

/** The file's entries with their lines as they stand. */
const linesOf = (file: string | undefined): readonly { readonly line: string; readonly seq: number; readonly at: number }[] =>
  file === undefined || !existsSync(file)
    ? []
    : parseLines(readFileSync(file, 'utf8').split('\n')).map(({ line, entry: { seq, at } }) => ({ line, seq, at }));

/** What happened and what was done, by whom: numbered without gaps, in a file that outlives Redis, in a stream that others may read. */
export const openJournal = async ({ store, file, now, log, onEntry }: JournalDeps): Promise<Journal> => {
  if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  let kept = readTail(file);
  const last = store === undefined ? undefined : await readJournalBack(store, undefined, 1);
  const inRedis = last?.ok === true ? (last.value[0]?.seq ?? 0) : 0;
  let seq = Math.max(kept.at(-1)?.seq ?? 0, inRedis);
  let unsent: JournalEntry[] = kept.filter((entry) => entry.seq > inRedis);
  let flushing: Promise<void> | undefined;

  const send = async (to: Store): Promise<void> => {
    while (unsent[0] !== undefined && (await appendJournal(to, unsent[0])).ok) unsent = unsent.slice(1);
  };
  const flush = async (): Promise<void> => {
    if (store === undefined) return;
    flushing ??= send(store).finally(() => {
      flushing = undefined;
    });
    await flushing;
  };
  const add = (part: NewEntry): JournalEntry => {
    seq += 1;
    const entry: JournalEntry = {
      ...{ seq, at: now(), ...part },
      detail: part.detail ?? sayInEnglish(part.says ?? []),
      outcome: part.outcome ?? 'done',
    };
    kept = [...kept, entry].slice(-KEPT);
    unsent = [...unsent, entry].slice(-KEPT);
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    log.info({ entry }, 'journal');
    void flush();
    onEntry();
    return entry;
  };
  return {
    add,
    seq: () => seq,
    since: (from) => kept.filter((entry) => entry.seq > from),
    back: async (before, count) => {
      const near = kept
        .filter((entry) => before === undefined || entry.seq < before)
        .slice(-count)
        .reverse();
      if (near.length === count || store === undefined) return near;
      const older = await readJournalBack(store, near.at(-1)?.seq ?? before, count - near.length);
      return older.ok ? [...near, ...older.value] : near;
    },
    flush,
    trim: (before) => {
      const lines = linesOf(file);
      // By numbers, which never step back as clocks do: nothing goes from between.
      const all = file === undefined ? kept : lines;
      const first = all.find(({ at }) => at >= before)?.seq ?? seq + 1;
      const gone = all.filter((entry) => entry.seq < first).length;
      if (gone === 0) return;
      if (file !== undefined) {
        const next = `${file}.${String(process.pid)}`;
        writeFileSync(next, lines.flatMap((entry) => (entry.seq < first ? [] : [`${entry.line}\n`])).join(''), { mode: 0o600 });
        renameSync(next, file);
      }
      kept = kept.filter((entry) => entry.seq >= first);
      unsent = unsent.filter((entry) => entry.seq >= first);
      if (store !== undefined) void trimJournal(store, first);
      add({ kind: 'journal-trimmed', by: 'system', says: [{ say: 'trimmed', count: gone, before }] });
    },
  };
};
