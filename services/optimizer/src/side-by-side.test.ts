import { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControllerState, DetectionState, DetectorActuation, Instant, Site, StagePlan } from '@songxanh/core';
import {
  adaptivePlanner,
  after,
  before,
  detect,
  instant,
  milliseconds,
  reportController,
  seconds,
  startController,
  startDetection,
  step,
} from '@songxanh/core';
import { createLog } from '@songxanh/platform';
import type { RedisServer, ToldOutflow } from '@songxanh/store';
import { beat, channels, findRedisBinary, openStore, startRedisServer, subscribeLive, waitForStore } from '@songxanh/store';
import type { Answer, FollowResponse, JunctionObservationMessage } from '@songxanh/wire';
import { encodeObservation, parseAnswer, parseSite } from '@songxanh/wire';
import type { OptimizerApp } from './app.ts';
import { buildApp } from './app.ts';

// Wall time for a crowded machine; it takes some 10 s of processor time.
jest.setTimeout(120_000);

const FOLDER = join(__dirname, '../../../scenarios/corridor/sites');
/** Four neighbours in a row, each of which sends traffic to the next. */
const SITES: readonly Site[] = readdirSync(FOLDER)
  .sort()
  .slice(0, 4)
  .map((file) => {
    const site = parseSite(readFileSync(join(FOLDER, file), 'utf8'), file);
    if (!site.ok) throw new Error(site.message);
    return site.value;
  });
/** Start-up takes some 10 s; behind it plans follow from what is on the way between junctions. */
const STREET_S = 40;
const HANOI_7 = 1_795_392_000_000;

interface Street {
  readonly site: Site;
  controller: ControllerState;
  detection: DetectionState;
  plans: StagePlan[];
}

/** Each loop has its own rhythm, a platoon and a pause. */
const traffic = (site: Site, now: Instant, second: number): readonly DetectorActuation[] =>
  site.detectors.flatMap(({ id }, i) =>
    (second + 3 * i) % 20 < 12 && (second + i) % 2 === 0
      ? [
          { detector: id, at: before(now, milliseconds(600)), on: true },
          { detector: id, at: now, on: false },
        ]
      : [],
  );

/** One second of one junction: what its owner among the optimizers is told. */
const see = (street: Street, now: Instant, second: number): JunctionObservationMessage => {
  const { site } = street;
  const actuations = traffic(site, now, second);
  const input = { now, actuations, plans: street.plans, overrides: [], failedDetectors: [], cabinetFault: false };
  street.controller = step(site, street.controller, input).state;
  const report = { junction: site.id, sequence: second, from: before(now, seconds(1)), to: now, actuations };
  const { state, outcome } = detect(site, street.detection, report);
  street.detection = state;
  if (!outcome.ok) throw new Error(outcome.message);
  return encodeObservation({ epoch: 1, counts: outcome.value, signals: reportController(site, street.controller) });
};

const withRedis = findRedisBinary() === undefined ? describe.skip : describe;

withRedis('optimizers side by side (needs redis-server or valkey-server on this machine)', () => {
  let dir: string;
  let redis: RedisServer;
  const closers: (() => Promise<void> | void)[] = [];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'songxanh-side-'));
    redis = await startRedisServer(dir);
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Every answer of the street, the optimizers being told in turn; with `exchange` they hear each other. */
  const minute = async (names: readonly string[], exchange: boolean): Promise<readonly string[]> => {
    const answers: Answer[] = [];
    const stores = await Promise.all(
      names.map(async (name) => {
        const store = openStore(redis.url);
        closers.push(store.close);
        await waitForStore(store, 5000);
        // For longer than the test lasts: who owns what is settled before the street begins.
        await beat(store, { kind: 'optimizer', name, address: name, pid: 1, detail: '' }, 60_000);
        return store;
      }),
    );
    const owners = await Promise.all(
      names.map(async (name, i): Promise<{ readonly app: OptimizerApp; readonly owned: () => readonly string[] }> => {
        let owned: readonly string[] = [];
        const app = buildApp({
          sites: SITES,
          planner: adaptivePlanner(),
          store: stores[i]!,
          self: { name, address: name },
          log: createLog('test', 'silent'),
          subscribe: (junctions) => {
            owned = junctions;
          },
        });
        if (exchange)
          subscribeLive(stores[i]!, channels.outflow, (told) => {
            app.takeOutflow(told as readonly ToldOutflow[]);
          });
        const call = Object.assign(new EventEmitter(), {
          write: (response: FollowResponse) => {
            for (const message of response.answers) {
              const answer = parseAnswer(message);
              if (answer.ok && answer.value.word.kind !== 'redirect') answers.push(answer.value);
            }
          },
        });
        (app.handlers.PlanService['Follow'] as unknown as (c: unknown) => void)(call);
        call.emit('data', { agent: 'agent', junctions: SITES.map(({ id }) => id), outcomes: [] });
        await app.start();
        closers.push(app.stop);
        return { app, owned: () => owned };
      }),
    );
    // A lease that somebody who has just left still held runs out first.
    const dealt = (): boolean =>
      owners.every(({ app, owned }) => app.owned() > 0 && app.owned() === owned().length) &&
      owners.reduce((sum, { app }) => sum + app.owned(), 0) === SITES.length;
    while (!dealt()) await new Promise((resolve) => setTimeout(resolve, 20));
    let now = instant(HANOI_7);
    const streets = SITES.map((site): Street => ({
      site,
      controller: startController(site, now),
      detection: startDetection(site),
      plans: [],
    }));
    for (let second = 1; second <= STREET_S; second += 1) {
      now = after(now, seconds(1));
      const seen = streets.map((street) => see(street, now, second));
      const given = answers.length;
      // The first is told first in one second, last in the next.
      for (const { app, owned } of second % 2 === 0 ? owners : [...owners].reverse())
        app.takeObservations(seen.filter(({ junction }) => owned().includes(junction)));
      while (answers.length < given + SITES.length) await new Promise((resolve) => setTimeout(resolve, 1));
      for (const street of streets)
        street.plans = answers
          .slice(given)
          .flatMap(({ junction, word }) => (junction === street.site.id && word.kind === 'plan' ? [word.plan] : []));
    }
    return answers.map((answer) => JSON.stringify(answer)).sort();
  };

  it('give the answers that one alone gives, because each hears what the neighbours of its junctions send on', async () => {
    const alone = await minute(['one'], true);
    for (const close of closers.splice(0).reverse()) await close();
    expect(await minute(['one', 'two'], true)).toEqual(alone);
    for (const close of closers.splice(0).reverse()) await close();
    expect(await minute(['one', 'two'], false)).not.toEqual(alone);
  });
});
