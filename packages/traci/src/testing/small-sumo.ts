import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another SUMO than the one on the PATH can be tried with SUMO_BIN=<folder of its programs>. */
const program = (name: string): string => (process.env['SUMO_BIN'] ? join(process.env['SUMO_BIN'], name) : name);

export const hasSumo = (): boolean =>
  spawnSync(program('sumo'), ['--version']).status === 0 && spawnSync(program('netgenerate'), ['--version']).status === 0;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Input files in a folder of their own. */
export interface SmallScenario {
  readonly folder: string;
  remove(): void;
}

export interface SmallSumo {
  readonly port: number;
  readonly process: ChildProcess;
  stop(): boolean;
}

/** A grid of signalised junctions (A0, A1, B0, B1, …) with through traffic from the left and the bottom, and one loop. */
export const buildSmallScenario = (grid = 2, lanes = 1): SmallScenario => {
  const folder = mkdtempSync(join(tmpdir(), 'traci-'));
  execFileSync(
    program('netgenerate'),
    [
      '--grid',
      '--grid.number',
      `${grid}`,
      '--grid.attach-length',
      '200',
      '--default-junction-type',
      'traffic_light',
      '-L',
      `${lanes}`,
      '-o',
      'net.xml',
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  writeFileSync(
    join(folder, 'rou.xml'),
    `<routes>
      <flow id="east" begin="0" end="3600" period="4" from="left0A0" to="${String.fromCharCode(64 + grid)}0right0"/>
      <flow id="north" begin="0" end="3600" period="5" from="bottom0A0" to="A${grid - 1}top0"/>
    </routes>`,
  );
  writeFileSync(
    join(folder, 'add.xml'),
    '<additional><inductionLoop id="loop" lane="left0A0_0" pos="100" period="3600" file="NUL"/></additional>',
  );
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** A real SUMO on a small scenario, waiting for a client. */
export const startSmallSumo = async (scenario: SmallScenario): Promise<SmallSumo> => {
  const port = await freePort();
  const options = ['-n', 'net.xml', '-r', 'rou.xml', '-a', 'add.xml', '--remote-port', `${port}`, '-e', '3600'];
  const sumo = spawn(program('sumo'), [...options, '--no-step-log', 'true', '--xml-validation', 'never', '--seed', '1'], {
    stdio: 'ignore',
    cwd: scenario.folder,
  });
  return { port, process: sumo, stop: () => sumo.kill('SIGKILL') };
};
