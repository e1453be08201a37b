import { spawnSync } from 'node:child_process';
import type { Command } from 'commander';
import { isPortFree } from '../supervisor/port.ts';

/** One thing the suite uses: whether it is here, and how to get it. */
export interface Finding {
  readonly what: string;
  readonly found: string | undefined;
  readonly needed: boolean;
  readonly remedy: string;
}

/** First line that a command prints about its version; undefined when none of the commands is there. */
const versionOf = (commands: readonly (readonly [string, string])[]): string | undefined => {
  for (const [command, flag] of commands) {
    const { status, stdout } = spawnSync(command, [flag], { encoding: 'utf8' });
    if (status === 0) return stdout.split('\n')[0]?.trim() ?? command;
  }
  return undefined;
};

/** `engines` of package.json. */
const OLDEST_NODE = [20, 19] as const;

export const isNodeRecent = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
};

/** Looks at the machine. */
export const examine = async (): Promise<readonly Finding[]> => {
  const node = process.versions.node;
  return [
    {
      what: 'Node.js ≥ 20.19',
      found: isNodeRecent(node) ? node : undefined,
      needed: true,
      remedy: `found ${node}; https://nodejs.org, or: nvm install 20`,
    },
    {
      what: 'Redis or Valkey',
      found:
        process.env['REDIS_URL'] ??
        versionOf([
          ['redis-server', '--version'],
          ['valkey-server', '--version'],
        ]),
      needed: true,
      remedy: 'sudo apt-get install redis-server   (or set REDIS_URL)',
    },
    { what: 'port 8080', found: (await isPortFree(8080)) ? 'free' : undefined, needed: false, remedy: 'taken; use --port' },
    { what: 'SUMO', found: versionOf([['sumo', '--version']]), needed: false, remedy: 'only for --street sumo: sudo apt-get install sumo' },
    {
      what: 'Chromium',
      found: versionOf([
        ['chromium', '--version'],
        ['chromium-browser', '--version'],
        ['google-chrome', '--version'],
      ]),
      needed: false,
      remedy: 'only for browser tests: sudo apt-get install chromium',
    },
  ];
};

/** One line per finding: ✓ here, ✗ missing and needed, – missing but optional. */
export const describeFinding = ({ what, found, needed, remedy }: Finding): string =>
  found === undefined ? `${needed ? '✗' : '–'} ${what.padEnd(18)} ${remedy}` : `✓ ${what.padEnd(18)} ${found}`;

export const registerDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('tell what is missing on this machine, and how to get it')
    .action(async () => {
      const findings = await examine();
      for (const finding of findings) process.stdout.write(`${describeFinding(finding)}\n`);
      if (findings.some(({ needed, found }) => needed && found === undefined)) process.exitCode = 1;
    });
};
