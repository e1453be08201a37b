import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisBinary, freePort } from '@songxanh/store';
import type { JunctionDetail, LiveHealth, OverrideView } from '@songxanh/wire';
import { isFlash, readSites } from '../checks/logs.ts';
import { createSignalCheck } from '../checks/signal-check.ts';

/** The whole suite as `songxanh run` starts it, from sources, on the small scenario. */
const ROOT = join(__dirname, '../../..');
const songxanh = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', '--conditions=source', 'cli/src/main.ts', ...args], { cwd: ROOT });

/** A process that is back this long without having been called down was away for less than a heartbeat's patience. */
const BACK_MS = 5000;
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
  let signalLog: string;

  const get = async <T>(path: string): Promise<T> => (await (await fetch(`http://127.0.0.1:${String(port)}${path}`)).json()) as T;
  const health = (): Promise<LiveHealth> => get('/api/health');
  const stateOf = async (kind: string): Promise<string | undefined> => (await health()).processes.find((p) => p.kind === kind)?.state;
  const pids = (): Record<string, number> => JSON.parse(readFileSync(join(run, 'processes.json'), 'utf8')) as Record<string, number>;
  const underOptimizer = (): Promise<boolean> =>
    get<{ signals?: { source: string } }>('/api/junctions/A').then(
      ({ signals }) => signals?.source === 'optimizer',
      () => false,
    );
  const streetTime = async (): Promise<number> => (await get<{ adaptive?: { at: number } }>('/api/kpis')).adaptive?.at ?? 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'songxanh-run-'));
    signalLog = join(folder, 'signals.csv');
    port = await freePort();
    child = songxanh([
      ...['run', '--scenario', 'scenarios/one-junction/one-junction.sumocfg', '--speed', '8', '--no-compare'],
      ...['--port', String(port), '--run-folder', folder, '--signal-log', signalLog],
    ]);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await eventually('the address is printed', () => output.includes(`open http://127.0.0.1:${String(port)}`));
    run = join(
      folder,
      readdirSync(folder).find((name) => name.startsWith('one-junction-'))!,
    );
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

  const drill = async (name: string, signal: 'SIGKILL' | 'SIGSTOP', seen: () => boolean = () => true): Promise<void> => {
    const pid = pids()[name]!;
    const kind = name.replace(/-\d+$/, '');
    process.kill(pid, signal);
    try {
      // A gateway that is down says nothing.
      if (kind === 'gateway')
        await eventually('the page is away', () =>
          health().then(
            () => false,
            () => true,
          ),
        );
      else {
        // A killed process may be back before its silence counts as down (2 s of heartbeats): then there is nothing to say.
        let backSince: number | undefined;
        await eventually(`the page says that ${name} is down`, async () => {
          if (signal === 'SIGKILL' && pids()[name] !== pid) backSince ??= Date.now();
          return (await stateOf(kind)) === 'down' || (backSince !== undefined && Date.now() - backSince > BACK_MS);
        });
      }
      await eventually('the street shows it', seen);
    } finally {
      if (signal === 'SIGSTOP') process.kill(pid, 'SIGCONT');
      else await eventually(`${name} is started again`, () => pids()[name] !== pid);
    }
    await eventually(`${name} is up`, () =>
      stateOf(kind).then(
        (state) => state === 'up',
        () => false,
      ),
    );
  };

  /** A plan in force outlives its maker: only one made after the drill tells that somebody decides again. */
  const recovered = async (): Promise<void> => {
    const at = await streetTime();
    await eventually('a new plan of the optimizer is in force', () =>
      get<JunctionDetail>('/api/junctions/A').then(
        ({ plan, signals }) => signals?.source === 'optimizer' && plan?.source === 'optimizer' && plan.madeAt > at,
        () => false,
      ),
    );
  };
  /** Lines of the signal log since a drill began. */
  const flashed = (from: number): boolean =>
    lampLines()
      .slice(from)
      .some(([, , heads]) => isFlash(heads));
  const lampLines = (): (readonly [number, string, string])[] =>
    readFileSync(signalLog, 'utf8')
      .split('\n')
      .slice(1, -1)
      .map((line) => line.split(','))
      .map(([at, junction, heads]) => [Number(at), junction!, heads!]);

  it.each<[string, 'SIGKILL' | 'SIGSTOP']>([
    ['optimizer', 'SIGKILL'],
    ['detectors', 'SIGKILL'],
    ['redis', 'SIGKILL'],
    ['gateway', 'SIGKILL'],
    ['optimizer', 'SIGSTOP'],
    ['detectors', 'SIGSTOP'],
    ['redis', 'SIGSTOP'],
  ])(
    'keeps its lamps running without %s (%s), says so, and is back under control by itself',
    async (name, signal) => {
      const from = lampLines().length;
      await drill(name, signal);
      await recovered();
      expect(flashed(from)).toBe(false);
    },
    WAIT_MS * 2,
  );

  it.each<[string, 'SIGKILL' | 'SIGSTOP']>([
    ['agent-1', 'SIGKILL'],
    ['agent-1', 'SIGSTOP'],
    ['cabinet', 'SIGKILL'],
    ['cabinet', 'SIGSTOP'],
  ])(
    'flashes without %s (%s), says so, and is back under control by itself',
    async (name, signal) => {
      const from = lampLines().length;
      await drill(name, signal, () => flashed(from));
      await recovered();
    },
    WAIT_MS * 2,
  );

  it(
    'begins anew with a street that was lost',
    async () => {
      const before = await streetTime();
      await drill('street', 'SIGKILL');
      await eventually('the street begins again', async () => (await streetTime()) < before);
      await recovered();
    },
    WAIT_MS * 2,
  );

  it('has shown no conflicting greens, short greens or short intergreens in all of this', () => {
    const check = createSignalCheck(readSites(join(run, 'sites')));
    for (const line of lampLines()) check.take(...line);
    expect(check.verdict.states).toBeGreaterThan(100);
    expect(check.verdict).toMatchObject({ conflictingGreens: 0, shortGreens: 0, shortIntergreens: 0, badClearances: 0 });
  });
});

const ONE_JUNCTION = join(ROOT, 'scenarios/one-junction');

describe('songxanh run with bad input', () => {
  const folder = mkdtempSync(join(tmpdir(), 'songxanh-bad-'));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  /** A copy of the small scenario with one text of one file changed. */
  const spoilt = (copy: string, file: string, right: RegExp, wrong: string): readonly string[] => {
    const to = join(folder, copy);
    cpSync(ONE_JUNCTION, to, { recursive: true });
    const text = readFileSync(join(to, file), 'utf8');
    if (!right.test(text)) throw new Error(`${file} has no ${String(right)}`);
    writeFileSync(join(to, file), text.replace(right, wrong));
    return ['--scenario', join(to, 'one-junction.sumocfg')];
  };
  let taken: Server;
  const takenPort = (): string => String((taken.address() as AddressInfo).port);
  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => taken.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  it.each<[string, readonly string[], RegExp]>([
    [
      'an unclosed element of the network',
      spoilt('net', 'one-junction.net.xml', /<\/junction>/, ''),
      /one-junction\.net\.xml:\d+: <junction> of line \d+ is not closed: expected <\/junction>/,
    ],
    [
      'a route over an edge that is not there',
      spoilt('route', 'one-junction.rou.xml', /edges="/, 'edges="nowhere '),
      /one-junction\.rou\.xml:\d+: <route id=".+">: expected edges of the network in edges: there is no edge nowhere/,
    ],
    [
      'a begin that is no number',
      spoilt('config', 'one-junction.sumocfg', /<begin value="/, '<begin value="early '),
      /one-junction\.sumocfg:\d+: <begin value="early .*">: expected a number in value/,
    ],
    [
      'a negative minimum green',
      spoilt('site', 'sites/A.site.json', /"minGreenS": /, '"minGreenS": -'),
      /A\.site\.json:\d+: groups\.0\.minGreenS: expected >= 0/,
    ],
    ['a port in use', ['--port', 'taken'], /--port \d+ is taken: expected a free one/],
    ['an option nobody knows', ['--sped', '3'], /unknown option '--sped'/],
    [
      'a log that cannot be written',
      ['--signal-log', join(folder, 'no', 'such.csv')],
      /--signal-log .*such\.csv: .*expected a file that can be written/,
    ],
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
      const { code, errors } = await outcomeOf(
        songxanh([
          'run',
          '--port',
          String(await freePort()),
          '--run-folder',
          started,
          ...args.map((arg) => (arg === 'taken' ? takenPort() : arg)),
        ]),
      );
      expect(errors).toMatch(message);
      expect(code).toBe(2);
      expect(() => readdirSync(started)).toThrow();
    },
    WAIT_MS,
  );
});
