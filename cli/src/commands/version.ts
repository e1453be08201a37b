import type { Command } from 'commander';

export const registerVersion = (program: Command): void => {
  program.version('0.1.0', '-V, --version', 'print the version');
};
