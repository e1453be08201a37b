import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '@songxanh/wire';
import type { RedisServer, Store } from '../index.ts';
import {
  appendJournal,
  deleteFromRoom,
  findRedisBinary,
  listRoom,
  openStore,
  readJournal,
  readJournalBack,
  saveInRoom,
  startRedisServer,
  trimJournal,
  waitForStore,
} from '../index.ts';

const withRedis = findRedisBinary() === undefined ? describe.skip : describe;
const entry = (seq: number): JournalEntry => ({ seq, at: seq * 1000, kind: 'lock-taken', by: 'lan', detail: '', outcome: 'done' });
const seqs = (result: Awaited<ReturnType<typeof readJournal>>): number[] => (result.ok ? result.value.map(({ seq }) => seq) : []);

withRedis('the control room on a real Redis (needs redis-server or valkey-server on this machine)', () => {
  let dir: string;
  let server: RedisServer;
  let store: Store;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'songxanh-room-'));
    server = await startRedisServer(dir);
    store = openStore(server.url);
    await waitForStore(store, 5000);
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('gives back the entries a client has missed, in order, and pages backwards', async () => {
    for (const seq of [1, 2, 3, 10]) await appendJournal(store, entry(seq));
    expect(seqs(await readJournal(store, 1, 100))).toEqual([2, 3, 10]);
    expect(seqs(await readJournal(store, 10, 100))).toEqual([]);
    expect(seqs(await readJournalBack(store, undefined, 2))).toEqual([10, 3]);
    expect(seqs(await readJournalBack(store, 3, 100))).toEqual([2, 1]);
  });

  test('never takes an entry that would change the past', async () => {
    await appendJournal(store, entry(20));
    expect((await appendJournal(store, entry(20))).ok).toBe(false);
    expect((await appendJournal(store, entry(15))).ok).toBe(false);
  });

  test('forgets what is before a number, and nothing else', async () => {
    await trimJournal(store, 3);
    expect(seqs(await readJournalBack(store, undefined, 100))).toEqual([20, 10, 3]);
  });

  test('keeps the room by id until it is deleted', async () => {
    await saveInRoom(store, 'locks', 'J1', { junction: 'J1' });
    await saveInRoom(store, 'locks', 'J1', { junction: 'J1', holder: 'lan' });
    expect(await listRoom(store, 'locks')).toEqual({ ok: true, value: [{ junction: 'J1', holder: 'lan' }] });
    await deleteFromRoom(store, 'locks', 'J1');
    expect(await listRoom(store, 'locks')).toEqual({ ok: true, value: [] });
  });
});
