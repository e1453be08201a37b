import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisBinary, freePort } from '@songxanh/store';
import type { JunctionDetail, OverrideView } from '@songxanh/wire';
import { isGo, readSites } from '../checks/logs.ts';
import { createSignalCheck } from '../checks/signal-check.ts';

/** A dispatch system sends a fire engine through a junction of the whole suite: priority service, gateway, agent, cabinet, street. */
const ROOT = join(__dirname, '../../..');
const WAIT_MS = 120_000;
const eventually = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + WAIT_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${String(WAIT_MS / 1000)} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

interface WaveView {
  readonly vehicle: string;
  readonly junctions: readonly { readonly junction: string; readonly group: string; readonly status?: string; readonly reason?: string }[];
}
interface MapView {
  readonly features: readonly {
    readonly geometry: { readonly coordinates: readonly (readonly [number, number])[] };
    readonly properties: { readonly kind: string; readonly id?: string };
  }[];
}

const withRedis = findRedisBinary() === undefined ? describe.skip : describe;

withRedis('an emergency vehicle (needs redis-server or valkey-server on this machine)', () => {
  let folder: string;
  let run: string;
  let port: number;
  let priorityPort: number;
  let child: ChildProcess;
  let signalLog: string;

  const get = async <T>(path: string): Promise<T> => (await (await fetch(`http://127.0.0.1:${String(port)}${path}`)).json()) as T;
  const ask = async (method: string, path = '', body?: object): Promise<{ readonly code: number; readonly value: unknown }> => {
    const answer = await fetch(`http://127.0.0.1:${String(priorityPort)}/api/priority/emergencies${path}`, {
      method,
      headers: {
        authorization: `Bearer ${readFileSync(join(run, 'token'), 'utf8').trim()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { code: answer.status, value: text === '' ? undefined : (JSON.parse(text) as unknown) };
  };
  const source = async (): Promise<string | undefined> =>
    get<JunctionDetail>('/api/junctions/A').then(
      ({ signals }) => signals?.source,
      () => undefined,
    );
  const lampLines = (): (readonly [number, string, string])[] =>
    readFileSync(signalLog, 'utf8')
      .split('\n')
      .slice(1, -1)
      .map((line) => line.split(','))
      .map(([at, junction, heads]) => [Number(at), junction!, heads!]);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'songxanh-emergency-'));
    signalLog = join(folder, 'signals.csv');
    [port, priorityPort] = [await freePort(), await freePort()];
    child = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', '--conditions=source', 'cli/src/main.ts'],
        ...['run', '--scenario', 'scenarios/one-junction/one-junction.sumocfg', '--speed', '4', '--no-compare'],
        ...['--port', String(port), '--run-folder', folder, '--signal-log', signalLog],
      ],
      { cwd: ROOT, env: { ...process.env, SONGXANH_PRIORITY_PORT: String(priorityPort) } },
    );
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await eventually('the address is printed', () => output.includes(`open http://127.0.0.1:${String(port)}`));
    run = join(
      folder,
      readdirSync(folder).find((name) => name.startsWith('one-junction-'))!,
    );
    await eventually('the optimizer is in charge', async () => (await source()) === 'optimizer');
  }, WAIT_MS * 2);

  afterAll(async () => {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }, WAIT_MS);

  it(
    'gets its green on the street, is told so, and the junction goes back to the optimizer behind it',
    async () => {
      const { features } = await get<MapView>('/api/network');
      const lane = (id: string) =>
        features.find(({ properties }) => properties.kind === 'lane' && properties.id === id)!.geometry.coordinates;
      const [[fromLon, fromLat], [toLon, toLat]] = [lane('S_A_1')[0]!, lane('A_N_1').at(-1)!];
      const sent = await ask('POST', '', {
        ...{ vehicle: 'fire-1', vehicleClass: 'fire' },
        ...{ from: { lon: fromLon, lat: fromLat }, to: { lon: toLon, lat: toLat } },
      });
      expect(sent.code).toBe(201);
      const { group } = (sent.value as WaveView).junctions[0]!;
      const { heads } = readSites(join(run, 'sites'))
        .get('A')!
        .groups.find(({ id }) => id === group)!;

      const told = async () => ((await ask('GET')).value as readonly WaveView[])[0]?.junctions[0];
      await eventually('it is told that it has the junction', async () => (await told())?.status === 'granted');
      expect(await get<OverrideView[]>('/api/overrides')).toMatchObject([{ junction: 'A', source: 'emergency-preemption' }]);
      await eventually('its agent runs the preemption', async () => (await source()) === 'emergency-preemption');
      const from = lampLines().length;
      await eventually('its lamps are green on the street', () =>
        lampLines()
          .slice(from)
          .some(([, , letters]) => heads.every((head) => isGo(letters[head]))),
      );

      expect((await ask('DELETE', '/fire-1')).code).toBe(204);
      await eventually('the optimizer has the junction again', async () => (await source()) === 'optimizer');
      expect(await get<OverrideView[]>('/api/overrides')).toEqual([]);
      const journal = readFileSync(join(folder, 'journal.jsonl'), 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as { readonly kind: string; readonly by: string });
      expect(journal.filter(({ by }) => by === 'machine:priority').map(({ kind }) => kind)).toEqual(['command-given', 'command-released']);

      const check = createSignalCheck(readSites(join(run, 'sites')));
      for (const line of lampLines()) check.take(...line);
      expect(check.verdict).toMatchObject({ conflictingGreens: 0, shortGreens: 0, shortIntergreens: 0, badClearances: 0 });
    },
    WAIT_MS * 2,
  );

  it('cannot be feigned with the token for machines', async () => {
    const answer = await fetch(`http://127.0.0.1:${String(port)}/api/junctions/A/overrides`, {
      method: 'POST',
      headers: { authorization: `Bearer ${readFileSync(join(run, 'token'), 'utf8').trim()}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ action: { kind: 'stage', stage: readSites(join(run, 'sites')).get('A')!.stages[0]!.id }, reason: 'drill', by: 'test' },
        ...{ durationS: 20, source: 'emergency-preemption' },
      }),
    });
    expect(answer.status).toBe(403);
  });
});
