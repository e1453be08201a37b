import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { FileFault, loadScenario } from '@songxanh/sumo-files';
import { findRedisBinary, redisAnswers } from '@songxanh/store';
import { parsePlaybooks, parseRunnableSite } from '@songxanh/wire';
import { isPortFree } from '../supervisor/port.ts';
import { makeRunFolder, siteFileOf, tidyRunFolder } from '../supervisor/run-folder.ts';
import type { RunOptions } from '../supervisor/run-plan.ts';
import { planRun, playbooksOf } from '../supervisor/run-plan.ts';
import { supervise } from '../supervisor/supervise.ts';

interface Flags {
  readonly scenario: string;
  readonly speed: string;
  readonly street: 'micro' | 'sumo';
  readonly seed: number;
  readonly method: string;
  readonly agents: number;
  readonly port: number;
  readonly compare: boolean;
  readonly signalLog?: string;
  readonly countdownLog?: string;
  readonly untilEnd: boolean;
  readonly runFolder: string;
}

const whole =
  (min: number, max: number) =>
  (value: string): number => {
    const n = Number(value);
    if (value.trim() === '' || !Number.isInteger(n) || n < min || n > max)
      throw new InvalidArgumentError(`expected a whole number from ${String(min)} to ${String(max)}`);
    return n;
  };

const pace = (value: string): string => {
  if (value !== 'max' && !(Number(value) > 0)) throw new InvalidArgumentError('expected a number above 0, or max');
  return value;
};

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Exit code 2 and one message: the caller's input cannot be used. */
const refuse = (message: string): never => {
  process.stderr.write(`songxanh run: ${message}\n`);
  process.exit(2);
};

/** The processes append; a new run begins with an empty file. */
const empty = (option: string, file: string): void => {
  try {
    writeFileSync(file, '');
  } catch (error) {
    refuse(`${option} ${file}: ${(error as Error).message}: expected a file that can be written`);
  }
};

/** The gateway reads them too, when everything else has begun. */
const checkPlaybooks = (scenario: string, junctions: readonly string[]): void => {
  const file = playbooksOf(scenario);
  if (!existsSync(file)) return;
  const parsed = parsePlaybooks(readFileSync(file, 'utf8'), file, junctions);
  if (!parsed.ok) refuse(parsed.message);
};

/** All that can be wrong with the input is found before anything is started. */
const checkInput = async (flags: Flags) => {
  const redisUrl = process.env['REDIS_URL'];
  const redisBinary = redisUrl === undefined ? findRedisBinary() : undefined;
  if (redisUrl !== undefined && !(await redisAnswers(redisUrl, 2000)))
    refuse(`REDIS_URL is ${redisUrl}: expected a Redis that answers there`);
  if (redisUrl === undefined && redisBinary === undefined)
    refuse('no redis-server on this machine: expected one, or REDIS_URL; sudo apt-get install redis-server');
  if (flags.street === 'sumo' && spawnSync('sumo', ['--version']).status !== 0)
    refuse('--street sumo: expected sumo on this machine; sudo apt-get install sumo');
  if (!(await isPortFree(flags.port))) refuse(`--port ${String(flags.port)} is taken: expected a free one`);
  try {
    const scenario = await loadScenario(flags.scenario, { parseSite: parseRunnableSite });
    if (scenario.sites.size === 0) refuse(`${flags.scenario}: expected a network with at least one signal`);
    checkPlaybooks(flags.scenario, [...scenario.sites.keys()]);
    return { scenario, redisUrl, redisBinary };
  } catch (error) {
    if (error instanceof FileFault) return refuse(error.message);
    throw error;
  }
};

const run = async (flags: Flags): Promise<void> => {
  const { scenario, redisUrl, redisBinary } = await checkInput(flags);
  for (const [option, file] of Object.entries({ '--signal-log': flags.signalLog, '--countdown-log': flags.countdownLog })) {
    if (file !== undefined) empty(option, file);
  }
  const sites = [...scenario.sites.values()];
  const folder = makeRunFolder(flags.runFolder, scenario.name, sites);
  const options: RunOptions = { ...flags, signalLog: flags.signalLog, countdownLog: flags.countdownLog, redisUrl, redisBinary };
  const specs = await planRun(options, folder, sites, (site) => join(folder.sites, siteFileOf(site.id)));
  say(`${scenario.title}: ${String(sites.length)} junctions, ${String(scenario.demand.trips.length)} trips; logs in ${folder.path}`);

  let ending: Promise<void> | undefined;
  const end = (code: number): void => {
    ending ??= supervisor.stop().then(() => {
      tidyRunFolder(folder);
      process.exit(code);
    });
  };
  const supervisor = supervise(specs, {
    runFolder: folder.path,
    say,
    onEnded: (name, code, message) => {
      if (code !== 0) {
        process.stderr.write(`${message}\n`);
        end(code);
      } else if (name === 'street') {
        say(flags.untilEnd ? 'the scenario is over' : 'the scenario is over; Ctrl-C stops');
        if (flags.untilEnd) end(0);
      }
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending === undefined) say('stopping');
      end(0);
    });
  }
  try {
    await supervisor.start();
  } catch (error) {
    process.stderr.write(`songxanh run: ${(error as Error).message} in ${folder.path}/logs\n`);
    end(1);
    return;
  }
  if (ending !== undefined) return;
  say(`open http://127.0.0.1:${String(flags.port)}   (token for overrides: ${folder.token})`);
  if (!existsSync(folder.accounts)) say('nobody can sign in yet: npx songxanh user add <name> --role operator');
};

export const registerRun = (program: Command): void => {
  program
    .command('run')
    .description('run the whole suite on a scenario: a moving city at http://127.0.0.1:8080')
    .option('--scenario <file>', 'SUMO configuration', 'scenarios/corridor/corridor.sumocfg')
    .option('--speed <pace>', 'street seconds per second, or max', pace, '1')
    .addOption(new Option('--street <engine>', 'who moves the vehicles').choices(['micro', 'sumo']).default('micro'))
    .option('--seed <n>', 'seed of the traffic', whole(0, 2 ** 31 - 1), 1)
    .addOption(
      new Option('--method <name>', 'how the optimizer decides').choices(['adaptive', 'fixed', 'max-pressure']).default('adaptive'),
    )
    .option('--agents <n>', 'agent processes to deal the junctions out to', whole(1, 64), 1)
    .option('--port <n>', 'port of the page', whole(1, 65_535), 8080)
    .option('--no-compare', 'do not run the time-of-day plans beside it')
    .option('--signal-log <file>', 'write what every lamp shows: time_ms,junction,heads')
    .option('--countdown-log <file>', 'write what every countdown display shows: time_ms,group,number')
    .option('--until-end', 'stop everything when the scenario is over', false)
    .option('--run-folder <folder>', 'where logs and site files of runs are kept', '.run')
    .action(run);
};
