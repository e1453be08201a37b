import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { placeDetectors, readNetwork, writeAdditional } from '@songxanh/sumo-files';
import { orExit } from '../or-exit.ts';
import { UsageFault } from '../usage-fault.ts';

interface Flags {
  readonly net: string;
  readonly out: string;
}

const writeDetectors = async ({ net, out }: Flags): Promise<void> => {
  const network = await readNetwork(net);
  if (network.programs.size === 0) throw new UsageFault(`${net}: no <tlLogic>: expected a network with signals`);
  const loops = placeDetectors(network, network.programs.keys());
  await writeFile(out, writeAdditional(loops)).catch((error: unknown) => {
    throw new UsageFault(`--out ${out}: ${(error as Error).message}: expected a file that can be written`);
  });
  process.stdout.write(`${loops.length} loops for ${network.programs.size} signals in ${out}\n`);
};

export const registerSumoDetectors = (program: Command): void => {
  program
    .command('sumo-detectors')
    .description('write the loops of the detectors regime for a SUMO network: one at each stop line and one 100 m upstream, per lane')
    .requiredOption('--net <file>', 'the network (.net.xml)')
    .requiredOption('--out <file>', 'additional file to write, for SUMO and for `songxanh drive --detectors`')
    .action(orExit('sumo-detectors', writeDetectors));
};
