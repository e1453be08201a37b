import { program } from 'commander';

// Each command is one file in commands/ that exports `register(program)`.
import { registerVersion } from './commands/version.ts';

program
  .name('songxanh')
  .description('Open adaptive traffic signal control: run it, tune it, prove it.')
  .showHelpAfterError('(add --help for what is expected)');

registerVersion(program);

await program.parseAsync();
