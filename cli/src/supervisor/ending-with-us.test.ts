import { spawn, spawnSync } from 'node:child_process';
import { endingWithUs } from './ending-with-us.ts';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const onLinux = spawnSync('setpriv', ['--version']).status === 0 ? it : it.skip;

onLinux(
  'a program that is not ours ends when the process that started it is killed (needs setpriv)',
  async () => {
    const { command, args } = endingWithUs('sleep', ['600']);
    const script = `console.log(require('node:child_process').spawn(${JSON.stringify(command)}, ${JSON.stringify(args)}).pid); setInterval(() => 0, 1000)`;
    const parent = spawn(process.execPath, ['-e', script]);
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (chunk: Buffer) => {
        resolve(Number(chunk.toString()));
      });
    });
    // Until then the kernel does not know whom to tell.
    while (
      spawnSync('ps', ['-o', 'comm=', '-p', String(pid)])
        .stdout.toString()
        .trim() !== 'sleep'
    )
      await new Promise((r) => setTimeout(r, 10));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    while (isAlive(pid)) await new Promise((r) => setTimeout(r, 10));
  },
  30_000,
);
