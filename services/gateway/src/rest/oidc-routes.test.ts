import type { SessionAnswer } from '@songxanh/wire';
import type { Oidc } from '../access/oidc.ts';
import { openTestGateway, type TestGateway } from '../testing/test-gateway.ts';

const HOUR_MS = 3_600_000;
/** A provider that lets `code=<name>` in as an operator of J1; `oidc.ts` itself is tried against a real one in tests/src/e2e/room. */
const provider: Oidc = {
  label: 'City',
  sessionMs: HOUR_MS,
  begin: () => Promise.resolve({ url: 'https://id.example/authorize', state: 'the-state' }),
  finish: (query, state) => {
    const name = new URLSearchParams(query).get('code') ?? '';
    if (state !== 'the-state') return Promise.resolve({ ok: false, reason: 'sign-in-stale', message: 'not begun here' });
    if (name === 'nobody') return Promise.resolve({ ok: false, reason: 'no-role', message: 'no role' });
    const person = { name, fullName: name, role: 'operator', area: ['J1'] } as const;
    return Promise.resolve({ ok: true, value: { person, subject: 'https://id.example 42', endUrl: 'https://id.example/end' } });
  },
};

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway({ oidc: provider });
  await gateway.addAccount('lan', 'operator');
}, 60_000);
afterAll(() => gateway.close());

const get = (url: string, cookie = '') => gateway.server.inject({ url, headers: { cookie } });
const back = (code: string, cookie = 'songxanh_sign_in=the-state') => get(`/api/oidc/callback?code=${code}&state=the-state`, cookie);
const signIn = async (name: string): Promise<string> =>
  String([(await back(name)).headers['set-cookie']].flat().find((one) => one?.startsWith('songxanh_session'))).split(';')[0] ?? '';
const me = async (cookie: string) => JSON.parse((await get('/api/session', cookie)).body) as SessionAnswer;

describe("signing in at the city's identity provider", () => {
  test('the page is told that it may; the browser goes there with a state that scripts and other sites do not see', async () => {
    expect(await me('')).toEqual({ me: null, hasAccounts: true, provider: 'City' });
    const { statusCode, headers } = await get('/api/oidc/login');
    expect([statusCode, headers.location]).toEqual([302, 'https://id.example/authorize']);
    expect(headers['set-cookie']).toMatch(/^songxanh_sign_in=the-state; Path=\/api\/oidc; HttpOnly; SameSite=Lax/);
  });

  test('whoever comes back has the role and area of the claims, and the log says who it is at the provider', async () => {
    const cookie = await signIn('mai');
    expect((await me(cookie)).me).toMatchObject({ name: 'mai', role: 'operator', area: ['J1'] });
    const signedIn = gateway.room.journal.since(0).findLast(({ kind }) => kind === 'signed-in');
    expect(signedIn).toMatchObject({ by: 'mai', detail: 'https://id.example 42' });
  });

  test.each<[string, string, string, string]>([
    ['without the state of this browser', 'mai', '', 'sign-in-stale'],
    ['whose claims make nobody', 'nobody', 'songxanh_sign_in=the-state', 'no-role'],
    ['under the name of an account of this machine', 'lan', 'songxanh_sign_in=the-state', 'name-taken'],
  ])('refuses somebody %s, in words and in the log', async (_, code, cookie, why) => {
    const { headers } = await back(code, cookie);
    expect(headers.location).toBe(`/?sign-in=${why}`);
    expect(String(headers['set-cookie'])).not.toContain('songxanh_session');
    const entry = gateway.room.journal.since(0).at(-1);
    expect(entry).toMatchObject({ kind: 'sign-in-refused', outcome: 'refused', says: [{ why }] });
  });

  test('the session ends when the configuration says, used or not', async () => {
    const cookie = await signIn('hoa');
    gateway.now += HOUR_MS / 2 - 1;
    expect((await me(cookie)).me).not.toBeNull();
    gateway.now += HOUR_MS / 2 + 1;
    expect((await me(cookie)).me).toBeNull();
  });

  test('it ends when an account of this machine takes the name', async () => {
    const cookie = await signIn('thu');
    await gateway.addAccount('thu', 'auditor');
    expect((await me(cookie)).me).toBeNull();
  }, 20_000);

  test('signing out tells where the session ends at the provider too', async () => {
    const cookie = await signIn('minh');
    const out = await gateway.server.inject({ method: 'DELETE', url: '/api/session', headers: { cookie } });
    expect(JSON.parse(out.body)).toEqual({ endUrl: 'https://id.example/end' });
    expect((await me(cookie)).me).toBeNull();
  });
});
