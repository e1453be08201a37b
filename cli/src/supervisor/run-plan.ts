import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Site } from '@songxanh/core';
import { isServing } from '@songxanh/platform';
import { freePort, redisAnswers, redisArguments } from '@songxanh/store';
import type { ProcessSpec } from './child.ts';
import { endingWithUs } from './ending-with-us.ts';
import type { RunFolder } from './run-folder.ts';

export interface RunOptions {
  readonly scenario: string;
  readonly speed: string;
  readonly street: 'micro' | 'sumo';
  readonly seed: number;
  readonly method: string;
  readonly agents: number;
  readonly port: number;
  /** Runs the same demand under the time-of-day plans beside it, for the page's comparison. */
  readonly compare: boolean;
  /** Files for what every lamp and every countdown display shows; none where undefined. */
  readonly signalLog: string | undefined;
  readonly countdownLog: string | undefined;
  /** An outside Redis; otherwise a private one is started with this binary. */
  readonly redisUrl: string | undefined;
  readonly redisBinary: string | undefined;
}

/** Root of the repository (or of the image): the same depth from src/ and dist/. */
const ROOT = join(import.meta.dirname, '..', '..', '..');
/** From sources (through a TypeScript loader) the processes run from sources too. */
const FROM_SOURCE = import.meta.filename.endsWith('.ts');

const mainOf = (workspace: string, main = 'main'): string => join(ROOT, workspace, FROM_SOURCE ? `src/${main}.ts` : `dist/${main}.js`);
const flags = (values: Readonly<Record<string, string | number>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);

const nodeProcess = (
  name: string,
  main: string,
  values: Readonly<Record<string, string | number>>,
  isHealthy: () => Promise<boolean>,
  mayEnd = false,
): ProcessSpec => ({ name, command: process.execPath, args: [...process.execArgv, main, ...flags(values)], isHealthy, mayEnd });

/** Where a scenario's own scripts of the control room lie, if it has any. */
export const playbooksOf = (scenario: string): string => join(dirname(scenario), 'playbooks.json');

const always = (): Promise<boolean> => Promise.resolve(true);

const answersHttp = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(500) })).ok;
  } catch {
    return false;
  }
};

/** Sites dealt out to agents in turn; an agent without any is left out. */
export const dealSites = (sites: readonly Site[], agents: number): readonly (readonly Site[])[] =>
  Array.from({ length: agents }, (_, i) => sites.filter((__, k) => k % agents === i)).filter((share) => share.length > 0);

/**
 * Every process of a run, in waves: a wave starts when the one before is healthy, so that the first step finds everybody there.
 * Each has a loopback port of its own that it keeps through restarts.
 */
export const planRun = async (
  options: RunOptions,
  folder: RunFolder,
  sites: readonly Site[],
  siteFile: (site: Site) => string,
): Promise<readonly (readonly ProcessSpec[])[]> => {
  const port = async (): Promise<string> => `127.0.0.1:${String(await freePort())}`;
  const redisPort = await freePort();
  const redis = options.redisUrl ?? `redis://127.0.0.1:${String(redisPort)}`;
  const [detectors, optimizer, overrides, street, cabinet] = [await port(), await port(), await port(), await port(), await port()];
  const [priority, priorityHttp] = [await port(), process.env['SONGXANH_PRIORITY_PORT'] ?? String(await freePort())];
  const serving = (address: string) => () => isServing(address);
  const { scenario } = options;
  const common = { sites: folder.sites, redis };
  const web = join(ROOT, 'web', 'dist');
  const playbooks = playbooksOf(scenario);
  const gtfs = join(dirname(scenario), 'gtfs');

  const redisSpec: ProcessSpec[] =
    options.redisUrl !== undefined || options.redisBinary === undefined
      ? []
      : [
          {
            name: 'redis',
            ...endingWithUs(options.redisBinary, redisArguments(redisPort, folder.redis)),
            isHealthy: () => redisAnswers(redis, 0),
            mayEnd: false,
          },
        ];
  const shares = await Promise.all(dealSites(sites, options.agents).map(async (share) => ({ share, listen: await port() })));
  const agents = shares.map(({ share, listen }, i) => {
    const name = `agent-${String(i + 1)}`;
    const logs = options.countdownLog === undefined ? {} : { 'countdown-log': options.countdownLog };
    return nodeProcess(
      name,
      mainOf('controllers/agent'),
      { name, listen, sites: share.map(siteFile).join(','), cabinet, detectors, optimizers: optimizer, gateway: overrides, ...logs },
      serving(listen),
    );
  });
  // The comparison is our engine's: beside SUMO's measures it would compare the engines.
  const comparison =
    options.compare && options.street === 'micro'
      ? [nodeProcess('comparison', mainOf('simulators/micro', 'comparison/main'), { scenario, seed: options.seed, redis }, always, true)]
      : [];
  const streetMain = options.street === 'micro' ? mainOf('simulators/micro', 'process/main') : mainOf('simulators/sumo', 'process/main');
  const centre = [
    nodeProcess('detectors', mainOf('services/detectors'), { ...common, listen: detectors }, serving(detectors)),
    nodeProcess(
      'optimizer',
      mainOf('services/optimizer'),
      { ...common, listen: optimizer, detectors, method: options.method },
      serving(optimizer),
    ),
    nodeProcess(
      'gateway',
      mainOf('services/gateway'),
      {
        ...common,
        ...{ scenario, listen: overrides, port: options.port, detectors, cabinets: cabinet, 'token-file': folder.tokenFile },
        'preemption-token-file': folder.preemptionTokenFile,
        ...{ accounts: folder.accounts, journal: folder.journal, recording: folder.recording },
        ...(existsSync(playbooks) ? { playbooks } : {}),
        ...(existsSync(web) ? { web } : {}),
      },
      () => answersHttp(`http://127.0.0.1:${String(options.port)}/api/health`),
    ),
    nodeProcess(
      'priority',
      mainOf('services/priority'),
      {
        ...common,
        ...{ scenario, listen: priority, port: priorityHttp, detectors, 'token-file': folder.tokenFile },
        ...{ gateway: `http://127.0.0.1:${String(options.port)}`, 'preemption-token-file': folder.preemptionTokenFile },
        ...(existsSync(gtfs) ? { gtfs } : {}),
      },
      serving(priority),
    ),
    ...comparison,
    nodeProcess(
      'cabinet',
      mainOf('simulators/cabinet'),
      { sites: folder.sites, listen: cabinet, street, cards: join(folder.path, 'cards') },
      serving(cabinet),
    ),
  ];
  const junctions = [
    ...agents,
    nodeProcess(
      'street',
      streetMain,
      {
        ...{ scenario, speed: options.speed, seed: options.seed, listen: street, redis },
        ...(options.signalLog === undefined ? {} : { 'signal-log': options.signalLog }),
      },
      serving(street),
      true,
    ),
  ];
  return [redisSpec, centre, junctions];
};
