import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

/** One process of the suite: how to start it, and how to know that it works. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Asked again and again after the start. */
  readonly isHealthy: () => Promise<boolean>;
  /** Its end with exit code 0 is the end of its work, not a loss. */
  readonly mayEnd: boolean;
}

export interface ChildEvents {
  readonly onStarted: (name: string, pid: number) => void;
  readonly onRestart: (name: string, why: string, inMs: number) => void;
  /** It ended well, or found its input bad (exit code 2, with its message): it is not started again. */
  readonly onEnded: (name: string, code: number, message: string) => void;
}

export interface Child {
  readonly name: string;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  /** Of the process that runs now; undefined while none does. */
  readonly pid: () => number | undefined;
  /** Cuts off a process that has stopped answering; it is started again like any that is lost. */
  readonly cut: () => void;
}

const BACKOFF_MS = { first: 250, longest: 5000 };
/** A process that has lived this long starts again with the first backoff. */
const SETTLED_MS = 10_000;
/** Processes give themselves 5 s to stop; then they are cut off. */
const STOP_WITHIN_MS = 6000;
const BAD_INPUT = 2;

/** A process that is started again whenever it is lost, until it is stopped. Its output goes to `<logFolder>/<name>.log`. */
export const superviseChild = (spec: ProcessSpec, logFolder: string, events: ChildEvents): Child => {
  let child: ChildProcess | undefined;
  let wait = BACKOFF_MS.first;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;

  const start = (): void => {
    const startedAt = Date.now();
    const log = createWriteStream(join(logFolder, `${spec.name}.log`), { flags: 'a' });
    // A process group of its own: the terminal's Ctrl-C reaches only the supervisor, which stops everybody in order.
    const env = { ...process.env, SONGXANH_SUPERVISED: '1' };
    const started = spawn(spec.command, [...spec.args], { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env });
    child = started;
    let lastWords = '';
    started.stdout.pipe(log, { end: false });
    started.stderr.on('data', (chunk: Buffer) => {
      lastWords = `${lastWords}${chunk.toString()}`.slice(-2000);
      log.write(chunk);
    });
    started.once('error', (error) => {
      lastWords = error.message;
    });
    started.once('close', (code, signal) => {
      log.end();
      if (child === started) child = undefined;
      if (stopping) return;
      if (code === BAD_INPUT || (code === 0 && spec.mayEnd)) {
        events.onEnded(spec.name, code, lastWords.trim());
        return;
      }
      if (Date.now() - startedAt > SETTLED_MS) wait = BACKOFF_MS.first;
      events.onRestart(spec.name, signal ?? `exit code ${String(code)}`, wait);
      timer = setTimeout(start, wait);
      wait = Math.min(wait * 2, BACKOFF_MS.longest);
    });
    if (started.pid !== undefined) events.onStarted(spec.name, started.pid);
  };

  return {
    name: spec.name,
    start,
    pid: () => child?.pid,
    cut: () => child?.kill('SIGKILL'),
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      const running = child;
      if (running === undefined) return;
      const ended = new Promise<void>((resolve) => {
        running.once('close', () => {
          resolve();
        });
      });
      running.kill('SIGTERM');
      const cut = setTimeout(() => running.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(cut);
    },
  };
};
