import { readFileSync } from 'node:fs';
import { listSiteFaults, parseSite, SITE_SCHEMA } from '@songxanh/wire';
import type { Command } from 'commander';

const read = (program: Command, file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return program.error(`${file}: cannot be read: ${(error as Error).message}`, { exitCode: 2 });
  }
};

const check = (program: Command, files: readonly string[]): void => {
  const faults = files.flatMap((file) => {
    const text = read(program, file);
    const site = parseSite(text, file);
    return site.ok ? listSiteFaults(site.value, text, file).map(({ message }) => message) : [site.message];
  });
  if (faults.length > 0) program.error(faults.join('\n'), { exitCode: 2 });
  for (const file of files) process.stdout.write(`${file}: may run\n`);
};

/** `songxanh site …`: a junction's file. Other verbs hang on the same command. */
export const registerSite = (program: Command): void => {
  const site = program.commands.find((c) => c.name() === 'site') ?? program.command('site').description("a junction's file");
  site
    .command('check')
    .description('check junction files: references, conflicts, times, plans')
    .argument('<file...>', '.site.json files')
    .action((files: string[]) => check(program, files));
  site
    .command('schema')
    .description('print the JSON Schema of a junction file')
    .action(() => {
      process.stdout.write(`${JSON.stringify(SITE_SCHEMA, null, 2)}\n`);
    });
};
