import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createClient } from 'redis';

/** Valkey speaks the same protocol and serves as well. */
const BINARIES = ['redis-server', 'valkey-server'] as const;

/** The Redis (or Valkey) server on this machine, undefined when there is none. */
export const findRedisBinary = (): string | undefined => BINARIES.find((binary) => spawnSync(binary, ['--version']).status === 0);

/** A TCP port that is free on the loopback now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });

/** Arguments of a private server: loopback only, its own data folder, an append-only file so that a kill loses at most a second. */
export const redisArguments = (port: number, dataDir: string): readonly string[] => [
  ...['--port', String(port), '--bind', '127.0.0.1', '--protected-mode', 'yes'],
  ...['--dir', dataDir, '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', '--daemonize', 'no'],
];

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  readonly stop: () => Promise<void>;
}

const answers = async (url: string): Promise<boolean> => {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 500 } });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
    await client.close();
    return true;
  } catch {
    return false;
  }
};

/** Waits until a Redis answers at `url`; false after `timeoutMs`. */
export const redisAnswers = async (url: string, timeoutMs: number): Promise<boolean> => {
  const end = Date.now() + timeoutMs;
  while (!(await answers(url))) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return true;
};

/** Starts a private server (for tests) and waits until it answers. */
export const startRedisServer = async (dataDir: string, port?: number): Promise<RedisServer> => {
  const binary = findRedisBinary();
  if (binary === undefined) throw new Error('no redis-server or valkey-server on this machine; on Debian: apt-get install redis-server');
  mkdirSync(dataDir, { recursive: true });
  const chosen = port ?? (await freePort());
  const url = `redis://127.0.0.1:${String(chosen)}`;
  const child = spawn(binary, [...redisArguments(chosen, dataDir)], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  if (!(await redisAnswers(url, 5000))) throw new Error(`${binary} did not answer on port ${String(chosen)} within 5 s`);
  return {
    url,
    port: chosen,
    child,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
