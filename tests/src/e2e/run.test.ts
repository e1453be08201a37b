import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisBinary, freePort } from '@songxanh/store';
import type { LiveHealth, OverrideView } from '@songxanh/wire';

/** The whole suite as `songxanh run` starts it, from sources, on the small scenario. */
const ROOT = join(__dirname, '../../..');
const songxanh = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', '--conditions=source', 'cli/src/main.ts', ...args], { cwd: ROOT });

const WAIT_MS = 120_000;
const eventually = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + WAIT_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${String(WAIT_MS / 1000)} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const outcomeOf = (child: ChildProcess): Promise<{ readonly code: number | null; readonly errors: string }> =>
  new Promise((resolve) => {
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.once('close', (code) => {
      resolve({ code, errors });
    });
  });

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const withRedis = findRedisBinary() === undefined ? describe.skip : describe;

withRedis('songxanh run (needs redis-server or valkey-server on this machine)', () => {
  let folder: string;
  let port: number;
  let child: ChildProcess;
  let run: string;

  const get = async <T>(path: string): Promise<T> => (await (await fetch(`http://127.0.0.1:${String(port)}${path}`)).json()) as T;
  const health = (): Promise<LiveHealth> => get('/api/health');
  const stateOf = async (kind: string): Promise<string | undefined> => (await health()).processes.find((p) => p.kind === kind)?.state;
  const pids = (): Record<string, number> => JSON.parse(readFileSync(join(run, 'processes.json'), 'utf8')) as Record<string, number>;
  const underOptimizer = async (): Promise<boolean> => {
    const detail = await get<{ signals?: { source: string } }>('/api/junctions/A');
    return detail.signals?.source === 'optimizer';
  };
  const streetTime = async (): Promise<number> => (await get<{ adaptive?: { at: number } }>('/api/kpis')).adaptive?.at ?? 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'songxanh-run-'));
    port = await freePort();
    child = songxanh([
      ...['run', '--scenario', 'scenarios/one-junction/one-junction.sumocfg', '--speed', '4', '--no-compare'],
      ...['--port', String(port), '--run-folder', folder],
    ]);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await eventually('the address is printed', () => output.includes(`open http://127.0.0.1:${String(port)}`));
    run = join(folder, readdirSync(folder)[0]!);
    await eventually('the optimizer is in charge', underOptimizer);
  }, WAIT_MS * 2);

  afterAll(async () => {
    const before = Object.values(pids());
    const ended = outcomeOf(child);
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
    expect(before.filter(isAlive)).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  }, WAIT_MS);

  it(
    'keeps the token where only its owner can read it, and takes an override with it',
    async () => {
      const file = join(run, 'token');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const response = await fetch(`http://127.0.0.1:${String(port)}/api/junctions/A/overrides`, {
        method: 'POST',
        headers: { authorization: `Bearer ${readFileSync(file, 'utf8').trim()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ action: { kind: 'hold' }, reason: 'drill', by: 'test', durationS: 20 }),
      });
      expect(response.status).toBe(201);
      const { id } = (await response.json()) as OverrideView;
      await eventually('the override holds the junction', async () => !(await underOptimizer()));
      await eventually('it ends by itself', async () => !(await get<OverrideView[]>('/api/overrides')).some((o) => o.id === id));
      await eventually('the optimizer is in charge again', underOptimizer);
    },
    WAIT_MS,
  );

  it.each(['optimizer', 'detectors', 'redis', 'agent-1'])(
    'goes on without %s, says so, and comes back under control by itself',
    async (name) => {
      const kind = name.replace(/-\d+$/, '');
      const killed = pids()[name]!;
      const at = await streetTime();
      process.kill(killed, 'SIGKILL');
      await eventually(`the page says that ${name} is down`, async () => (await stateOf(kind)) === 'down');
      await eventually(`${name} is started again`, () => pids()[name] !== killed);
      await eventually(`${name} is up`, async () => (await stateOf(kind)) === 'up');
      await eventually('the optimizer is in charge again', underOptimizer);
      await eventually('the street has moved on', async () => (await streetTime()) > at);
    },
    WAIT_MS * 2,
  );
});

describe('songxanh run with bad input', () => {
  const folder = mkdtempSync(join(tmpdir(), 'songxanh-bad-'));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each<[string, readonly string[], RegExp]>([
    ['a missing scenario', ['--scenario', join(folder, 'none.sumocfg')], /none\.sumocfg/],
    ['an unclosed configuration', ['--scenario', write('open.sumocfg', '<configuration><input>')], /open\.sumocfg:\d+/],
    ['a configuration without a network', ['--scenario', write('empty.sumocfg', '<configuration/>')], /net-file/],
    ['a speed of nothing', ['--speed', '0'], /above 0, or max/],
    ['a street nobody knows', ['--street', 'paper'], /micro, sumo/],
    ['half an agent', ['--agents', '0.5'], /whole number/],
  ])(
    'ends with code 2 and one message at %s, and starts nothing',
    async (_, args, message) => {
      const started = join(folder, 'runs');
      const { code, errors } = await outcomeOf(songxanh(['run', ...args, '--port', String(await freePort()), '--run-folder', started]));
      expect(errors).toMatch(message);
      expect(code).toBe(2);
      expect(() => readdirSync(started)).toThrow();
    },
    WAIT_MS,
  );
});
