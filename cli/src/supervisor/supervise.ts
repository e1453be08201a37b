import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child, ChildEvents, ProcessSpec } from './child.ts';
import { superviseChild } from './child.ts';

export interface Supervisor {
  /** Starts wave after wave, the next one when all of the last are healthy. Rejects with what did not become healthy. */
  readonly start: () => Promise<void>;
  /** Stops all in reverse order. */
  readonly stop: () => Promise<void>;
}

export interface SupervisorOptions {
  readonly runFolder: string;
  readonly say: (line: string) => void;
  readonly onEnded: (name: string, code: number, message: string) => void;
  /** How long one process may take to become healthy, ms of wall time. */
  readonly healthyWithinMs?: number;
  /** How long a process that has been healthy may go without answering before it is cut off and started again, ms of wall time. */
  readonly hungAfterMs?: number;
}

const POLL_MS = 50;
const LOOKS_PER_HANG = 10;

/** A stopped Redis takes the connection and then says nothing. */
const ANSWER_WITHIN_MS = 2000;
const isWell = (spec: ProcessSpec): Promise<boolean> =>
  Promise.race([spec.isHealthy(), new Promise<boolean>((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS, false).unref())]);

const becomesHealthy = async (spec: ProcessSpec, child: Child, withinMs: number, isStopped: () => boolean): Promise<void> => {
  const end = Date.now() + withinMs;
  while (!(await isWell(spec))) {
    if (isStopped()) return;
    if (Date.now() > end) throw new Error(`${spec.name} is not healthy after ${String(withinMs / 1000)} s; see its log`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  if (child.pid() === undefined && !isStopped()) throw new Error(`${spec.name} ended while it was starting; see its log`);
};

/** A process may live and yet do nothing: it counts as hung when it has answered once and then not for `hungAfterMs`. */
const watchForHang = (spec: ProcessSpec, child: Child, hungAfterMs: number, say: (line: string) => void): (() => void) => {
  let answered: { readonly pid: number; readonly at: number } | undefined;
  let timer: NodeJS.Timeout;
  let lookedAt = Date.now();
  const look = async (): Promise<void> => {
    const pid = child.pid();
    const healthy = pid !== undefined && (await isWell(spec));
    const now = Date.now();
    // A machine that slept: nobody could answer, and nobody is to blame.
    const slept = now - lookedAt > hungAfterMs / 2;
    lookedAt = now;
    if (healthy || (slept && answered !== undefined)) answered = { pid: pid ?? 0, at: now };
    else if (answered !== undefined && answered.pid === pid && now - answered.at > hungAfterMs) {
      say(`${spec.name} does not answer; cutting it off`);
      answered = undefined;
      child.cut();
    }
    timer = setTimeout(() => void look(), hungAfterMs / LOOKS_PER_HANG);
  };
  timer = setTimeout(() => void look(), hungAfterMs / LOOKS_PER_HANG);
  return () => {
    clearTimeout(timer);
  };
};

/** Runs a list of processes as one. Process ids are kept in `<runFolder>/processes.json`. */
export const supervise = (waves: readonly (readonly ProcessSpec[])[], options: SupervisorOptions): Supervisor => {
  const { runFolder, say, onEnded, healthyWithinMs = 30_000, hungAfterMs = 15_000 } = options;
  const pids: Record<string, number> = {};
  let stopped = false;
  const events: ChildEvents = {
    onStarted: (name, pid) => {
      pids[name] = pid;
      writeFileSync(join(runFolder, 'processes.json'), `${JSON.stringify(pids, null, 2)}\n`);
    },
    onRestart: (name, why, inMs) => {
      say(`${name} was lost (${why}); starting it again in ${String(inMs)} ms`);
    },
    onEnded,
  };
  const crew = waves.map((wave) => wave.map((spec) => ({ spec, child: superviseChild(spec, join(runFolder, 'logs'), events) })));
  let watches: readonly (() => void)[] = [];
  return {
    start: async () => {
      for (const wave of crew) {
        if (stopped) return;
        for (const { child } of wave) child.start();
        await Promise.all(wave.map(({ spec, child }) => becomesHealthy(spec, child, healthyWithinMs, () => stopped)));
      }
      if (!stopped) watches = crew.flat().map(({ spec, child }) => watchForHang(spec, child, hungAfterMs, say));
    },
    stop: async () => {
      stopped = true;
      for (const end of watches) end();
      for (const { child } of crew.flat().reverse()) await child.stop();
    },
  };
};
