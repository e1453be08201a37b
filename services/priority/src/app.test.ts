import type { ClientDuplexStream } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';
import bindings from 'gtfs-realtime-bindings';
import { after, seconds, type Instant } from '@songxanh/core';
import { dial, EdgeError, serve } from '@songxanh/platform';
import {
  encodePriorityRequest,
  parsePriorityRequest,
  type AskRequest,
  type AskResponse,
  type PriorityRequestMessage,
  type PriorityStatus,
} from '@songxanh/wire';
import type { Client, FindClient } from './access/clients.ts';
import { openTestStreet, type TestStreet } from './testing/corridor.ts';
import { pointAt } from './street/polyline.ts';
import { layLines, type Pattern } from './transit/lines.ts';
import { openStreetMap } from './street/street-map.ts';
import { readGtfs } from './transit/gtfs-static.ts';
import { corridor, GTFS } from './testing/corridor.ts';

const { FeedMessage } = bindings.transit_realtime;

// Eight controllers for some minutes; wall time for a crowded machine.
jest.setTimeout(30_000);

const CLIENTS: Readonly<Record<string, Client>> = {
  bus: { name: 'bus', classes: ['transit'] },
  other: { name: 'other', classes: ['transit'] },
  dispatch: { name: 'dispatch', classes: ['ambulance', 'fire'] },
};
const findClient: FindClient = (authorization) => {
  const found = CLIENTS[authorization?.replace('Bearer ', '') ?? ''];
  if (found === undefined) throw new EdgeError('unauthenticated', 'expected a token');
  return found;
};

let street: TestStreet;
let inbound: Pattern;
beforeEach(async () => {
  street = await openTestStreet({ findClient });
  const { network, sites } = await corridor();
  inbound = layLines(await readGtfs(GTFS), openStreetMap(network, sites), street.app.geo).patterns[0]!;
});
afterEach(() => street.app.http.close());

const request = (change: Record<string, unknown> = {}, arrivesS = 20): Record<string, unknown> => ({
  ...{ id: 'r1', junction: 'J1', vehicle: 'v1', vehicleClass: 'transit', laneIn: 'W0_J1_2', persons: 40 },
  earliestMs: street.now() + arrivesS * 1000,
  latestMs: street.now() + (arrivesS + 5) * 1000,
  ...change,
});
const call = async (
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  payload?: object,
  who = 'bus',
): Promise<{ code: number; body: PriorityStatus & Record<string, unknown> }> => {
  const answer = await street.app.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${who}` },
    ...(payload === undefined ? {} : { payload }),
  });
  return { code: answer.statusCode, body: answer.body === '' ? {} : answer.json() } as {
    code: number;
    body: PriorityStatus & Record<string, unknown>;
  };
};
const ask = (payload: object, who?: string) => call('POST', '/api/priority/requests', payload, who);
const refused = async (): Promise<Record<string, number>> =>
  (await call('GET', '/api/priority/health')).body['refused'] as Record<string, number>;

describe('a request by HTTP', () => {
  it('is taken, shown, and ended by its requester', async () => {
    expect(await ask(request())).toMatchObject({ code: 200, body: { id: 'r1', junction: 'J1', status: 'processing', reason: 'weighed' } });
    expect((await call('GET', '/api/priority/requests')).body).toMatchObject([{ id: 'r1', status: 'processing' }]);
    expect((await call('GET', '/api/priority/requests', undefined, 'other')).body).toEqual([]);
    expect(await call('DELETE', '/api/priority/requests/r1', undefined, 'other')).toMatchObject({ code: 404 });
    expect(await call('DELETE', '/api/priority/requests/r1')).toMatchObject({ code: 200, body: { reason: 'cancelled' } });
    expect((await call('GET', '/api/priority/requests')).body).toEqual([]);
  });

  it('lives on by updates and expires without them', async () => {
    await ask(request());
    street.pass(7);
    await ask(request());
    street.pass(7);
    expect((await call('GET', '/api/priority/requests')).body).toHaveLength(1);
    street.pass(3);
    expect((await call('GET', '/api/priority/requests')).body).toEqual([]);
  });

  it.each<readonly [string, () => Record<string, unknown>, number, string]>([
    ['of an unknown junction', () => request({ junction: 'J99' }), 422, 'unknown-junction'],
    ['on an unknown lane', () => request({ laneIn: 'nowhere_1' }), 422, 'unknown-approach'],
    ['on a lane of two groups without saying where to', () => request({ laneIn: 'W0_J1_1' }), 422, 'ambiguous-approach'],
    ['of an arrival that ends before it begins', () => request({ latestMs: street.now() + 1000 }), 400, 'malformed'],
    ['of an arrival in an hour', () => request({}, 3600), 422, 'too-far-ahead'],
    ['of a class its client may not ask for', () => request({ vehicleClass: 'ambulance' }), 403, 'not-authorised'],
    ['of a thousand persons', () => request({ persons: 1000 }), 400, 'malformed'],
  ])('%s is rejected, told why, and counted', async (_, body, code, reason) => {
    const answer = await ask(body());
    expect(answer).toMatchObject({ code, body: { status: 'rejected', reason } });
    expect(await refused()).toMatchObject({ [reason]: 1 });
  });

  it.each([
    ['a field is missing', { laneIn: undefined }, 'laneIn'],
    ['a field is misspelt', { lane_in: 'x' }, 'additional properties'],
    ['a number is a text', { earliestMs: '7' }, 'earliestMs'],
    ['the class is unknown', { vehicleClass: 'tram' }, 'vehicleClass'],
  ])('in which %s is a bad request that names it', async (_, change, message) => {
    const answer = await ask(request(change));
    expect(answer.code).toBe(400);
    expect(answer.body['message']).toContain(message);
  });

  it('needs a token', async () => {
    expect((await ask(request(), 'nobody')).code).toBe(401);
    expect((await call('POST', '/api/priority/positions', [], 'nobody')).code).toBeGreaterThanOrEqual(400);
  });

  it('of an id that its client has in hand for another vehicle is rejected; another client may use the same id', async () => {
    await ask(request());
    expect(await ask(request({ vehicle: 'v2' }))).toMatchObject({ code: 409, body: { reason: 'duplicate-id' } });
    expect(await ask(request({ vehicle: 'v2' }), 'other')).toMatchObject({ code: 200 });
  });

  it('is granted and told so when the plan in force has green at its arrival', async () => {
    const green = (): boolean => street.signals('J1').lamps.some(({ group, lamp }) => group === 'WT' && lamp === 'green');
    for (let i = 0; i < 130 && green(); i++) street.pass(1);
    for (let i = 0; i < 130 && !green(); i++) street.pass(1);
    await ask(request({ laneOut: 'J1_J2_2' }, 5));
    street.pass(1);
    expect((await call('GET', '/api/priority/requests')).body).toMatchObject([{ status: 'granted', reason: 'green-at-arrival' }]);
  });
});

it('a flood from one client is refused from its limit on, and nobody else notices', async () => {
  let wall = 0;
  await street.app.http.close();
  street = await openTestStreet({
    findClient,
    wallMs: () => wall,
    rates: { requests: { burst: 10, perS: 5 }, positions: { burst: 5, perS: 5 } },
  });
  const codes: number[] = [];
  for (let i = 0; i < 30; i++) codes.push((await ask(request({ id: `r${String(i)}`, vehicle: `v${String(i)}` }))).code);
  expect(codes.filter((code) => code === 429)).toHaveLength(20);
  expect(await ask(request(), 'other')).toMatchObject({ code: 200 });
  wall = 1000;
  expect((await ask(request({ id: 'late' }))).code).not.toBe(429);
  expect(await refused()).toMatchObject({ 'too-many-requests': 20 });
});

const position = (vehicle: string, distanceM: number, at: Instant, more: object = {}): Record<string, unknown> => ({
  vehicle,
  ...street.app.geo.toLonLat(pointAt(inbound.route.line, distanceM)),
  atMs: at,
  ...more,
});

describe('a bus by its positions', () => {
  it('asks at the junctions it comes to, and is over at each it has passed', async () => {
    const asked = new Set<string>();
    for (let m = 250; m < 560; m += 10) {
      street.pass(1);
      await call('POST', '/api/priority/positions', [position('b', m, street.now())]);
      street.pass(1);
      for (const { junction } of (await call('GET', '/api/priority/requests')).body as unknown as PriorityStatus[]) asked.add(junction);
    }
    expect([...asked].sort().slice(0, 2)).toEqual(['J1', 'J2']);
    const now = (await call('GET', '/api/priority/requests')).body as unknown as PriorityStatus[];
    expect(now.map(({ junction }) => junction)).toContain('J2');
    expect(now.map(({ junction }) => junction)).not.toContain('J1');
    expect((await call('GET', '/api/priority/vehicles')).body).toMatchObject([{ vehicle: 'b', line: '32' }]);
  });

  it('that is far off its street, of an unknown line, old or of tomorrow is told so; the others are taken', async () => {
    const now = street.now();
    const answers = (await call('POST', '/api/priority/positions', [
      { ...position('a', 300, now), lat: 21.1 },
      position('b', 300, now, { line: '99' }),
      position('c', 300, after(now, seconds(60))),
      position('d', 300, after(now, seconds(-300))),
      position('e', 300, now, { trip: 'nothing' }),
      position('f', 300, now),
    ])) as unknown as { body: PriorityStatus[] };
    expect(answers.body.map(({ reason }) => reason)).toEqual([
      'off-route',
      'unknown-line',
      'time-in-future',
      'too-old',
      'unknown-trip',
      'matched',
    ]);
    expect((await call('GET', '/api/priority/vehicles')).body).toHaveLength(1);
  });

  it('that falls silent asks no more', async () => {
    street.pass(1);
    await call('POST', '/api/priority/positions', [position('b', 300, street.now())]);
    street.pass(2);
    expect((await call('GET', '/api/priority/requests')).body).not.toEqual([]);
    street.pass(140);
    expect((await call('GET', '/api/priority/requests')).body).toEqual([]);
  });
});

describe('a GTFS-realtime feed that is pushed', () => {
  const push = async (at: Instant, entity: object[], who = 'bus'): Promise<PriorityStatus[]> => {
    const bytes = FeedMessage.encode(
      FeedMessage.fromObject({ header: { gtfsRealtimeVersion: '2.0', timestamp: at / 1000 }, entity }),
    ).finish();
    const answer = await street.app.http.inject({
      method: 'POST',
      url: '/api/priority/gtfs-realtime',
      headers: { authorization: `Bearer ${who}`, 'content-type': 'application/x-protobuf' },
      payload: Buffer.from(bytes),
    });
    return answer.json();
  };
  const vehicle = (id: string, distanceM: number, at: Instant): object => {
    const { lon, lat } = street.app.geo.toLonLat(pointAt(inbound.route.line, distanceM));
    return {
      id,
      vehicle: {
        vehicle: { id },
        trip: { tripId: 'bus32_in_6', routeId: '32' },
        position: { latitude: lat, longitude: lon },
        timestamp: at / 1000,
      },
    };
  };

  it('gives its vehicles priority as their positions do', async () => {
    expect(await push(street.now(), [vehicle('b', 300, street.now())])).toMatchObject([{ id: 'b', reason: 'matched' }]);
    street.pass(1);
    expect((await call('GET', '/api/priority/requests')).body).toContainEqual(expect.objectContaining({ junction: 'J1' }));
  });

  it('is refused when it repeats old data, and what is no feed at all too', async () => {
    await push(street.now(), []);
    expect(await push(street.now(), [vehicle('b', 300, street.now())])).toMatchObject([{ status: 'rejected', reason: 'feed-repeats' }]);
    const rubbish = await street.app.http.inject({
      method: 'POST',
      url: '/api/priority/gtfs-realtime',
      headers: { authorization: 'Bearer bus', 'content-type': 'application/x-protobuf' },
      payload: Buffer.from([9, 9, 9]),
    });
    expect(rubbish.json()).toMatchObject([{ reason: 'malformed-feed' }]);
    expect((await call('POST', '/api/priority/gtfs-realtime', { not: 'protobuf' })).code).toBe(400);
    expect(await refused()).toMatchObject({ 'feed-repeats': 1, 'malformed-feed': 1 });
  });
});

describe('by gRPC', () => {
  it('a stream asks, is answered, and hears of each change; without a token it is turned away', async () => {
    const served = await serve('127.0.0.1:0', street.app.handlers);
    const client = dial('PriorityService', served.address) as unknown as {
      Ask: (metadata: Metadata) => ClientDuplexStream<AskRequest, AskResponse>;
      close: () => void;
    };
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer bus');
    const stream = client.Ask(metadata);
    const heard: AskResponse[] = [];
    stream.on('data', (message: AskResponse) => heard.push(message));
    stream.on('error', () => undefined);
    const parsed = parsePriorityRequest({
      ...{ id: 'r1', junction: 'J1', vehicle: 'v1', vehicleClass: 1, laneIn: 'W0_J1_2', laneOut: '', persons: 40, line: '', stop: '' },
      earliestMs: street.now() + 20_000,
      latestMs: street.now() + 25_000,
    });
    if (!parsed.ok) throw new Error(parsed.message);
    const good = encodePriorityRequest(parsed.value);
    const bad: PriorityRequestMessage = { ...good, id: 'r2', vehicleClass: 42 };
    stream.write({ requests: [good, bad], cancels: ['never'], positions: [] });
    const until = async (holds: () => boolean): Promise<void> => {
      for (let i = 0; i < 300 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await until(() => heard.some(({ statuses }) => statuses.length === 3));
    expect(heard.find(({ statuses }) => statuses.length === 3)?.statuses.map(({ reason }) => reason)).toEqual([
      'weighed',
      'malformed',
      'unknown-request',
    ]);
    street.pass(1);
    const before = heard.length;
    stream.write({ requests: [], cancels: ['r1'], positions: [] });
    await until(() => heard.length > before);
    expect(heard.at(-1)?.statuses).toMatchObject([{ id: 'r1', reason: 'cancelled' }]);

    const stranger = client.Ask(new Metadata());
    const error = await new Promise<{ code?: number }>((resolve) => stranger.on('error', resolve));
    expect(error.code).toBe(16);
    stream.cancel();
    client.close();
    await served.stop();
  });
});

describe('an emergency vehicle', () => {
  const wave = (change: object = {}): object => ({
    vehicle: 'fire-1',
    vehicleClass: 'fire',
    from: street.app.geo.toLonLat(pointAt(inbound.route.line, 10)),
    to: street.app.geo.toLonLat(pointAt(inbound.route.line, 3100)),
    ...change,
  });

  it('gets a way over the signal network, which the answer says, with its time at each junction', async () => {
    const answer = await call('POST', '/api/priority/emergencies', wave(), 'dispatch');
    expect(answer).toMatchObject({ code: 201, body: { vehicle: 'fire-1', route: { source: 'signal-network' } } });
    const junctions = answer.body['junctions'] as { junction: string; etaMs: number }[];
    expect(junctions.map(({ junction }) => junction)).toEqual(['J1', 'J2', 'J3', 'J4', 'J5', 'J6', 'J7', 'J8']);
    expect(junctions.every(({ etaMs }, i) => i === 0 || etaMs > junctions[i - 1]!.etaMs)).toBe(true);
  });

  it.each<readonly [string, object, string, number, RegExp]>([
    ['of a client without the right', {}, 'bus', 403, /not-authorised/],
    ['of a class that only asks', { vehicleClass: 'transit' }, 'dispatch', 403, /not-authorised/],
    ['from nowhere near a street', { from: { lon: 105.7, lat: 21.2 } }, 'dispatch', 422, /no-route/],
    ['without a destination', { to: undefined }, 'dispatch', 400, /'to'/],
  ])('%s is refused', async (_, change, who, code, message) => {
    const answer = await call('POST', '/api/priority/emergencies', wave(change), who);
    expect(answer.code).toBe(code);
    expect(answer.body['message']).toMatch(message);
  });

  it('is not sent twice, and ends for its own client only', async () => {
    await call('POST', '/api/priority/emergencies', wave(), 'dispatch');
    expect((await call('POST', '/api/priority/emergencies', wave(), 'dispatch')).code).toBe(409);
    expect((await call('DELETE', '/api/priority/emergencies/fire-1')).code).toBe(404);
    expect((await call('DELETE', '/api/priority/emergencies/fire-1', undefined, 'dispatch')).code).toBe(204);
  });
});
