import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { FileFault, loadScenario } from '@songxanh/sumo-files';
import { parseRunnableSite } from '@songxanh/wire';
import { fillRunFolder } from '../supervisor/run-folder.ts';

const prepare = async ({ scenario: file, out }: { scenario: string; out: string }): Promise<void> => {
  try {
    const scenario = await loadScenario(file, { parseSite: parseRunnableSite });
    rmSync(join(out, 'sites'), { recursive: true, force: true });
    const folder = fillRunFolder(resolve(out), [...scenario.sites.values()]);
    process.stdout.write(`${String(scenario.sites.size)} site files in ${folder.sites}; token for overrides: ${folder.token}\n`);
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    process.stderr.write(`songxanh prepare: ${error.message}\n`);
    process.exit(2);
  }
};

export const registerPrepare = (program: Command): void => {
  program
    .command('prepare')
    .description('write the site files and the token that the processes of a scenario share, for a run without the supervisor (containers)')
    .requiredOption('--scenario <file>', 'SUMO configuration')
    .requiredOption('--out <folder>', 'run folder to fill')
    .action(prepare);
};
