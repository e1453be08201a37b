import { program } from 'commander';

// Each command is one file in commands/ that exports `register(program)`.
import { registerDoctor } from './commands/doctor.ts';
import { registerDrive } from './commands/drive.ts';
import { registerPrepare } from './commands/prepare.ts';
import { registerRun } from './commands/run.ts';
import { registerSimulate } from './commands/simulate.ts';
import { registerSite } from './commands/site.ts';
import { registerSiteDerive } from './commands/site-derive.ts';
import { registerSumoDetectors } from './commands/sumo-detectors.ts';
import { registerUser } from './commands/user.ts';
import { registerVersion } from './commands/version.ts';

program
  .name('songxanh')
  .description('Open adaptive traffic signal control: run it, tune it, prove it.')
  .showHelpAfterError('(add --help for what is expected)')
  // Bad input is exit code 2 everywhere; commander's own would be 1.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

registerRun(program);
registerDoctor(program);
registerPrepare(program);
registerSimulate(program);
registerSite(program);
registerSiteDerive(program);
registerDrive(program);
registerSumoDetectors(program);
registerUser(program);
registerVersion(program);

await program.parseAsync();
