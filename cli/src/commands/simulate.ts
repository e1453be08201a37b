import { readFile, writeFile } from 'node:fs/promises';
import {
  adaptivePlanner,
  fixedTimePlanner,
  createOutflowBoard,
  loopStep,
  maxPressurePlanner,
  startLoop,
  type DetectorActuation,
  type LoopState,
  type Planner,
} from '@songxanh/core';
import { openMicroStreet, type MicroStreet, type TripRow } from '@songxanh/micro';
import {
  loadScenario,
  readConfig,
  writeSummary,
  writeTripInfo,
  type Scenario,
  type ScenarioFiles,
  type SummaryRow,
} from '@songxanh/sumo-files';
import { encodeHeads, parseSite } from '@songxanh/wire';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { orExit } from '../or-exit.ts';
import { UsageFault } from '../usage-fault.ts';
import { refuseUnknownOptions } from './sumo-options.ts';

interface Flags {
  readonly net?: string;
  readonly routes: readonly string[];
  readonly additional: readonly string[];
  readonly begin?: number;
  readonly end?: number;
  readonly seed?: number;
  readonly control: 'program' | 'fixed' | 'adaptive' | 'max-pressure';
  readonly tripinfo?: string;
  readonly summary?: string;
}

const PLANNERS: Readonly<Record<Exclude<Flags['control'], 'program'>, () => Planner>> = {
  adaptive: () => adaptivePlanner(),
  'max-pressure': () => maxPressurePlanner(),
  // The controller's own time-of-day plan or local actuation, as its schedule says.
  fixed: () => fixedTimePlanner(),
};

const listOf = (text: string, before: readonly string[] = []): string[] => [...before, ...text.split(',').filter((part) => part !== '')];

const numberFrom = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
};

const filesOf = async (config: string | undefined, flags: Flags): Promise<ScenarioFiles | string> => {
  if (config !== undefined) {
    const files = await readConfig(config);
    refuseUnknownOptions(config, await readFile(config, 'utf8'));
    if (flags.net !== undefined || flags.routes.length > 0) throw new UsageFault('expected a .sumocfg or --net and --routes, not both');
    if (flags.begin === undefined && flags.end === undefined && flags.additional.length === 0) return config;
    return {
      ...files,
      additional: [...files.additional, ...flags.additional],
      beginS: flags.begin ?? files.beginS,
      endS: flags.end ?? files.endS,
    };
  }
  if (flags.net === undefined || flags.routes.length === 0) throw new UsageFault('expected a .sumocfg, or --net FILE and --routes FILE');
  return {
    net: flags.net,
    routes: flags.routes,
    additional: flags.additional,
    beginS: flags.begin ?? 0,
    endS: flags.end ?? Infinity,
    stepLengthS: 1,
  };
};

const runLoops = (street: MicroStreet, scenario: Scenario, planner: Planner, onStep: () => void): void => {
  const board = createOutflowBoard();
  const loops = new Map<string, LoopState>();
  for (const site of scenario.sites.values())
    loops.set(site.id, startLoop(site, street.begin, { planner, sensing: 'detectors', planDelay: 'next-step' }));
  let now = street.begin;
  let inputs: ReadonlyMap<string, readonly DetectorActuation[]> = new Map();
  while (!street.simulation.done) {
    const heads = new Map<string, Uint8Array>();
    for (const [id, loop] of loops) {
      const { state, report, outflow } = loopStep(loop, { now, actuations: inputs.get(id) ?? [], inflow: board.inflowOf(loop.site, now) });
      board.tell(loop.site.id, now, outflow);
      loops.set(id, state);
      heads.set(id, encodeHeads(report.heads));
    }
    const moved = street.step(heads);
    now = moved.now;
    inputs = moved.inputs;
    onStep();
  }
};

const toTripInfo = (row: TripRow): Parameters<typeof writeTripInfo>[0][number] => ({
  id: row.id,
  departS: row.depart,
  departLane: row.departLane,
  departPosM: row.departPos,
  departSpeedMps: row.departSpeed,
  departDelayS: row.departDelay,
  ...(row.arrival < 0
    ? {}
    : { arrivalS: row.arrival, arrivalLane: row.arrivalLane, arrivalPosM: row.arrivalPos, arrivalSpeedMps: row.arrivalSpeed }),
  durationS: row.duration,
  routeLengthM: row.routeLength,
  waitingTimeS: row.waitingTime,
  waitingCount: row.waitingCount,
  stopTimeS: row.stopTime,
  timeLossS: row.timeLoss,
  vType: row.vType,
  speedFactor: row.speedFactor,
});

const save = (option: string, file: string, text: string): Promise<void> =>
  writeFile(file, text).catch((error: unknown) => {
    throw new UsageFault(`${option} ${file}: ${(error as Error).message}: expected a file that can be written`);
  });

const simulate = async (config: string | undefined, flags: Flags): Promise<void> => {
  const files = await filesOf(config, flags);
  const seed = flags.seed ?? (typeof files === 'string' ? undefined : files.seed) ?? 1;
  const scenario = await loadScenario(files, { parseSite, seed });
  const street = openMicroStreet(scenario, seed);
  if (!street.ok) throw new UsageFault(street.message);
  const { simulation } = street.value;
  const steps: SummaryRow[] = [];
  const onStep = (): void => {
    if (flags.summary !== undefined) steps.push(simulation.summary());
  };
  if (flags.control === 'program') {
    while (!simulation.done) {
      simulation.step();
      onStep();
    }
  } else runLoops(street.value, scenario, PLANNERS[flags.control](), onStep);
  if (flags.tripinfo !== undefined) await save('--tripinfo', flags.tripinfo, writeTripInfo(simulation.trips().map(toTripInfo)));
  if (flags.summary !== undefined) await save('--summary', flags.summary, writeSummary(steps));
  process.stdout.write(
    `${JSON.stringify({ scenario: scenario.name, control: flags.control, seed, ...simulation.kpis() }, undefined, 2)}\n`,
  );
};

export const registerSimulate = (program: Command): void => {
  program
    .command('simulate')
    .description('run a SUMO scenario on our own engine and measure it')
    .argument('[config]', 'a .sumocfg')
    .option('--net <file>', 'SUMO network')
    .option('--routes <files>', 'SUMO routes, comma-separated', listOf, [])
    .option('--additional <files>', 'SUMO additional files, comma-separated', listOf, [])
    .option('--begin <seconds>', 'first second', numberFrom)
    .option('--end <seconds>', 'last second', numberFrom)
    .option('--seed <number>', 'same seed, same bytes', numberFrom)
    .addOption(
      new Option('--control <method>', 'who decides what signals show')
        .choices(['program', 'fixed', 'adaptive', 'max-pressure'])
        .default('program'),
    )
    .option('--tripinfo <file>', "write SUMO's tripinfo, unfinished trips included")
    .option('--summary <file>', "write SUMO's summary, one row per step")
    .action(orExit('simulate', simulate));
};
