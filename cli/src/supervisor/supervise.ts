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
}

const POLL_MS = 50;

const becomesHealthy = async (spec: ProcessSpec, child: Child, withinMs: number, isStopped: () => boolean): Promise<void> => {
  const end = Date.now() + withinMs;
  while (!(await spec.isHealthy())) {
    if (isStopped()) return;
    if (Date.now() > end) throw new Error(`${spec.name} is not healthy after ${String(withinMs / 1000)} s; see its log`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  if (!child.isRunning() && !isStopped()) throw new Error(`${spec.name} ended while it was starting; see its log`);
};

/** Runs a list of processes as one. Process ids are kept in `<runFolder>/processes.json`. */
export const supervise = (waves: readonly (readonly ProcessSpec[])[], options: SupervisorOptions): Supervisor => {
  const { runFolder, say, onEnded, healthyWithinMs = 30_000 } = options;
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
  return {
    start: async () => {
      for (const wave of crew) {
        if (stopped) return;
        for (const { child } of wave) child.start();
        await Promise.all(wave.map(({ spec, child }) => becomesHealthy(spec, child, healthyWithinMs, () => stopped)));
      }
    },
    stop: async () => {
      stopped = true;
      for (const { child } of crew.flat().reverse()) await child.stop();
    },
  };
};
