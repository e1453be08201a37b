import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant, junctionId, laneId, requestId, signalGroupId, type RequestProof } from '@songxanh/core';
import {
  channels,
  findRedisBinary,
  findRequests,
  openStore,
  proofLedger,
  saveRequests,
  startRedisServer,
  subscribeLive,
  waitForStore,
  type JunctionRequests,
  type RedisServer,
  type Store,
} from '../index.ts';

const withRedis = findRedisBinary() === undefined ? describe.skip : describe;
const junction = junctionId('J1');
const list: JunctionRequests = {
  junction,
  at: instant(1000),
  requests: [
    { id: requestId('r'), group: signalGroupId('WT'), lane: laneId('W_1'), earliest: instant(5000), latest: instant(9000), weight: 30 },
  ],
};

withRedis('requests in Redis (needs redis-server or valkey-server on this machine)', () => {
  let dir: string;
  let redis: RedisServer;
  let store: Store;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'songxanh-priority-store-'));
    redis = await startRedisServer(dir);
    store = openStore(redis.url);
    await waitForStore(store, 5000);
  });
  afterAll(async () => {
    await store.close();
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it("reach the junction's optimizer at once, and the next owner when it takes over", async () => {
    const heard: unknown[] = [];
    subscribeLive(store, channels.requests, (value) => heard.push(value));
    for (let i = 0; i < 200 && heard.length === 0; i++) {
      await saveRequests(store, [list]);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(heard[0]).toEqual([list]);
    expect(await findRequests(store, junction)).toEqual({ ok: true, value: list });
    expect(await findRequests(store, junctionId('J2'))).toEqual({ ok: true, value: undefined });
  });

  it('leave their proofs in the ledger of their month, in order', async () => {
    const proof = (id: string): RequestProof => ({
      request: requestId(id),
      junction,
      at: instant(1000),
      savedS: 12,
      costPersonS: 30,
      othersPersonS: { N_1: 30 },
    });
    for (const id of ['a', 'b']) await proofLedger.append(store, '2026-01', proof(id));
    expect(await proofLedger.read(store, '2026-01')).toEqual({ ok: true, value: [proof('a'), proof('b')] });
    expect(await proofLedger.read(store, '2026-02')).toEqual({ ok: true, value: [] });
  });

  it('are refused, not lost in silence, while Redis is away', async () => {
    const away = openStore('redis://127.0.0.1:1');
    expect(await saveRequests(away, [list])).toMatchObject({ ok: false, reason: 'redis-unavailable' });
    await away.close();
  });
});
