import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@songxanh/platform';
import { findRedisBinary, openStore, startRedisServer, waitForStore, type Store } from '@songxanh/store';
import { openJournal, type Journal } from './journal.ts';

const entry = { kind: 'lock-taken', by: 'lan', detail: '' };
const open = (file: string, store?: Store): Promise<Journal> =>
  openJournal({ file, store, now: () => 5000, log: createLog('test', 'silent'), onEntry: () => undefined });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'songxanh-journal-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('goes on counting after a restart, past a line that a killed process has left half written', async () => {
  const file = join(folder, 'journal.jsonl');
  const first = await open(file);
  first.add(entry);
  first.add({ ...entry, outcome: 'refused' });
  appendFileSync(file, '{"seq":3,"at":50');
  const again = await open(file);
  expect(again.since(0).map(({ seq, outcome }) => [seq, outcome])).toEqual([
    [1, 'done'],
    [2, 'refused'],
  ]);
  again.add(entry);
  expect((await open(file)).seq()).toBe(3);
});

test('its file is for its owner only, and only grows', async () => {
  const file = join(folder, 'journal.jsonl');
  const journal = await open(file);
  journal.add(entry);
  const before = readFileSync(file, 'utf8');
  journal.add(entry);
  expect(readFileSync(file, 'utf8').startsWith(before)).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('forgets what is older than the retention, goes on counting, and says so', async () => {
  const file = join(folder, 'journal.jsonl');
  let now = 1000;
  const journal = await openJournal({ file, store: undefined, now: () => now, log: createLog('test', 'silent'), onEntry: () => undefined });
  journal.add(entry);
  now = 2000;
  journal.add(entry);
  now = 3000;
  journal.add(entry);
  journal.trim(2000);
  expect(journal.since(0).map(({ seq, kind }) => [seq, kind])).toEqual([
    [2, 'lock-taken'],
    [3, 'lock-taken'],
    [4, 'journal-trimmed'],
  ]);
  const again = await open(file);
  expect(again.since(0).map(({ seq }) => seq)).toEqual([2, 3, 4]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const before = readFileSync(file, 'utf8');
  again.trim(2000);
  expect(readFileSync(file, 'utf8')).toBe(before);
  again.trim(10_000);
  expect(again.since(0).map(({ seq }) => seq)).toEqual([5]);
});

const withRedis = findRedisBinary() === undefined ? test.skip : test;
withRedis(
  'what was written while Redis was away is in its stream once it is there, in order',
  async () => {
    const file = join(folder, 'journal.jsonl');
    const server = await startRedisServer(join(folder, 'redis'));
    const alone = await open(file);
    alone.add(entry);
    alone.add(entry);
    const store = openStore(server.url);
    try {
      await waitForStore(store, 5000);
      const journal = await open(file, store);
      await journal.flush();
      journal.add(entry);
      await journal.flush();
      // A new box with the same Redis and no file reads the whole history.
      const other = await open(join(folder, 'other.jsonl'), store);
      expect((await other.back(undefined, 10)).map(({ seq }) => seq)).toEqual([3, 2, 1]);
      expect(other.seq()).toBe(3);
    } finally {
      await store.close();
      await server.stop();
    }
  },
  20_000,
);
