import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, ClientDuplexStream } from '@grpc/grpc-js';
import type { ActiveRequest, ControllerState, Instant, Planner, Site } from '@songxanh/core';
import { after, instant, planId, reportController, requestId, seconds, startController, step } from '@songxanh/core';
import type { Served } from '@songxanh/platform';
import { createLog, dial, serve } from '@songxanh/platform';
import type { Owner, RedisServer, Store } from '@songxanh/store';
import {
  beat,
  channels,
  decisionStream,
  findOwner,
  findRedisBinary,
  leave,
  openStore,
  proofLedger,
  saveRequests,
  startRedisServer,
  subscribeLive,
  waitForStore,
} from '@songxanh/store';
import type { AnswerMessage, FollowRequest, FollowResponse, JunctionObservationMessage } from '@songxanh/wire';
import { encodeObservation, parseSite } from '@songxanh/wire';
import type { OptimizerApp } from './app.ts';
import { buildApp } from './app.ts';

const SITE_FILE = join(__dirname, '../../../scenarios/one-junction/sites/A.site.json');
const readSite = (): Site => {
  const site = parseSite(readFileSync(SITE_FILE, 'utf8'), SITE_FILE);
  if (!site.ok) throw new Error(site.message);
  return site.value;
};
const site = readSite();

/** A controller that has come up and runs: what an agent would report. */
const runningController = (): { readonly controller: ControllerState; readonly startedS: number } => {
  let controller = startController(site, instant(0));
  for (let s = 1; s < 200; s += 1) {
    if (reportController(site, controller).mode === 'running') return { controller, startedS: s };
    controller = step(site, controller, {
      now: instant(s * 1000),
      actuations: [],
      plans: [],
      overrides: [],
      failedDetectors: [],
      cabinetFault: false,
    }).state;
  }
  throw new Error('the controller does not come up within 200 s');
};
const { controller, startedS } = runningController();
const signals = reportController(site, controller);

const observation = (sequence: number, epoch = 7): JunctionObservationMessage =>
  encodeObservation({
    epoch,
    counts: {
      junction: site.id,
      sequence,
      from: after(signals.at, seconds(sequence - 1)),
      to: after(signals.at, seconds(sequence)),
      counts: [],
      actuations: [],
    },
    signals,
  });

/** Gives a plan at each even second and none at odd ones. */
const everyOtherSecond: Planner = ({ now, signals: { plan }, planId: id }) => ({
  plan: (now / 1000) % 2 === 0 ? { ...plan, id, madeAt: now, source: 'optimizer' } : undefined,
  record: { junction: site.id, at: now, method: 'test', reason: 'extend', chosen: { steps: [], cost: 0 }, alternatives: [], seen: [] },
});

const eventually = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 500; i += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('did not come about within 10 s');
};

const withRedis = findRedisBinary() === undefined ? describe.skip : describe;

withRedis('the optimizer (needs redis-server or valkey-server on this machine)', () => {
  let dir: string;
  let redis: RedisServer;
  const closers: (() => Promise<void> | void)[] = [];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'songxanh-optimizer-'));
    redis = await startRedisServer(dir);
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  interface Running {
    readonly app: OptimizerApp;
    readonly store: Store;
    readonly served: Served;
    readonly self: Owner;
    /** Junctions of the last subscription. */
    readonly subscribed: () => readonly string[];
    readonly stop: () => Promise<void>;
  }
  const start = async (name: string, planner: Planner = everyOtherSecond): Promise<Running> => {
    const store = openStore(redis.url);
    await waitForStore(store, 5000);
    const port = 20_000 + Math.floor(performance.now() % 10_000) + name.length;
    const self = { name, address: `127.0.0.1:${String(port)}` };
    let subscribed: readonly string[] = [];
    const subscribe = (junctions: readonly string[]): void => {
      subscribed = junctions;
    };
    const app = buildApp({ sites: [site], planner, store, self, log: createLog('test', 'silent'), subscribe });
    const served = await serve('127.0.0.1:0', app.handlers);
    const keep = setInterval(() => void beat(store, { kind: 'optimizer', name, address: self.address, pid: 1, detail: '' }), 100);
    await beat(store, { kind: 'optimizer', name, address: self.address, pid: 1, detail: '' });
    await app.start();
    let stopped = false;
    const stop = async (): Promise<void> => {
      if (stopped) return;
      stopped = true;
      clearInterval(keep);
      await leave(store, 'optimizer', name);
      await app.stop();
      await served.stop();
      await store.close();
    };
    closers.push(stop);
    return { app, store, served, self, subscribed: () => subscribed, stop };
  };

  const follow = (served: Served): { readonly answers: AnswerMessage[] } => {
    const client: Client = dial('PlanService', served.address);
    const call = (client as unknown as { Follow: () => ClientDuplexStream<FollowRequest, FollowResponse> }).Follow();
    const answers: AnswerMessage[] = [];
    call.on('data', (response: FollowResponse) => answers.push(...response.answers));
    call.on('error', () => undefined);
    call.write({ agent: 'agent', junctions: [site.id], outcomes: [] });
    closers.push(() => {
      call.cancel();
      client.close();
    });
    return { answers };
  };

  it('owns the junctions when it is alone, and answers each observation once: with a plan, or that the plan stays', async () => {
    const one = await start('one');
    expect(one.subscribed()).toEqual([site.id]);
    one.app.takeObservations([observation(1)]);
    const { answers } = follow(one.served);
    // The answer that was given before the agent came is sent again when it comes.
    await eventually(() => answers.length === 1);
    one.app.takeObservations([observation(2)]);
    one.app.takeObservations([observation(2)]);
    one.app.takeObservations([observation(3)]);
    await eventually(() => answers.length === 3);
    expect(answers.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    const planned = answers.map(({ plan }) => plan !== null);
    expect(planned).toEqual((startedS - 1) % 2 === 0 ? [false, true, false] : [true, false, true]);
  });

  it('keeps the record of a decision that made a plan in Redis', async () => {
    const one = await start('one');
    one.app.takeObservations([observation(1), observation(2)]);
    await eventually(async () => {
      const decisions = await decisionStream.readLast(one.store, site.id, 10);
      return decisions.ok && decisions.value.length === 1;
    });
    expect(one.app.tally()).toEqual({ answers: 2, plans: 1, refused: 0 });
  });

  it('makes the same plan under the same id in every process', async () => {
    const one = await start('one');
    const { answers } = follow(one.served);
    let sequence = 0;
    await eventually(() => {
      sequence += 1;
      one.app.takeObservations([observation(sequence)]);
      return answers.some(({ plan }) => plan !== null);
    });
    const made = answers.find(({ plan }) => plan !== null);
    expect(made?.plan?.id).toBe(planId(`${site.id}@${String(made?.plan?.madeAtMs)}`));
  });

  it('weighs what vehicles ask, takes it up from Redis when it takes over, and proves it', async () => {
    const movement = site.movements[0];
    if (movement === undefined) throw new Error('the site has no movement');
    const asked = (at: Instant): ActiveRequest => ({
      id: requestId('bus'),
      group: movement.group,
      lane: movement.fromLane,
      earliest: after(at, seconds(5)),
      latest: after(at, seconds(8)),
      weight: 40,
    });
    const seen: boolean[] = [];
    const watching: Planner = (input) => {
      seen.push(input.demand.lanes.some(({ arrivals }) => arrivals.some(({ pcu, persons }) => pcu === 0 && persons > 0)));
      return everyOtherSecond(input);
    };
    const store = openStore(redis.url);
    closers.push(store.close);
    await waitForStore(store, 5000);
    await saveRequests(store, [{ junction: site.id, at: signals.at, requests: [asked(signals.at)] }]);
    const proofs: unknown[] = [];
    subscribeLive(store, channels.proofs, (value) => proofs.push(value));
    const one = await start('one', watching);
    seen.length = 0;
    one.app.takeObservations([observation(1)]);
    expect(seen[0]).toBe(true);
    for (let s = 2; s < 140; s += 1) {
      one.app.takeRequests([{ junction: site.id, at: after(signals.at, seconds(s)), requests: [] }]);
      one.app.takeObservations([observation(s)]);
    }
    await eventually(() => proofs.length > 0);
    expect(proofs[0]).toMatchObject([{ exhausted: false, proof: { request: 'bus', junction: site.id } }]);
    const month = await proofLedger.read(store, '1970-01');
    expect(month.ok && month.value).toMatchObject([{ request: 'bus' }]);
  }, 20_000);

  it('hands the junction over when it leaves, and redirects followers to the owner meanwhile', async () => {
    const first = await start('first');
    const second = await start('second');
    await eventually(() => first.app.owned() + second.app.owned() === 1);
    const [owner, idle] = first.app.owned() === 1 ? [first, second] : [second, first];
    const { answers } = follow(idle.served);
    await eventually(() => answers.some(({ redirect }) => redirect === owner.self.address));
    await owner.stop();
    await eventually(() => idle.app.owned() === 1);
    expect(await findOwner(idle.store, site.id)).toEqual({ ok: true, value: idle.self });
  }, 20_000);

  it('keeps what it owns while Redis is away, and goes on with it when Redis is back', async () => {
    const one = await start('one');
    const { answers } = follow(one.served);
    await redis.stop();
    await eventually(() => !one.store.isUp());
    await eventually(() => {
      one.app.takeObservations([observation(1)]);
      return answers.length === 1;
    });
    expect(one.app.owned()).toBe(1);
    redis = await startRedisServer(dir, redis.port);
    await eventually(async () => {
      const owner = await findOwner(one.store, site.id);
      return owner.ok && owner.value?.name === 'one';
    });
    one.app.takeObservations([observation(2)]);
    await eventually(() => answers.length === 2);
  }, 20_000);

  it('refuses an observation it cannot read and answers the others', async () => {
    const one = await start('one');
    const { answers } = follow(one.served);
    await eventually(() => {
      one.app.takeObservations([{ ...observation(1), signals: null }, observation(1)]);
      return answers.length === 1;
    });
  });
});
