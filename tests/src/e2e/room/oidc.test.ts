import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@songxanh/store';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM, eventually } from './city.ts';

const ROOT = join(__dirname, '../../../..');
const SCENARIO = join(ROOT, 'scenarios/one-junction');
const withBrowser = existsSync(CHROMIUM) ? describe : describe.skip;

withBrowser("signing in at the city's identity provider (needs chromium on this machine)", () => {
  const children: ChildProcess[] = [];
  let folder: string;
  let browser: Browser;
  let room: string;
  const journal = (): string => readFileSync(join(folder, 'journal.jsonl'), 'utf8');

  beforeAll(async () => {
    if (!existsSync(join(ROOT, 'web/dist/index.html'))) spawnSync('npx', ['vite', 'build'], { cwd: join(ROOT, 'web') });
    folder = mkdtempSync(join(tmpdir(), 'songxanh-oidc-'));
    const [port, idPort] = [await freePort(), await freePort()];
    room = `http://127.0.0.1:${String(port)}`;
    const file = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const oidc = file(
      'oidc.json',
      JSON.stringify({
        ...{ issuer: `http://127.0.0.1:${String(idPort)}`, clientId: 'songxanh', publicUrl: room, label: 'City ID' },
        clientSecretFile: file('secret', 'the secret of the test\n'),
        ...{ roleClaim: 'groups', roles: { signals: 'operator' }, areaClaim: 'district', areas: { centre: ['A'] } },
      }),
    );
    const start = (args: readonly string[]): void => {
      children.push(spawn(process.execPath, args, { cwd: ROOT, stdio: 'ignore' }));
    };
    start([join(__dirname, 'identity-provider.mjs'), String(idPort), room]);
    start([
      ...['--import', 'tsx', '--conditions=source', 'services/gateway/src/main.ts', '--port', String(port), '--listen', '127.0.0.1:0'],
      ...['--scenario', join(SCENARIO, 'one-junction.sumocfg'), '--sites', join(SCENARIO, 'sites')],
      ...['--detectors', '127.0.0.1:1', '--token-file', file('token', 'f'.repeat(48)), '--accounts', join(folder, 'accounts.json')],
      ...['--journal', join(folder, 'journal.jsonl'), '--web', join(ROOT, 'web/dist'), '--oidc', oidc],
    ]);
    const answers = (url: string): Promise<boolean> =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(
      'the provider and the gateway answer',
      async () =>
        (await answers(`http://127.0.0.1:${String(idPort)}/.well-known/openid-configuration`)) && (await answers(`${room}/api/session`)),
    );
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    for (const child of children) child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const goToProvider = async (page: Page, name: string): Promise<void> => {
    await page.goto(room);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Sign in with City ID' }).click();
    await page.locator('input[name=login]').fill(name);
    await page.locator('input[name=password]').fill('any will do');
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: 'Continue' }).click();
  };

  test('an operator comes in with the role and area of the claims, and out at both places', async () => {
    const context = await browser.newContext({ locale: 'en' });
    const page = await context.newPage();
    await goToProvider(page, 'mai');
    await page.getByText('Trần Thị Mai').waitFor();
    const { me } = await page.evaluate<{ me: unknown }>('fetch("/api/session").then((answer) => answer.json())');
    expect(me).toMatchObject({ name: 'mai', role: 'operator', area: ['A'] });
    expect(journal()).toMatch(/"signed-in","by":"mai",.*"detail":"http:\/\/127\.0\.0\.1:\d+ mai"/);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: /sign me out/ }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).origin).toBe(room);
    // The provider has forgotten them as well: it asks again.
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Sign in with City ID' }).click();
    await page.locator('input[name=login]').waitFor();
    await context.close();
  }, 120_000);

  test('somebody without a role in the room is told so', async () => {
    const context = await browser.newContext({ locale: 'vi' });
    const page = await context.newPage();
    await page.goto(room);
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await page.getByRole('link', { name: 'Đăng nhập bằng City ID' }).click();
    await page.locator('input[name=login]').fill('quan');
    await page.locator('input[name=password]').fill('any will do');
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Tài khoản của bạn không có vai trò trong phòng này.').waitFor();
    expect(journal()).toMatch(/"sign-in-refused".*no-role/);
    await context.close();
  }, 120_000);

  test('a code that was not asked for here opens nothing', async () => {
    const answer = await fetch(`${room}/api/oidc/callback?code=stolen&state=stolen`, { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe('/?sign-in=sign-in-stale');
    expect(answer.headers.getSetCookie().some((cookie) => cookie.startsWith('songxanh_session'))).toBe(false);
  });
});
