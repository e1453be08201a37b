import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ControlMethod, DriveOptions } from '../drive/drive-options.ts';
import { drive } from '../drive/drive.ts';
import { orExit } from '../or-exit.ts';
import { UsageFault } from '../usage-fault.ts';

interface Flags {
  readonly traci: { readonly host: string; readonly port: number };
  readonly net: string;
  readonly end: number;
  readonly timing: 'fine' | 'grid';
  readonly gridStep: number;
  readonly yellow?: number;
  readonly minGreen?: number;
  readonly maxRed?: number;
  readonly sensing: 'vehicles' | 'detectors';
  readonly detectors?: string;
  readonly control: ControlMethod;
  readonly countdown: 'none' | 'tail' | 'full';
  readonly report: string;
}

const hostAndPort = (text: string): Flags['traci'] => {
  const [, host, port] = /^(?:(.+):)?(\d+)$/.exec(text) ?? [];
  const number = Number(port);
  if (!(number >= 1 && number <= 65535)) throw new InvalidArgumentError('expected HOST:PORT, e.g. 127.0.0.1:8813');
  return { host: host ?? '127.0.0.1', port: number };
};

const secondsFrom =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least) {
      throw new InvalidArgumentError(`expected whole seconds, at least ${least}`);
    }
    return value;
  };

const toOptions = ({ traci, net, end, gridStep, yellow, minGreen, maxRed, detectors, ...rest }: Flags): DriveOptions => ({
  ...traci,
  net,
  endS: end,
  gridStepS: gridStep,
  ...(yellow === undefined ? {} : { yellowS: yellow }),
  ...(minGreen === undefined ? {} : { minGreenS: minGreen }),
  ...(maxRed === undefined ? {} : { maxRedS: maxRed }),
  ...(detectors === undefined ? {} : { detectors }),
  timing: rest.timing,
  sensing: rest.sensing,
  control: rest.control,
  countdown: rest.countdown,
});

const driveSumo = async (flags: Flags): Promise<void> => {
  if (flags.sensing === 'detectors' && flags.detectors === undefined) {
    throw new UsageFault('--sensing detectors: expected --detectors FILE, as written by `songxanh sumo-detectors`');
  }
  const save = (text: string): Promise<void> =>
    writeFile(flags.report, text).catch((error: unknown) => {
      throw new UsageFault(`--report ${flags.report}: ${(error as Error).message}: expected a file that can be written`);
    });
  // A report that cannot be written is found before an hour was driven.
  await save('{}\n');
  const report = await drive(toOptions(flags));
  await save(`${JSON.stringify(report, null, 2)}\n`);
  const breaches = Object.values(report.safety).reduce((a, b) => a + b, 0);
  process.stdout.write(
    `${report.steps} steps, ${report.decisions} decisions (p99 ${report.decisionLatency.p99_ms} ms), ${report.switches} changes, ${breaches} safety breaches; report in ${flags.report}\n`,
  );
};

export const registerDrive = (program: Command): void => {
  program
    .command('drive')
    .description('control all signals of a SUMO that was started with --remote-port')
    .requiredOption('--traci <host:port>', 'where SUMO listens', hostAndPort)
    .requiredOption('--net <file>', 'the network SUMO runs (.net.xml)')
    .requiredOption('--end <seconds>', 'SUMO time at which to stop', secondsFrom(1))
    .addOption(new Option('--timing <kind>', 'decide every second, or on a grid').choices(['fine', 'grid']).default('fine'))
    .option('--grid-step <seconds>', 'seconds between decisions of the grid', secondsFrom(1), 10)
    .option('--yellow <seconds>', "yellow instead of the programs' own", secondsFrom(1))
    .option('--min-green <seconds>', "minimum green instead of the programs' own", secondsFrom(1))
    .option('--max-red <seconds>', 'longest red of a vehicle movement with demand waiting', secondsFrom(1))
    .addOption(new Option('--sensing <kind>', 'what is seen of the traffic').choices(['vehicles', 'detectors']).default('vehicles'))
    .option('--detectors <file>', 'additional file with the loops SUMO has')
    .addOption(
      new Option('--control <method>', 'who decides').choices(['adaptive', 'fixed', 'max-pressure', 'actuated']).default('adaptive'),
    )
    .addOption(new Option('--countdown <kind>', 'countdown displays of all groups').choices(['none', 'tail', 'full']).default('none'))
    .requiredOption('--report <file>', 'JSON report to write')
    .action(orExit('drive', driveSumo));
};
