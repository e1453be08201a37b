import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { FileFault, deriveSite, listYellowTraps, placeDetectors, readAdditional, readNetwork } from '@songxanh/sumo-files';
import { encodeSite } from '@songxanh/wire';

interface Options {
  readonly net: string;
  readonly additional?: string;
  readonly signal?: string;
  readonly out?: string;
  readonly timeZone: string;
}

/** Without detector files the derived loops are listed in the site, as `sumo-detectors` places them. */
const derive = async ({ net, additional, signal, out, timeZone }: Options): Promise<void> => {
  const network = await readNetwork(net);
  const signals = signal === undefined ? [...network.programs.keys()] : [signal];
  const files = additional?.split(',').filter((file) => file !== '') ?? [];
  const furniture = files.length > 0 ? await readAdditional(files, network) : { detectors: placeDetectors(network, signals), busStops: [] };
  const sites = signals.map((id) => deriveSite(network, id, furniture, { timeZone }));
  if (out !== undefined) await mkdir(out, { recursive: true });
  for (const site of sites) {
    const text = `${JSON.stringify(encodeSite(site), undefined, 2)}\n`;
    if (out === undefined) process.stdout.write(text);
    else await writeFile(join(out, `${site.id}.site.json`), text);
    for (const trap of listYellowTraps(site))
      process.stderr.write(`${site.id}: the program has a yellow trap, ${trap}: both ends will come together\n`);
  }
};

/** `songxanh site derive`: part of the `site` group of commands. */
export const registerSiteDerive = (program: Command): void => {
  const group =
    program.commands.find((command) => command.name() === 'site') ?? program.command('site').description("work on junctions' files");
  group
    .command('derive')
    .description('derive site files from a SUMO network, for review')
    .requiredOption('--net <file>', 'the .net.xml')
    .option('--additional <files>', 'detectors (.add.xml, separated by commas); absent: loops are placed')
    .option('--signal <id>', 'only this signal')
    .option('--out <folder>', 'write <signal>.site.json there instead of printing')
    .option('--time-zone <name>', 'IANA name', 'UTC')
    .action(async (options: Options) => {
      try {
        await derive(options);
      } catch (error) {
        if (!(error instanceof FileFault)) throw error;
        process.stderr.write(`${error.message}\n`);
        process.exitCode = 2;
      }
    });
};
