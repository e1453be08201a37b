import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  after,
  instant,
  readDemand,
  reportController,
  requestId,
  seconds,
  startController,
  startDemand,
  step,
  type ActiveRequest,
  type Instant,
  type JunctionDemand,
  type Planner,
  type Site,
} from '@songxanh/core';
import { parseSite } from '@songxanh/wire';
import { openRequestWatch, type RequestNews } from './request-watch.ts';

const SITE_FILE = join(__dirname, '../../../scenarios/one-junction/sites/A.site.json');
const parsed = parseSite(readFileSync(SITE_FILE, 'utf8'), SITE_FILE);
if (!parsed.ok) throw new Error(parsed.message);
const site: Site = parsed.value;
const BEGIN = instant(Date.UTC(2026, 0, 5));
const at = (s: number): Instant => after(BEGIN, seconds(s));

/** The controller's own plan, whoever asks. */
const idle: Planner = ({ now }) => ({
  plan: undefined,
  record: { junction: site.id, at: now, method: 'test', reason: 'hold', chosen: { steps: [], cost: 0 }, alternatives: [], seen: [] },
});
const movement = site.movements.find(({ turn }) => turn === 'through')!;
const request = (id: string, change: Partial<ActiveRequest> = {}): ActiveRequest => ({
  id: requestId(id),
  group: movement.group,
  lane: movement.fromLane,
  earliest: at(20),
  latest: at(24),
  weight: 40,
  ...change,
});

/** Seconds of a junction under its time-of-day plan, with people waiting on every lane. */
const run = (
  watch: ReturnType<typeof openRequestWatch>,
  from: number,
  to: number,
  lists: (s: number) => readonly ActiveRequest[],
): RequestNews[] => {
  let controller = startController(site, at(-60));
  const news: RequestNews[] = [];
  for (let s = -59; s < to; s++) {
    const now = at(s);
    controller = step(site, controller, { now, actuations: [], plans: [], overrides: [], failedDetectors: [], cabinetFault: false }).state;
    const signals = reportController(site, controller);
    const empty = readDemand(site, startDemand(site, now), now);
    const demand: JunctionDemand = {
      ...empty,
      lanes: empty.lanes.map((lane) => ({ ...lane, arrivals: [{ at: now, pcu: 0.3, persons: 2, stopped: false }] })),
    };
    if (s >= from) {
      watch.put(now, lists(s));
      news.push(...watch.compare({ now, signals, demand, actuations: [] }));
    }
  }
  return news;
};

test('each request is compared once and told when the street has settled behind it', () => {
  const watch = openRequestWatch(site, idle);
  const news = run(watch, 0, 330, (s) => (s < 30 ? [request('a'), request('b')] : []));
  expect(news.map(({ proof, exhausted }) => [proof.request, exhausted])).toEqual([
    ['a', false],
    ['b', false],
  ]);
  // Nothing was done for them, so nothing was saved and nobody paid.
  for (const { proof } of news) expect(proof).toMatchObject({ savedS: 0, costPersonS: 0 });
});

test('no more than three are compared at a time; all are weighed', () => {
  const watch = openRequestWatch(site, idle);
  const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => request(id));
  const news = run(watch, 0, 330, (s) => (s < 30 ? six : []));
  expect(news).toHaveLength(3);
  watch.put(at(0), six);
  expect(watch.weighed(at(0))).toHaveLength(6);
});

test('a list that nobody renews is weighed no more', () => {
  const watch = openRequestWatch(site, idle);
  watch.put(at(0), [request('a')]);
  expect(watch.weighed(at(8))).toHaveLength(1);
  expect(watch.weighed(at(9))).toEqual([]);
});

test('a request that has cost the others more than its cap is weighed no more, and told so once', () => {
  const watch = openRequestWatch(site, idle);
  // The idle planner costs nobody anything: a cap below nothing stands for any that is passed.
  const news = run(watch, 0, 5, () => [request('a', { costCapPersonS: -1 }), request('b', { costCapPersonS: 0 })]);
  expect(news.map(({ proof, exhausted }) => [proof.request, exhausted])).toEqual([['a', true]]);
  expect(watch.weighed(at(4)).map(({ id }) => id)).toEqual(['b']);
});
