import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../graphhopper');
const JAR = process.env['GRAPHHOPPER_JAR'] ?? join(FOLDER, 'graphhopper-web.jar');
const CONFIG = join(FOLDER, 'config.yml');

/** Why no GraphHopper server can be started here; undefined where one can. */
export const whyNoGraphHopper = (): string | undefined => {
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0) return 'java is not installed';
  if (!existsSync(JAR)) return `${JAR} is missing: sh services/priority/graphhopper/get.sh`;
  return undefined;
};

export interface GraphHopperServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => {
        resolve(port);
      });
    });
  });

/** The published server, on one OSM file and a graph folder of its own. */
export const startGraphHopper = async (osm: string, withinMs: number): Promise<GraphHopperServer> => {
  const graph = mkdtempSync(join(tmpdir(), 'songxanh-graph-'));
  const port = await freePort();
  const settings = {
    'graphhopper.datareader.file': osm,
    'graphhopper.graph.location': graph,
    'server.application_connectors[0].port': port,
  };
  const flags = Object.entries(settings).map(([name, value]) => `-Ddw.${name}=${String(value)}`);
  const child = spawn('nice', ['-n', '15', 'java', '-Xmx512m', ...flags, '-jar', JAR, 'server', CONFIG], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const out of [child.stdout, child.stderr]) out.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2000)));
  const url = `http://127.0.0.1:${String(port)}`;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      const over = (): void => {
        rmSync(graph, { recursive: true, force: true });
        resolve();
      };
      if (child.exitCode !== null) over();
      else child.once('exit', over).kill('SIGTERM');
    });
  for (const end = performance.now() + withinMs; performance.now() < end;) {
    if (child.exitCode !== null) break;
    const up = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return { url, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`GraphHopper did not come up:\n${said}`);
};
