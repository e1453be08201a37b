import { spawnSync } from 'node:child_process';
import type { ProcessSpec } from './child.ts';

/**
 * Our own processes end when the supervisor's end closes their input; a program that is not ours is told by the kernel (Linux: util-linux's
 * setpriv), which becomes that program and so keeps its process id.
 */
export const endingWithUs = (command: string, args: readonly string[]): Pick<ProcessSpec, 'command' | 'args'> =>
  spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0
    ? { command: 'setpriv', args: ['--pdeathsig', 'TERM', command, ...args] }
    : { command, args };
