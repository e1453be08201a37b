import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DecisionRecord, Override } from '@songxanh/core';
import { instant, junctionId } from '@songxanh/core';
import type { Owner, RedisServer, Store } from './index.ts';
import {
  acquireLease,
  beat,
  channels,
  decisionStream,
  deleteOverride,
  findOwner,
  findRedisBinary,
  leave,
  listOverrides,
  listProcesses,
  observationStream,
  openStore,
  publishLive,
  releaseLease,
  saveOverride,
  startRedisServer,
  subscribeLive,
  waitForStore,
} from './index.ts';

const withRedis = findRedisBinary() === undefined ? describe.skip : describe;
const north: Owner = { name: 'north', address: '127.0.0.1:7001' };
const south: Owner = { name: 'south', address: '127.0.0.1:7002' };
const junction = junctionId('J1');

const eventually = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 400; i += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('did not come about within 8 s');
};

withRedis('the store on a real Redis (needs redis-server or valkey-server on this machine)', () => {
  let dir: string;
  let server: RedisServer;
  let store: Store;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'songxanh-store-'));
    server = await startRedisServer(dir);
    store = openStore(server.url);
    await waitForStore(store, 5000);
  });
  afterEach(async () => {
    await store.close();
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('gives a junction to one owner only, and to the next one after its release', async () => {
    expect(await acquireLease(store, junction, north)).toEqual({ ok: true, value: north });
    expect(await acquireLease(store, junction, south)).toEqual({ ok: true, value: north });
    expect(await releaseLease(store, junction, south)).toEqual({ ok: true, value: false });
    expect(await releaseLease(store, junction, north)).toEqual({ ok: true, value: true });
    expect(await findOwner(store, junction)).toEqual({ ok: true, value: undefined });
    expect(await acquireLease(store, junction, south)).toEqual({ ok: true, value: south });
  });

  test('lets a silent owner lose its lease and a renewing one keep it', async () => {
    const other = junctionId('J2');
    // Long enough that a crowded machine does not let the renewing one be late.
    const leaseMs = 1500;
    await acquireLease(store, junction, north, leaseMs);
    await acquireLease(store, other, north, leaseMs);
    await eventually(async () => {
      await acquireLease(store, other, north, leaseMs);
      const holder = await acquireLease(store, junction, south, 10_000);
      return holder.ok && holder.value.name === 'south';
    });
    expect(await findOwner(store, other)).toEqual({ ok: true, value: north });
  });

  test('returns the last observations of a junction in order and caps the stream', async () => {
    const observations = observationStream<{ sequence: number }>();
    const all = Array.from({ length: 1000 }, (_, i) => ({ sequence: i + 1 }));
    await observations.append(store, junction, all);
    const last = await observations.readLast(store, junction, 3);
    expect(last).toEqual({ ok: true, value: [{ sequence: 998 }, { sequence: 999 }, { sequence: 1000 }] });
    const kept = await observations.readLast(store, junction, 1000);
    // Redis trims by whole nodes of at most 100 entries.
    expect(kept.ok && kept.value.length).toBeLessThanOrEqual(400);
  });

  test('returns decision records as they were written', async () => {
    const record: DecisionRecord = {
      junction,
      at: instant(5000),
      method: 'adaptive',
      reason: 'extend',
      chosen: { steps: [], cost: 12.5 },
      alternatives: [],
      seen: [],
    };
    await decisionStream.append(store, junction, [record]);
    expect(await decisionStream.readLast(store, junction, 10)).toEqual({ ok: true, value: [record] });
  });

  test('tells a process that fell silent from one that said goodbye', async () => {
    const process = { kind: 'optimizer', name: 'north', address: north.address, pid: 1, detail: '' };
    await beat(store, process, 60_000);
    await beat(store, { ...process, name: 'lost' }, 100);
    await beat(store, { ...process, name: 'left' }, 60_000);
    await leave(store, 'optimizer', 'left');
    await eventually(async () => {
      const known = await listProcesses(store);
      return known.ok && known.value.find(({ name }) => name === 'lost')?.beat === undefined;
    });
    const known = await listProcesses(store);
    expect(known.ok && known.value.map(({ name, beat: last }) => [name, last?.address])).toEqual([
      ['lost', undefined],
      ['north', north.address],
    ]);
  });

  test('keeps overrides until they are deleted', async () => {
    const override: Override = {
      id: 'o1',
      source: 'operator',
      action: { kind: 'hold' },
      reason: 'parade',
      by: 'Lan',
      expires: instant(9000),
    };
    await saveOverride(store, { junction, override });
    expect(await listOverrides(store)).toEqual({ ok: true, value: [{ junction, override }] });
    await deleteOverride(store, 'o1');
    expect(await listOverrides(store)).toEqual({ ok: true, value: [] });
  });

  test('refuses commands while Redis is dead, counts them, and works and listens again when it is back', async () => {
    const heard: unknown[] = [];
    subscribeLive(store, channels.street, (value) => heard.push(value));
    await eventually(async () => {
      await publishLive(store, channels.street, 'before');
      return heard.includes('before');
    });
    await acquireLease(store, junction, north, 60_000);
    await server.stop();
    await eventually(() => !store.isUp());
    expect(await findOwner(store, junction)).toMatchObject({ ok: false, reason: 'redis-unavailable' });
    server = await startRedisServer(dir, server.port);
    await eventually(() => store.isUp());
    await eventually(async () => {
      await publishLive(store, channels.street, 'after');
      return heard.includes('after');
    });
    expect((await acquireLease(store, junction, south)).ok).toBe(true);
  }, 20_000);
});
