import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Site } from '@songxanh/core';
import { isServing } from '@songxanh/platform';
import { freePort, startRedisServer } from '@songxanh/store';
import { encodeSite } from '@songxanh/wire';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Compiled services beside a compiled benchmark, as `make run` starts them; sources beside sources. */
const MAIN = import.meta.filename.endsWith('.ts') ? 'src/main.ts' : 'dist/main.js';
/** An optimizer of 1,000 junctions plans once for each before it says that it serves. */
const START_WITHIN_MS = 180_000;

export interface Centre {
  readonly detectors: string;
  readonly optimizer: string;
  /** Processor time each service has taken so far, ms; NaN where the system has no /proc. */
  readonly cpuMs: () => { readonly detectors: number; readonly optimizer: number };
  readonly stop: () => Promise<void>;
}

const startService = async (name: string, address: string, flags: Readonly<Record<string, string>>): Promise<ChildProcess> => {
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      join(ROOT, 'services', name, MAIN),
      ...['--listen', address],
      ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]),
    ],
    // Its end is ours: a supervised process stops when its input closes.
    { cwd: ROOT, stdio: ['pipe', 'ignore', 'inherit'], env: { ...process.env, SONGXANH_SUPERVISED: '1', SONGXANH_LOG: 'silent' } },
  );
  const end = performance.now() + START_WITHIN_MS;
  while (!(await isServing(address))) {
    if (child.exitCode !== null || performance.now() > end) throw new Error(`${name} did not begin to serve on ${address}`);
    await new Promise((again) => setTimeout(again, 50));
  }
  return child;
};

/** Linux counts in hundredths of a second (USER_HZ; proc(5), fields utime and stime). */
const TICK_MS = 10;

const cpuMsOf = ({ pid }: ChildProcess): number => {
  try {
    // The name in brackets may hold spaces; what follows it begins with the third field.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return NaN;
  }
};

/** Redis, the detector service and one optimizer for these sites, each a process of its own. */
export const startCentre = async (sites: readonly Site[]): Promise<Centre> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-latency-'));
  const siteFolder = join(folder, 'sites');
  mkdirSync(siteFolder);
  for (const site of sites) writeFileSync(join(siteFolder, `${site.id}.site.json`), JSON.stringify(encodeSite(site)));
  const redis = await startRedisServer(join(folder, 'redis'));
  const address = async (): Promise<string> => `127.0.0.1:${await freePort()}`;
  const [detectors, optimizer] = [await address(), await address()];
  const common = { sites: siteFolder, redis: redis.url };
  const detectorService = await startService('detectors', detectors, common);
  const optimizerService = await startService('optimizer', optimizer, { ...common, detectors });
  return {
    detectors,
    optimizer,
    cpuMs: () => ({ detectors: cpuMsOf(detectorService), optimizer: cpuMsOf(optimizerService) }),
    stop: async () => {
      await Promise.all(
        [optimizerService, detectorService].map(
          (child) =>
            new Promise((ended) => {
              child.once('exit', ended);
              child.kill('SIGTERM');
            }),
        ),
      );
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
