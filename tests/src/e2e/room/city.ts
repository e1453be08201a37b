import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@songxanh/store';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const ROOT = join(__dirname, '../../../..');
export const CHROMIUM = '/usr/bin/chromium';
export const PASSWORD = 'seven green waves';
const WAIT_MS = 120_000;

export const eventually = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + WAIT_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${String(WAIT_MS / 1000)} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

export interface City {
  readonly url: string;
  readonly browser: Browser;
  /** Process ids by name. */
  readonly pids: () => Readonly<Record<string, number>>;
  /** Where a process listens by gRPC. */
  readonly addressOf: (process: string) => string;
  readonly get: <T>(path: string) => Promise<T>;
  /** A page of its own, with its own cookies; signed in where a name is given. */
  readonly open: (name?: string, locale?: 'en' | 'vi', path?: string) => Promise<{ readonly page: Page; readonly context: BrowserContext }>;
  /** What pages have complained of. */
  readonly complaints: string[];
  /** The audit log's text. */
  readonly journal: () => string;
  readonly closePages: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const signIn = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name: /^(Sign in|Đăng nhập)$/ }).click();
  await page.locator('input[name=name]').fill(name);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('aside nav').waitFor();
};

/** The corridor as `songxanh run` starts it, in real time, with people to sign in, and a real browser before it. */
export const openCity = async (
  people: Readonly<Record<string, { readonly role: string; readonly area?: readonly string[] }>>,
): Promise<City> => {
  if (!existsSync(join(ROOT, 'web/dist/index.html'))) spawnSync('npx', ['vite', 'build'], { cwd: join(ROOT, 'web') });
  const folder = mkdtempSync(join(tmpdir(), 'songxanh-room-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const child: ChildProcess = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--conditions=source', 'cli/src/main.ts', 'run', '--no-compare'],
      ...['--port', String(port), '--run-folder', folder],
    ],
    { cwd: ROOT, env: { ...process.env, SONGXANH_TWO_PERSON: 'flash', SONGXANH_LOST_HOLDER_AFTER: '12', SONGXANH_STREET_FLEET: '2' } },
  );
  const complaints: string[] = [];
  let closing = false;
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await eventually('the address is printed', () => {
    if (child.exitCode !== null) throw new Error(output);
    return output.includes(`open ${url}`);
  });
  const run = join(
    folder,
    readdirSync(folder).find((name) => name.startsWith('corridor-'))!,
  );
  const token = readFileSync(join(run, 'token'), 'utf8').trim();
  for (const [name, { role, area = ['*'] }] of Object.entries(people)) {
    const response = await fetch(`${url}/api/accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, role, area, fullName: name, password: PASSWORD }),
    });
    if (response.status !== 201) throw new Error(await response.text());
  }
  child.once('exit', (code) => {
    if (!closing) complaints.push(`the city ended with code ${String(code)}: ${output.slice(-1000)}`);
  });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  });
  const get = async <T>(path: string): Promise<T> => (await (await fetch(url + path)).json()) as T;
  await eventually('all junctions run under the optimizer', async () => {
    const { junctions, adaptiveShare } = await get<{ junctions: unknown[]; adaptiveShare: number }>('/api/public/city');
    return junctions.length === 8 && adaptiveShare === 1;
  });
  const pids = (): Record<string, number> => JSON.parse(readFileSync(join(run, 'processes.json'), 'utf8')) as Record<string, number>;
  return {
    url,
    browser,
    complaints,
    journal: () => readFileSync(join(folder, 'journal.jsonl'), 'utf8'),
    get,
    pids,
    addressOf: (process) => {
      const words = readFileSync(`/proc/${String(pids()[process])}/cmdline`, 'utf8').split('\0');
      return words[words.indexOf('--listen') + 1] ?? '';
    },
    open: async (name, locale = 'en', path = '/') => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 560 }, locale });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      page.on('pageerror', (error) => complaints.push(error.message));
      // The browser writes a line for each answer from 400 up, and for each connection to a gateway that was killed; these are asked for here.
      page.on('console', (message) => {
        if (message.type() === 'error' && !/^(Failed to load resource|WebSocket connection to)/.test(message.text()))
          complaints.push(message.text());
      });
      await page.goto(url + path);
      if (name !== undefined) await signIn(page, name);
      return { page, context };
    },
    closePages: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    close: async () => {
      closing = true;
      await browser.close();
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
