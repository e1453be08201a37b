import type { AddressInfo } from 'node:net';
import type { Client, ClientDuplexStream } from '@grpc/grpc-js';
import WebSocket from 'ws';
import type { Served } from '@songxanh/platform';
import { dial, serve } from '@songxanh/platform';
import type { LiveMessage, OverrideAttachRequest, OverrideAttachResponse, OverrideView } from '@songxanh/wire';
import { encodeSignalState } from '@songxanh/wire';
import { liveSignals } from './live/live-signals.ts';
import { openTestGateway, PREEMPTION_TOKEN, site, startState as state, TOKEN, type TestGateway } from './testing/test-gateway.ts';

const eventually = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 250 && !holds(); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(holds()).toBe(true);
};

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await openTestGateway();
});
afterEach(async () => {
  await gateway.close();
});

const authorization = `Bearer ${TOKEN}`;
const wish = { action: { kind: 'hold' }, reason: 'parade', by: 'Lan', durationS: 60 };
const give = (body: unknown, headers: Record<string, string> = { authorization }, id = site.id as string) =>
  gateway.server.inject({ method: 'POST', url: `/api/junctions/${id}/overrides`, headers, payload: body as object });

describe('reading', () => {
  it('shows a junction with its plan, its signals and what was promised', async () => {
    gateway.board.putSignals(site.id, liveSignals(site, state));
    const { statusCode, body } = await gateway.server.inject(`/api/junctions/${site.id}`);
    expect(statusCode).toBe(200);
    const detail = JSON.parse(body) as { groups: unknown[]; signals: { lamps: string }; plan: { steps: unknown[] } };
    expect(detail.signals.lamps).toHaveLength(site.groups.length);
    expect(detail.plan.steps).toHaveLength(state.plan.steps.length);
  });

  it.each(['/api/scenario', '/api/network', '/api/junctions', '/api/health', '/api/kpis', '/api/overrides', '/api/docs/'])(
    'answers %s',
    async (url) => {
      expect((await gateway.server.inject(url)).statusCode).toBe(200);
    },
  );

  it('describes every route in OpenAPI, the writing ones behind the token', async () => {
    const { body } = await gateway.server.inject('/api/openapi.json');
    const { paths } = JSON.parse(body) as { paths: Record<string, Record<string, { security?: unknown }>> };
    const writes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) =>
        method === 'get' ? [] : [[`${method} ${path}`, JSON.stringify(security)] as const],
      ),
    );
    // Whoever makes a session or a report has none yet; the password route asks for the old one.
    const open = writes.filter(([, security]) => security === undefined).map(([route]) => route);
    expect(open.sort()).toEqual(['delete /api/session', 'post /api/public/reports', 'post /api/session', 'post /api/session/password']);
    expect(writes.length).toBeGreaterThan(15);
    expect(paths['/api/junctions/{id}/overrides']?.['post']?.security).toEqual([{ token: [] }]);
  });

  it('says what is not there', async () => {
    const { statusCode, body } = await gateway.server.inject('/api/junctions/nowhere');
    expect(statusCode).toBe(404);
    expect(JSON.parse(body)).toEqual({ error: 'not-found', message: 'no junction "nowhere"' });
    expect((await gateway.server.inject('/nothing')).statusCode).toBe(404);
  });

  it('allows no other origin to read', async () => {
    const { headers } = await gateway.server.inject({ url: '/api/junctions', headers: { origin: 'https://elsewhere.example' } });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('overrides', () => {
  it('takes an override with the token and gives it an end in street time', async () => {
    const response = await give(wish);
    expect(response.statusCode).toBe(201);
    expect(JSON.parse(response.body)).toMatchObject({ junction: site.id, source: 'operator', expires: state.at + 60_000 });
    expect(gateway.desk.list()).toHaveLength(1);
  });

  it.each([
    ['no token', {}],
    ['another token', { authorization: `Bearer ${'0'.repeat(48)}` }],
    ['a shorter token', { authorization: 'Bearer c0ffee' }],
    ['the token without Bearer', { authorization: TOKEN }],
  ])('takes none with %s', async (_, headers) => {
    expect((await give(wish, headers as Record<string, string>)).statusCode).toBe(401);
    expect(
      (await gateway.server.inject({ method: 'POST', url: `/api/junctions/${site.id}/reset`, headers: headers as Record<string, string> }))
        .statusCode,
    ).toBe(401);
    expect(
      (await gateway.server.inject({ method: 'DELETE', url: '/api/overrides/x', headers: headers as Record<string, string> })).statusCode,
    ).toBe(401);
    expect(gateway.desk.list()).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no reason', { ...wish, reason: undefined }, 'body/reason'],
    ['a time that is no number', { ...wish, durationS: '60' }, 'body/durationS'],
    ['more than four hours', { ...wish, durationS: 14_401 }, 'body/durationS'],
    ['an action nobody knows', { ...wish, action: { kind: 'dance' } }, 'body/action'],
    ['a stage action without a stage', { ...wish, action: { kind: 'stage' } }, 'body/action/stage'],
    ['a stage the junction does not have', { ...wish, action: { kind: 'stage', stage: 'Z9' } }, 'body/action/stage'],
    ['a plan the junction does not have', { ...wish, action: { kind: 'plan', name: 'Z9' } }, 'body/action/name'],
    ['a source above the operator', { ...wish, source: 'safety' }, 'body/source'],
    ['a field that does not exist', { ...wish, extra: 1 }, 'body'],
  ])('refuses %s and says where', async (_, body, where) => {
    const response = await give(body);
    expect(response.statusCode).toBe(400);
    const { error, message } = JSON.parse(response.body) as { error: string; message: string };
    expect(error).toBe('bad-input');
    expect(message).toContain(where);
    expect(gateway.desk.list()).toEqual([]);
  });

  it('refuses while the street time of the junction is unknown', async () => {
    gateway.state = undefined;
    expect((await give(wish)).statusCode).toBe(409);
  });

  it('releases an override once', async () => {
    const { id } = JSON.parse((await give(wish)).body) as OverrideView;
    const remove = () => gateway.server.inject({ method: 'DELETE', url: `/api/overrides/${id}`, headers: { authorization } });
    expect((await remove()).statusCode).toBe(204);
    expect((await remove()).statusCode).toBe(404);
  });
});

describe('emergency preemption', () => {
  const asPriority = { authorization: `Bearer ${PREEMPTION_TOKEN}` };
  const stage = site.stages[0]?.id;
  const preemption = { ...wish, action: { kind: 'stage', stage }, source: 'emergency-preemption', by: 'priority' };
  const remove = (id: string, headers: Record<string, string>) =>
    gateway.server.inject({ method: 'DELETE', url: `/api/overrides/${id}`, headers });

  it('is taken from the priority service, journaled, and released by it', async () => {
    const response = await give(preemption, asPriority);
    expect(response.statusCode).toBe(201);
    const { id, source, expires } = JSON.parse(response.body) as OverrideView;
    expect({ source, expires }).toEqual({ source: 'emergency-preemption', expires: state.at + wish.durationS * 1000 });
    expect((await remove(id, asPriority)).statusCode).toBe(204);
    expect(gateway.room.journal.since(0)).toMatchObject([
      {
        kind: 'command-given',
        by: 'machine:priority',
        junction: site.id,
        detail: expect.stringContaining('emergency-preemption') as string,
      },
      { kind: 'command-released', by: 'machine:priority', junction: site.id },
    ]);
  });

  it.each<[string, object, Record<string, string> | undefined]>([
    ['emergency preemption with the token for machines', preemption, undefined],
    ["an operator's override with the token of the priority service", wish, asPriority],
    ['manual control with the token of the priority service', { ...wish, source: 'manual' }, asPriority],
  ])('is apart from all else: %s is forbidden and journaled', async (_, body, headers) => {
    expect((await give(body, headers)).statusCode).toBe(403);
    expect(gateway.desk.list()).toEqual([]);
    expect(gateway.room.journal.since(0)).toMatchObject([{ kind: 'command-refused', outcome: 'refused' }]);
  });

  it.each<[string, object]>([
    ['no stage', { kind: 'flash' }],
    ['a stage the junction does not have', { kind: 'stage', stage: 'Z9' }],
  ])('is refused with %s', async (_, action) => {
    expect((await give({ ...preemption, action }, asPriority)).statusCode).toBe(400);
    expect(gateway.desk.list()).toEqual([]);
  });

  it('gives its token no other power', async () => {
    const { id } = JSON.parse((await give(wish)).body) as OverrideView;
    expect((await remove(id, asPriority)).statusCode).toBe(403);
    const reset = await gateway.server.inject({ method: 'POST', url: `/api/junctions/${site.id}/reset`, headers: asPriority });
    expect(reset.statusCode).toBe(401);
    expect(gateway.desk.list()).toHaveLength(1);
  });
});

describe('agents at the gateway', () => {
  let served: Served;
  let client: Client;
  let call: ClientDuplexStream<OverrideAttachRequest, OverrideAttachResponse>;
  let heard: OverrideAttachResponse[];

  beforeEach(async () => {
    served = await serve('127.0.0.1:0', gateway.desk.handlers);
    client = dial('OverrideService', served.address);
    call = (client as unknown as { Attach: () => typeof call }).Attach();
    heard = [];
    call.on('data', (response: OverrideAttachResponse) => heard.push(response));
    call.on('error', () => undefined);
    call.write({ agent: 'agent', junctions: [site.id], states: [], outcomes: [] });
    await eventually(() => heard.length === 1);
  });
  afterEach(async () => {
    call.cancel();
    client.close();
    await served.stop();
  });

  it('hear of each override as it is given and released', async () => {
    const { id } = JSON.parse((await give(wish)).body) as OverrideView;
    await eventually(() => heard.at(-1)?.overrides.length === 1);
    expect(heard.at(-1)?.overrides[0]).toMatchObject({ id, junction: site.id, hold: true, by: 'machine:Lan' });
    await gateway.server.inject({ method: 'DELETE', url: `/api/overrides/${id}`, headers: { authorization } });
    await eventually(() => heard.at(-1)?.overrides.length === 0);
    expect(gateway.desk.agents()).toEqual([{ agent: 'agent', junctions: 1 }]);
  });

  it('end an override by their word, and by their street time when it is over', async () => {
    const first = JSON.parse((await give(wish)).body) as OverrideView;
    call.write({
      agent: 'agent',
      junctions: [],
      states: [],
      outcomes: [{ override: first.id, junction: site.id, outcome: 'refused', message: 'no such stage' }],
    });
    await eventually(() => gateway.desk.list().length === 0);
    await give(wish);
    call.write({ agent: 'agent', junctions: [], states: [{ ...encodeSignalState(state), atMs: state.at + 60_000 }], outcomes: [] });
    await eventually(() => gateway.desk.list().length === 0);
    const kinds = gateway.room.journal.since(0).map(({ kind }) => kind);
    expect(kinds).toEqual(['command-given', 'override-refused', 'command-given', 'override-expired']);
  });
});

describe('the live feed', () => {
  const listen = async (query = '', headers: Record<string, string> = {}): Promise<{ socket: WebSocket; heard: LiveMessage[] }> => {
    if (!gateway.server.server.listening) await gateway.server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = gateway.server.server.address() as AddressInfo;
    const socket = new WebSocket(`ws://127.0.0.1:${String(port)}/live${query}`, { headers });
    const heard: LiveMessage[] = [];
    socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as LiveMessage));
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return { socket, heard };
  };
  const step = (at: number): void => {
    gateway.board.putSignals(site.id, { ...liveSignals(site, state), at, worstWaitS: at });
    gateway.broadcast.send(gateway.board.takeDelta()!);
  };

  it('sends a snapshot, then each change, and to a client that comes back what it missed', async () => {
    const first = await listen();
    await eventually(() => first.heard.length === 1 && gateway.broadcast.clients() === 1);
    step(1);
    step(2);
    await eventually(() => first.heard.length === 3);
    expect(first.heard.map(({ type, seq }) => [type, seq])).toEqual([
      ['snapshot', 0],
      ['delta', 1],
      ['delta', 2],
    ]);
    first.socket.terminate();
    await eventually(() => gateway.broadcast.clients() === 0);
    step(3);
    const again = await listen('?since=2');
    await eventually(() => again.heard.length === 1);
    expect(again.heard[0]).toMatchObject({ type: 'delta', seq: 3 });
    again.socket.terminate();
  });

  it('refuses a page of another origin, and a resume point that is no number', async () => {
    await expect(listen('', { origin: 'https://elsewhere.example' })).rejects.toThrow('403');
    await expect(listen('?since=yesterday')).rejects.toThrow('400');
  });
});
