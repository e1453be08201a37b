import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import WebSocket from 'ws';
import type { Playbook } from '@songxanh/core';
import { instant } from '@songxanh/core';
import type { CommandAnswer, JournalEntry, PreviewView, RoomMessage, TrafficPreview } from '@songxanh/wire';
import { observedMinutes } from '../testing/observed-minutes.ts';
import { openTestGateway, PASSWORD, site, startState, TOKEN, type TestGateway } from '../testing/test-gateway.ts';

const words = (en: string) => ({ en, vi: en });
const drillBook: Playbook = {
  id: 'flood',
  title: words('Flood'),
  class: 'emergency',
  contacts: ['114'],
  triggers: [{ metric: 'worst-wait-s', above: 300, forS: 0 }],
  steps: [
    {
      title: words('Stop'),
      actor: 'operator',
      deadlineS: 60,
      signals: { junctions: [site.id], action: { kind: 'all-red' }, durationS: 60 },
    },
    { title: words('Call 114'), actor: 'duty-officer', deadlineS: 120 },
  ],
  end: words('dry'),
};

let gateway: TestGateway;
const cookies: Record<string, string> = {};

// One gateway for all: making a password's hash is slow by design.
beforeAll(async () => {
  gateway = await openTestGateway({ twoPerson: ['flash'], playbooks: [drillBook] });
  await gateway.addAccount('lan', 'operator');
  await gateway.addAccount('minh', 'operator');
  await gateway.addAccount('hoa', 'duty-officer');
  await gateway.addAccount('tuan', 'operator', ['elsewhere']);
  await gateway.addAccount('an', 'auditor');
  for (const name of ['lan', 'minh', 'hoa', 'tuan', 'an']) cookies[name] = await gateway.signIn(name);
}, 240_000);
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.state = startState;
  for (const name of ['lan', 'minh', 'hoa']) gateway.presenceOf(name, true);
});
afterEach(() => {
  for (const { junction, holder } of gateway.room.locks.list())
    gateway.room.locks.release([junction], { name: holder, role: 'operator', area: ['*'] });
  for (const name of ['lan', 'minh', 'hoa']) gateway.presenceOf(name, false);
});

const post = async (who: string, url: string, payload: unknown, headers: Record<string, string> = {}) => {
  const { statusCode, body } = await gateway.server.inject({
    method: 'POST',
    url,
    headers: { cookie: cookies[who] ?? '', ...headers },
    payload: payload as object,
  });
  return { status: statusCode, body: (body === '' ? {} : JSON.parse(body)) as Record<string, unknown> };
};
const lock = (who: string, more: object = {}) =>
  post(who, '/api/locks', { junctions: [site.id], reason: 'parade', durationS: 600, ...more });
const command = (who: string, action: object, more: object = {}) =>
  post(who, '/api/commands', { junctions: [site.id], action, reason: 'parade', durationS: 300, ...more });
const lastEntry = (): JournalEntry | undefined => gateway.room.journal.since(0).at(-1);

describe('signing in', () => {
  test('needs the password, tells nothing of which names exist, and keeps the cookie from scripts and other sites', async () => {
    const { headers } = await gateway.server.inject({ method: 'POST', url: '/api/session', payload: { name: 'lan', password: PASSWORD } });
    expect(headers['set-cookie']).toMatch(/HttpOnly; SameSite=Strict/);
    const wrong = await post('', '/api/session', { name: 'minh', password: 'wrong password' });
    const nobody = await post('', '/api/session', { name: 'nobody', password: 'wrong password' });
    expect([wrong.status, wrong.body]).toEqual([nobody.status, nobody.body]);
    expect(wrong.status).toBe(401);
  }, 20_000);

  test('waits after five wrong passwords, also for the right one', async () => {
    for (let i = 0; i < 5; i += 1) await post('', '/api/session', { name: 'tuan', password: `wrong password ${String(i)}` });
    expect((await post('', '/api/session', { name: 'tuan', password: PASSWORD })).status).toBe(429);
    gateway.now += 31_000;
    expect((await post('', '/api/session', { name: 'tuan', password: PASSWORD })).status).toBe(200);
  }, 30_000);

  test('the file of accounts holds no password', () => {
    const text = readFileSync(gateway.accountsFile, 'utf8');
    expect(text).not.toContain(PASSWORD);
    expect(text.match(/scrypt\$131072\$8\$1\$/g)).toHaveLength(5);
  });

  test('a session that is not used ends after half an hour, and nothing is done without one', async () => {
    const cookie = await gateway.signIn('minh');
    const me = async () => JSON.parse((await gateway.server.inject({ url: '/api/session', headers: { cookie } })).body) as { me: unknown };
    gateway.now += 29 * 60_000;
    expect((await me()).me).toMatchObject({ name: 'minh', role: 'operator' });
    gateway.now += 31 * 60_000;
    expect((await me()).me).toBeNull();
    for (const name of ['lan', 'minh', 'hoa', 'tuan', 'an']) cookies[name] = await gateway.signIn(name);
    expect((await lock('stranger')).status).toBe(401);
  }, 60_000);

  test('a page of another site may do nothing with the session', async () => {
    expect(
      (
        await post(
          'lan',
          '/api/locks',
          { junctions: [site.id], reason: 'x', durationS: 60 },
          { origin: 'https://elsewhere.example', host: 'here' },
        )
      ).status,
    ).toBe(403);
  });

  test('the first account is made with the token, under a password that will do', async () => {
    const make = (payload: object, authorization = `Bearer ${TOKEN}`) =>
      gateway.server.inject({ method: 'POST', url: '/api/accounts', headers: { authorization }, payload });
    const account = { name: 'new', password: 'long enough to do', role: 'engineer' };
    expect((await make(account, 'Bearer no')).statusCode).toBe(401);
    expect((await make({ ...account, password: 'short' })).statusCode).toBe(400);
    expect((await make({ ...account, password: 'new new new new' })).statusCode).toBe(400);
    expect((await make({ ...account, role: 'admin' })).statusCode).toBe(400);
    expect((await make(account)).statusCode).toBe(201);
    expect((await make(account)).statusCode).toBe(409);
  }, 20_000);
});

describe('taking a junction', () => {
  test('one holder only; others see who, and a higher role takes over and ends what was ordered', async () => {
    expect((await lock('lan')).status).toBe(201);
    await command('lan', { kind: 'hold' });
    const refused = await lock('minh');
    expect(refused.status).toBe(409);
    expect(refused.body['message']).toContain('held by lan (operator)');
    expect(refused.body['reason']).toBe('locked');
    expect((await lock('minh', { takeOver: true })).status).toBe(403);
    expect((await command('hoa', { kind: 'hold' })).status).toBe(409);
    expect((await lock('hoa', { takeOver: true })).status).toBe(201);
    expect(gateway.desk.list()).toEqual([]);
    expect(lastEntry()).toMatchObject({
      kind: 'lock-taken-over',
      by: 'hoa',
      detail: 'from lan',
      says: [{ say: 'taken-from', who: 'lan' }],
      reason: 'parade',
    });
    expect((await command('lan', { kind: 'hold' })).status).toBe(409);
  });

  test.each<[string, string, number]>([
    ['outside the own area', 'tuan', 403],
    ['by who may only look', 'an', 403],
  ])('refuses %s, and the journal says so', async (_, who, status) => {
    expect((await lock(who)).status).toBe(status);
    expect(lastEntry()).toMatchObject({ kind: 'lock-refused', by: who, outcome: 'refused' });
  });

  test('takes a whole group or nothing', async () => {
    expect((await lock('lan', { junctions: [site.id, 'nowhere'] })).status).toBe(404);
    expect(gateway.room.locks.list()).toEqual([]);
  });

  test('everything is undone when the lock expires', async () => {
    await lock('lan');
    await command('lan', { kind: 'all-red' });
    gateway.now += 600_000;
    expect((await command('lan', { kind: 'hold' })).status).toBe(409);
    gateway.room.tick();
    expect(gateway.room.locks.list()).toEqual([]);
    expect(gateway.desk.list()).toEqual([]);
    expect(lastEntry()).toMatchObject({ kind: 'lock-expired', by: 'system', junction: site.id });
  });

  test('everything is undone when the holder has lost the network for as long as configured, and the log says so', async () => {
    await lock('lan');
    await command('lan', { kind: 'hold' });
    gateway.presenceOf('lan', false);
    gateway.now += 19_999;
    gateway.room.tick();
    expect(gateway.desk.list()).toHaveLength(1);
    gateway.now += 1;
    gateway.room.tick();
    expect(gateway.desk.list()).toEqual([]);
    expect(lastEntry()).toMatchObject({ kind: 'lock-holder-lost', detail: 'lan: 1 override ended' });
  });

  test('who is back in time keeps what was held', async () => {
    await lock('lan');
    gateway.presenceOf('lan', false);
    gateway.now += 15_000;
    gateway.presenceOf('lan', true);
    gateway.now += 60_000;
    gateway.room.tick();
    expect(gateway.room.locks.list()).toHaveLength(1);
  });

  test('a machine does not interfere with what a person holds', async () => {
    await lock('lan');
    const { statusCode } = await gateway.server.inject({
      method: 'POST',
      url: `/api/junctions/${site.id}/overrides`,
      headers: { authorization: `Bearer ${TOKEN}` },
      payload: { action: { kind: 'hold' }, reason: 'test', by: 'script', durationS: 60 },
    });
    expect(statusCode).toBe(409);
    expect(lastEntry()).toMatchObject({ kind: 'command-refused', by: 'machine:script', outcome: 'refused' });
  });
});

describe('commanding', () => {
  test('a command replaces the one before and carries reason, name and end', async () => {
    await lock('lan');
    await command('lan', { kind: 'hold' });
    const { body } = await command('lan', { kind: 'stage', stage: site.stages[1]!.id });
    const answer = body as unknown as CommandAnswer;
    expect(answer.overrides).toMatchObject([{ junction: site.id, by: 'lan', reason: 'parade', expires: startState.at + 300_000 }]);
    expect(gateway.desk.list().map(({ action }) => action.kind)).toEqual(['stage']);
    await command('lan', { kind: 'release' });
    expect(gateway.desk.list()).toEqual([]);
    expect(gateway.room.locks.list()).toHaveLength(1);
  });

  test('refuses a stage the junction does not have, and a command without a reason', async () => {
    await lock('lan');
    expect((await command('lan', { kind: 'stage', stage: 'Z9' })).status).toBe(400);
    expect((await command('lan', { kind: 'hold' }, { reason: '' })).status).toBe(400);
    expect((await command('lan', { kind: 'dance' })).status).toBe(400);
  });

  test('an advance goes to the next stage and gives control back on arrival', async () => {
    const [first, second] = site.stageSequence;
    gateway.state = { ...startState, stage: first!, plan: { ...startState.plan, steps: [{ stage: first!, start: startState.at }] } };
    await lock('lan');
    await command('lan', { kind: 'advance' });
    expect(gateway.desk.list()).toMatchObject([{ action: { kind: 'stage', stage: second } }]);
    gateway.room.tick();
    expect(gateway.desk.list()).toHaveLength(1);
    gateway.state = { ...gateway.state, stage: second! };
    gateway.room.tick();
    expect(gateway.desk.list()).toEqual([]);
    expect(lastEntry()).toMatchObject({ kind: 'advance-arrived' });
  });

  test('the two-person rule holds flash back until a second person confirms', async () => {
    await lock('lan');
    const { body } = await command('lan', { kind: 'flash' });
    const { outcome, proposal } = body as unknown as CommandAnswer;
    expect(outcome).toBe('waiting');
    expect(gateway.desk.list()).toEqual([]);
    const confirm = (who: string) => post(who, `/api/commands/${proposal!.id}/confirm`, {});
    expect((await confirm('lan')).status).toBe(403);
    expect((await confirm('an')).status).toBe(403);
    expect((await confirm('minh')).status).toBe(200);
    expect(gateway.desk.list()).toMatchObject([{ action: { kind: 'flash' }, by: 'lan' }]);
    expect(lastEntry()).toMatchObject({ kind: 'command-confirmed', by: 'minh' });
    expect((await confirm('hoa')).status).toBe(404);
  });

  test('a confirmation comes too late after two minutes, and when the asking one no longer holds the junction', async () => {
    await lock('lan');
    const ask = async () => ((await command('lan', { kind: 'flash' })).body as unknown as CommandAnswer).proposal!.id;
    const late = await ask();
    gateway.now += 120_000;
    expect((await post('minh', `/api/commands/${late}/confirm`, {})).status).toBe(404);
    const lost = await ask();
    await lock('hoa', { takeOver: true });
    expect((await post('minh', `/api/commands/${lost}/confirm`, {})).status).toBe(409);
    expect(gateway.desk.list()).toEqual([]);
  });

  test('a preview tells when the signals would do it, and gives nothing to the street', async () => {
    const { body } = await post('lan', '/api/preview', { junction: site.id, action: { kind: 'all-red' }, durationS: 60 });
    const preview = body as unknown as PreviewView;
    expect(preview.reached).toBeGreaterThan(preview.at);
    expect(gateway.desk.list()).toEqual([]);
  });
});

describe('a preview with traffic', () => {
  const ask = (who: string, action: object, durationS = 120) => post(who, '/api/preview/traffic', { junction: site.id, action, durationS });
  afterEach(() => {
    gateway.past = [];
  });

  test('shows queues with the order and without, from what the detectors saw', async () => {
    gateway.past = observedMinutes(site, 120);
    gateway.state = gateway.past.at(-1)!.signals;
    const { status, body } = await ask('lan', { kind: 'all-red' });
    const { approaches, personS, forS, everyS } = body as unknown as TrafficPreview;
    expect(status).toBe(200);
    expect(forS).toBe(240);
    expect(approaches.length).toBeGreaterThan(1);
    for (const { with: given } of approaches) expect(given.queuePcu).toHaveLength(forS / everyS + 1);
    expect(personS.with).toBeGreaterThan(personS.without);
    expect(gateway.desk.list()).toEqual([]);
  });

  test('compares with the order in force, not with the optimizer', async () => {
    gateway.past = observedMinutes(site, 120);
    gateway.state = gateway.past.at(-1)!.signals;
    await lock('lan');
    await command('lan', { kind: 'all-red' });
    const { personS } = (await ask('lan', { kind: 'release' })).body as unknown as TrafficPreview;
    expect(personS.with).toBeLessThan(personS.without);
  });

  test('says that nothing is known where no counts have come lately', async () => {
    expect((await ask('lan', { kind: 'hold' })).status).toBe(503);
    gateway.past = observedMinutes(site, 30);
    gateway.state = { ...startState, at: instant(gateway.past.at(-1)!.counts.to + 60_000) };
    expect((await ask('lan', { kind: 'hold' })).status).toBe(503);
  });
});

describe('alarms', () => {
  const down = (state: 'up' | 'down') =>
    gateway.board.putHealth({
      processes: [{ kind: 'optimizer', name: 'optimizer', state, since: 0, detail: '' }],
      degraded: [],
      refusals: {},
    });

  test('rise, are acknowledged by who may, and close when they are over', async () => {
    down('down');
    gateway.room.tick();
    gateway.now += 3000;
    gateway.room.tick();
    const [alarm] = gateway.room.alarms.list();
    expect(alarm).toMatchObject({ kind: 'process-down', severity: 'warning', detail: 'optimizer' });
    const act = (who: string, deed: object) => post(who, `/api/alarms/${encodeURIComponent(alarm!.id)}`, deed);
    expect((await act('an', { kind: 'acknowledge' })).status).toBe(403);
    expect((await act('lan', { kind: 'comment', text: 'called the maintainer' })).status).toBe(200);
    expect((await act('lan', { kind: 'acknowledge' })).status).toBe(200);
    expect((await act('minh', { kind: 'acknowledge' })).status).toBe(409);
    expect((await act('lan', { kind: 'shout' })).status).toBe(400);
    down('up');
    gateway.room.tick();
    expect(gateway.room.alarms.list()).toEqual([]);
    expect(lastEntry()).toMatchObject({ kind: 'alarm-closed' });
  });
});

describe('playbooks', () => {
  test('a drill tells the street nothing and ends with a report', async () => {
    const { body: run } = await post('lan', '/api/playbooks/flood/start', { mode: 'drill' });
    const id = String(run['id']);
    const { body: after } = await post('lan', `/api/runs/${id}/steps`, { step: 0, state: 'done' });
    expect(after).toMatchObject({ steps: [{ effect: [{ say: 'reached', junction: 'A', seconds: expect.any(Number) as number }] }, {}] });
    expect(lastEntry()).toMatchObject({
      detail: expect.stringMatching(/\(drill\).*A: reached in \d+ s/) as string,
      says: [{ say: 'words', words: { vi: expect.any(String) as string } }, { say: 'drill' }, { say: 'words' }, { say: 'reached' }],
    });
    expect(gateway.desk.list()).toEqual([]);
    gateway.now += 130_000;
    expect((await post('lan', `/api/runs/${id}/end`, {})).status).toBe(200);
    const { body } = await gateway.server.inject({ url: `/api/runs/${id}/report`, headers: { cookie: cookies['lan']! } });
    expect(JSON.parse(body)).toMatchObject({ done: 1, missed: 1, lastedS: 130 });
  });

  test('live, a step takes the junction, commands it, and is for its actor alone', async () => {
    const { body: run } = await post('lan', '/api/playbooks/flood/start', { mode: 'live' });
    const settle = (who: string, step: number) => post(who, `/api/runs/${String(run['id'])}/steps`, { step, state: 'done' });
    expect((await settle('hoa', 0)).status).toBe(403);
    expect((await settle('lan', 0)).status).toBe(200);
    expect(gateway.desk.list()).toMatchObject([{ action: { kind: 'all-red' }, by: 'lan' }]);
    expect((await settle('lan', 0)).status).toBe(409);
    expect((await settle('lan', 1)).status).toBe(403);
    expect((await settle('hoa', 1)).status).toBe(200);
    expect((await post('an', '/api/playbooks/flood/start', { mode: 'drill' })).status).toBe(403);
  });
});

describe('citizens', () => {
  test('report without signing in, follow by the code, and read the answer', async () => {
    const { status, body } = await post('', '/api/public/reports', { junction: site.id, kind: 'signal', text: 'The lamp is dark' });
    expect(status).toBe(201);
    const code = String(body['code']);
    const follow = async () => JSON.parse((await gateway.server.inject(`/api/public/reports/${code}`)).body) as Record<string, unknown>;
    expect(await follow()).toMatchObject({ state: 'received', answer: '' });
    expect((await post('lan', `/api/reports/${code}`, { state: 'solved', answer: 'Mended' })).status).toBe(403);
    expect((await post('hoa', `/api/reports/${code}`, { state: 'solved', answer: 'Mended' })).status).toBe(200);
    expect(await follow()).toMatchObject({ state: 'solved', answer: 'Mended' });
    expect((await gateway.server.inject('/api/public/reports/AAAAAAAA')).statusCode).toBe(404);
  });

  test('are told of planned works until they are over', async () => {
    const works = { junction: site.id, from: gateway.now, to: gateway.now + 60_000, text: 'New lamps' };
    expect((await post('lan', '/api/works', works)).status).toBe(403);
    expect((await post('hoa', '/api/works', { ...works, to: works.from })).status).toBe(400);
    expect((await post('hoa', '/api/works', works)).status).toBe(201);
    const seen = async () => (JSON.parse((await gateway.server.inject('/api/public/city')).body) as { works: unknown[] }).works;
    expect(await seen()).toHaveLength(1);
    gateway.now += 60_000;
    expect(await seen()).toEqual([]);
  });

  test('and of the streets these close; what the network does not have cannot be closed', async () => {
    const works = { junction: site.id, from: gateway.now, to: gateway.now + 60_000, text: 'Pipes', closes: ['W_A', 'W_A_0', 'N_A'] };
    expect((await post('hoa', '/api/works', { ...works, closes: ['nowhere'] })).body['message']).toContain('"nowhere"');
    expect((await post('hoa', '/api/works', works)).body).toMatchObject({ closes: works.closes, streets: ['Phố Tre'] });
    // The street and the optimizer hear of it from its begin to its end.
    expect(gateway.room.public.closed()).toEqual(works.closes);
    gateway.now += 60_000;
    expect(gateway.room.public.closed()).toEqual([]);
  });
});

describe('the journal', () => {
  test('is numbered without gaps, and its file holds every entry', () => {
    const entries = gateway.room.journal.since(0);
    entries.forEach(({ seq }, i) => expect(seq).toBe(i + 1));
    const lines = readFileSync(gateway.journalFile, 'utf8').trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as JournalEntry).seq)).toEqual(entries.map(({ seq }) => seq));
    expect(readFileSync(gateway.journalFile, 'utf8')).not.toContain(PASSWORD);
  });

  test('shows sign-ins to the auditor only', async () => {
    const kinds = async (who: string) => {
      const { body } = await gateway.server.inject({ url: '/api/journal?count=500', headers: { cookie: cookies[who]! } });
      return (JSON.parse(body) as JournalEntry[]).map(({ kind }) => kind);
    };
    expect(await kinds('an')).toContain('signed-in');
    expect((await kinds('lan')).filter((kind) => kind.startsWith('sign'))).toEqual([]);
  });
});

describe('the room feed', () => {
  const listen = async (query: string, cookie: string | undefined) => {
    if (!gateway.server.server.listening) await gateway.server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = gateway.server.server.address() as AddressInfo;
    const socket = new WebSocket(`ws://127.0.0.1:${String(port)}/room${query}`, { headers: cookie === undefined ? {} : { cookie } });
    const heard: RoomMessage[] = [];
    socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as RoomMessage));
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return { socket, heard };
  };
  const eventually = async (holds: () => boolean): Promise<void> => {
    for (let i = 0; i < 250 && !holds(); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(holds()).toBe(true);
  };

  test('is for who is signed in', async () => {
    await expect(listen('', undefined)).rejects.toThrow('401');
  });

  test('a page that was away misses no entry and hears none twice', async () => {
    const first = await listen('', cookies['minh']);
    await eventually(() => first.heard.length > 0);
    const last = first.heard.at(-1)!.seq;
    first.socket.terminate();
    await lock('lan');
    await command('lan', { kind: 'hold' });
    await command('lan', { kind: 'release' });
    const again = await listen(`?since=${String(last)}`, cookies['minh']);
    await eventually(() => again.heard.length > 0);
    await lock('lan', { durationS: 900 });
    gateway.feed.flush();
    await eventually(() => again.heard.flatMap(({ entries }) => entries).length === 4);
    expect(again.heard.flatMap(({ entries }) => entries.map(({ seq }) => seq))).toEqual([last + 1, last + 2, last + 3, last + 4]);
    expect(again.heard.at(-1)?.state.locks).toMatchObject([{ junction: site.id, holder: 'lan' }]);
    again.socket.terminate();
  });

  test('a page that answers no ping is cut off', async () => {
    const { socket } = await listen('', cookies['hoa']);
    await eventually(() => gateway.room.presence.names().includes('hoa'));
    gateway.presenceOf('hoa', false);
    // A pulled cable: the other side hears nothing and answers nothing.
    (socket as unknown as { _socket: { pause: () => void } })._socket.pause();
    gateway.feed.probe(() => true);
    gateway.feed.probe(() => true);
    await eventually(() => !gateway.room.presence.names().includes('hoa'));
    socket.terminate();
  });
});
