import { readFile, writeFile } from 'node:fs/promises';
import type { DetectorActuation } from '@songxanh/core';
import { keepHeapSmall, openMicroStreet, type TripEmissions, type TripRow } from '@songxanh/micro';
import {
  loadScenario,
  readConfig,
  writeDetectors,
  writeSummary,
  writeTripInfo,
  type Scenario,
  type ScenarioFiles,
  type SummaryRow,
  type TripInfoRow,
} from '@songxanh/sumo-files';
import { parseRunnableSite } from '@songxanh/wire';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { driveSites } from '../drive/drive-sites.ts';
import { orExit } from '../or-exit.ts';
import { UsageFault } from '../usage-fault.ts';
import { countDetectors } from '../simulate/detector-counts.ts';
import { runLoops, type LoopControl } from '../simulate/run-loops.ts';
import { recordPlaces, recordSignals } from '../simulate/street-record.ts';
import { openXmlStream, type XmlStream } from '../simulate/xml-stream.ts';
import { refuseUnknownOptions } from './sumo-options.ts';

interface Flags {
  readonly net?: string;
  readonly routes: readonly string[];
  readonly additional: readonly string[];
  readonly begin?: number;
  readonly end?: number;
  readonly seed?: number;
  readonly control: 'program' | LoopControl;
  readonly sensing: 'detectors' | 'vehicles';
  readonly yellow?: number;
  readonly minGreen?: number;
  readonly maxRed?: number;
  readonly tripinfo?: string;
  readonly emissions?: boolean;
  readonly summary?: string;
  readonly detectorOutput?: string;
  readonly detectorPeriod: number;
  readonly signalStates?: string;
  readonly trajectories?: string;
}

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

/** The scenario with the sites that `songxanh drive` would give the signals that have no site file. */
const asDriven = (scenario: Scenario, { control, yellow, minGreen, maxRed }: Flags): Scenario => {
  if (scenario.derived.size === 0 || control === 'program') return scenario;
  const sites = driveSites(scenario.network, scenario.furniture, {
    ...(yellow === undefined ? {} : { yellowS: yellow }),
    ...(minGreen === undefined ? {} : { minGreenS: minGreen }),
    ...(maxRed === undefined ? {} : { maxRedS: maxRed }),
    control,
    countdown: 'none',
  });
  return {
    ...scenario,
    sites: new Map([...scenario.sites].map(([id, site]) => [id, scenario.derived.has(id) ? (sites.get(id) ?? site) : site])),
  };
};

const toMg = ({ co2G, noxG, pmG, fuelG }: TripEmissions): NonNullable<TripInfoRow['emissionsMg']> => ({
  co2: co2G * 1000,
  nox: noxG * 1000,
  pm: pmG * 1000,
  fuel: fuelG * 1000,
});

const toTripInfo = (row: TripRow): TripInfoRow => ({
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
  ...(row.emissions === undefined ? {} : { emissionsMg: toMg(row.emissions) }),
});

const save = (option: string, file: string, text: string): Promise<void> =>
  writeFile(file, text).catch((error: unknown) => {
    throw new UsageFault(`${option} ${file}: ${(error as Error).message}: expected a file that can be written`);
  });

const streamTo = (option: string, file: string | undefined, root: string): XmlStream | undefined => {
  try {
    return file === undefined ? undefined : openXmlStream(file, root);
  } catch (error) {
    throw new UsageFault(`${option} ${file ?? ''}: ${(error as Error).message}: expected a file that can be written`);
  }
};

const simulate = async (config: string | undefined, flags: Flags): Promise<void> => {
  keepHeapSmall();
  const files = await filesOf(config, flags);
  const seed = flags.seed ?? (typeof files === 'string' ? undefined : files.seed) ?? 1;
  const scenario = asDriven(await loadScenario(files, { parseSite: parseRunnableSite, seed }), flags);
  const street = openMicroStreet(scenario, seed, { emissions: flags.emissions === true });
  if (!street.ok) throw new UsageFault(street.message);
  const { simulation } = street.value;
  const steps: SummaryRow[] = [];
  if (flags.detectorPeriod <= 0) throw new UsageFault(`--detector-period ${String(flags.detectorPeriod)}: expected seconds > 0`);
  const loops = scenario.furniture.detectors.filter(({ kind }) => kind === 'loop').map(({ id }) => id);
  const counts = countDetectors(loops, scenario.midnight, scenario.files.beginS, flags.detectorPeriod);
  const signals = streamTo('--signal-states', flags.signalStates, 'tlsStates');
  const places = streamTo('--trajectories', flags.trajectories, 'fcd-export');
  const onStep = (actuations: Iterable<DetectorActuation>): void => {
    counts.note(actuations);
    if (flags.summary !== undefined) steps.push(simulation.summary());
    const timeS = simulation.nowS - scenario.files.stepLengthS;
    if (signals !== undefined) recordSignals(signals, simulation, scenario.network, timeS);
    if (places !== undefined) recordPlaces(places, simulation, timeS);
  };
  if (flags.control === 'program') {
    while (!simulation.done) {
      simulation.step();
      onStep(simulation.takeActuations());
    }
  } else {
    const { control, sensing } = flags;
    // Sites of our own run as they do between processes; others as `songxanh drive` runs them.
    const planDelay = scenario.derived.size === scenario.sites.size ? 'same-step' : 'next-step';
    runLoops(street.value, scenario, { control, sensing, planDelay }, onStep);
  }
  signals?.close();
  places?.close();
  if (flags.tripinfo !== undefined) await save('--tripinfo', flags.tripinfo, writeTripInfo(simulation.trips().map(toTripInfo)));
  if (flags.summary !== undefined) await save('--summary', flags.summary, writeSummary(steps));
  if (flags.detectorOutput !== undefined)
    await save('--detector-output', flags.detectorOutput, writeDetectors(counts.rows(simulation.nowS)));
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
        .choices(['program', 'fixed', 'actuated', 'adaptive', 'max-pressure'])
        .default('program'),
    )
    .addOption(new Option('--sensing <kind>', 'what is seen of the traffic').choices(['detectors', 'vehicles']).default('detectors'))
    .option('--yellow <seconds>', "yellow of signals without a site file, instead of the programs' own", numberFrom)
    .option('--min-green <seconds>', "minimum green of signals without a site file, instead of the programs' own", numberFrom)
    .option('--max-red <seconds>', 'longest red of a vehicle movement with demand waiting, where there is no site file', numberFrom)
    .option('--tripinfo <file>', "write SUMO's tripinfo, unfinished trips included")
    .option('--emissions', 'reckon what each trip emits, for the tripinfo')
    .option('--summary <file>', "write SUMO's summary, one row per step")
    .option('--signal-states <file>', "write what signals show in each step, as SUMO's SaveTLSStates does")
    .option('--trajectories <file>', "write where everybody is after each step, as SUMO's --fcd-output does")
    .option('--detector-output <file>', "write what loops count, as SUMO's induction loops do")
    .option('--detector-period <seconds>', 'length of its intervals', numberFrom, 300)
    .action(orExit('simulate', simulate));
};
