import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';
import type { Site } from '@songxanh/core';
import { junctionId, reportController, startController, instant } from '@songxanh/core';
import type { Served } from '@songxanh/platform';
import { createLog, dial, serve } from '@songxanh/platform';
import type {
  JunctionReportMessage,
  ReportOutcomeMessage,
  ReportRequest,
  ReportResponse,
  SubscribeRequest,
  SubscribeResponse,
} from '@songxanh/wire';
import { encodeSignalState, parseSite } from '@songxanh/wire';
import type { DetectorsApp } from './app.ts';
import { buildApp } from './app.ts';

const SITE_FILE = join(__dirname, '../../../scenarios/one-junction/sites/A.site.json');
const readSite = (): Site => {
  const site = parseSite(readFileSync(SITE_FILE, 'utf8'), SITE_FILE);
  if (!site.ok) throw new Error(site.message);
  return site.value;
};

const site = readSite();
const other: Site = { ...site, id: junctionId('B') };
const loop = site.detectors.find(({ role }) => role === 'stop-line')!.id;

const report = (of: Site, sequence: number, change: Partial<JunctionReportMessage> = {}): JunctionReportMessage => ({
  junction: of.id,
  sequence,
  epoch: 7,
  fromMs: sequence * 1000,
  toMs: sequence * 1000 + 1000,
  actuations: [],
  signals: encodeSignalState(reportController(of, startController(of, instant(sequence * 1000 + 1000)))),
  events: [],
  cabinet: null,
  ...change,
});

type Report = (reports: readonly JunctionReportMessage[]) => Promise<readonly ReportOutcomeMessage[]>;

describe('the detector service', () => {
  let app: DetectorsApp;
  let served: Served;
  let client: Client;
  let stream: ClientDuplexStream<ReportRequest, ReportResponse>;
  let send: Report;

  beforeEach(async () => {
    app = buildApp({ sites: [site, other], log: createLog('test', 'silent'), store: undefined });
    served = await serve('127.0.0.1:0', app.handlers);
    client = dial('DetectionService', served.address);
    const methods = client as unknown as { Report: () => typeof stream };
    stream = methods.Report();
    stream.on('error', () => undefined);
    send = (reports) =>
      new Promise((resolve) => {
        stream.once('data', ({ outcomes }: ReportResponse) => {
          resolve(outcomes);
        });
        stream.write({ agent: 'agent', reports });
      });
  });
  afterEach(async () => {
    stream.cancel();
    client.close();
    await served.stop();
  });

  const subscribe = (junctions: readonly string[]): ClientReadableStream<SubscribeResponse> => {
    const methods = client as unknown as { Subscribe: (request: SubscribeRequest) => ClientReadableStream<SubscribeResponse> };
    const call = methods.Subscribe({ subscriber: 'optimizer', junctions });
    call.on('error', () => undefined);
    return call;
  };
  const next = (call: ClientReadableStream<SubscribeResponse>): Promise<SubscribeResponse> =>
    new Promise((resolve) => {
      call.once('data', resolve);
    });
  const connected = (call: ClientReadableStream<SubscribeResponse>): Promise<void> =>
    new Promise((resolve) => {
      call.once('metadata', () => {
        resolve();
      });
    });

  it('acknowledges reports and passes their counts on to who subscribed to the junction', async () => {
    const all = subscribe([]);
    const one = subscribe(['B']);
    await Promise.all([connected(all), connected(one)]);
    const [seenByAll, seenByOne] = [next(all), next(one)];
    const actuations = [
      { detector: loop, atMs: 1200, on: true },
      { detector: loop, atMs: 1600, on: false },
    ];
    const outcomes = await send([report(site, 1, { actuations }), report(other, 1)]);
    expect(outcomes.map(({ junction, refusal }) => [junction, refusal])).toEqual([
      ['A', null],
      ['B', null],
    ]);
    const { observations } = await seenByAll;
    expect(observations.map(({ junction }) => junction)).toEqual(['A', 'B']);
    expect(observations[0]?.counts.find(({ detector }) => detector === loop)).toMatchObject({ count: 1, occupiedMs: 400, on: false });
    expect((await seenByOne).observations.map(({ junction }) => junction)).toEqual(['B']);
    all.cancel();
    one.cancel();
  });

  it('gives a new subscriber the newest observation of each of its junctions', async () => {
    await send([report(site, 1)]);
    await send([report(site, 2)]);
    const late = subscribe(['A']);
    expect((await next(late)).observations.map(({ junction, sequence }) => [junction, sequence])).toEqual([['A', 2]]);
    late.cancel();
  });

  it.each<[string, Partial<JunctionReportMessage>, string]>([
    ['without signals', { signals: null }, 'malformed'],
    ['of a junction nobody knows', { junction: 'Z' }, 'unknown-junction'],
    ['that ends before it begins', { fromMs: 9000, toMs: 1000 }, 'malformed'],
    ['without a sequence number', { sequence: 0 }, 'malformed'],
    ['with an actuation of no detector', { actuations: [{ detector: '', atMs: 1500, on: true }] }, 'malformed'],
  ])('refuses a report %s with a counted reason and loses nothing else', async (_, change, reason) => {
    const [bad, good] = await send([report(site, 1, change), report(other, 1)]);
    expect(bad?.refusal?.reason).toBe(reason);
    expect(bad?.refusal?.message).not.toBe('');
    expect(good?.refusal).toBeNull();
    expect(app.tally()).toEqual({ [reason]: 1 });
    const [after] = await send([report(site, 1)]);
    expect(after?.refusal).toBeNull();
  });

  it('refuses a report that comes again or out of order, and takes the next one', async () => {
    await send([report(site, 1)]);
    await send([report(site, 2)]);
    const [again] = await send([report(site, 2)]);
    const [old] = await send([report(site, 1)]);
    const [next_] = await send([report(site, 3)]);
    expect(again?.refusal).not.toBeNull();
    expect(old?.refusal).not.toBeNull();
    expect(next_?.refusal).toBeNull();
  });

  it('takes up the sequence wherever it stands after its own restart, and from 1 after the agent’s', async () => {
    const [first] = await send([report(site, 500)]);
    expect(first?.refusal).toBeNull();
    const [restarted] = await send([report(site, 1, { epoch: 8 })]);
    expect(restarted?.refusal).toBeNull();
  });

  it('repairs a stamp between tenths of a second and says so', async () => {
    const [outcome] = await send([report(site, 1, { actuations: [{ detector: loop, atMs: 1234, on: true }] })]);
    expect(outcome?.refusal).toBeNull();
    expect(outcome?.repaired).not.toEqual([]);
    expect(Object.keys(app.tally())).toEqual(outcome?.repaired);
  });
});
