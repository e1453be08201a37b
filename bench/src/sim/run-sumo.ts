import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attribute } from '../attribute.ts';
import type { GridFiles } from './grid.ts';
import type { MeasuredRun } from './measured-run.ts';

/** How often a running SUMO is asked for its processor time; so much of it may go unseen, ms. */
const POLL_MS = 20;
/** Linux counts processor time in hundredths of a second. */
const TICK_S = 0.01;

interface Usage {
  readonly cpuS: number;
  readonly memoryMb: number;
}

const usageOf = (pid: number, before: Usage): Usage => {
  try {
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const peak = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
    // A process that has just ended has no memory any more.
    return peak === undefined ? before : { cpuS: (Number(fields[11]) + Number(fields[12])) * TICK_S, memoryMb: Number(peak) / 1024 };
  } catch {
    return before;
  }
};

const runSumo = async (args: readonly string[]): Promise<Usage> =>
  new Promise((resolve, reject) => {
    const child = spawn('sumo', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let usage: Usage = { cpuS: 0, memoryMb: 0 };
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const timer = setInterval(() => (usage = usageOf(child.pid!, usage)), POLL_MS);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(timer);
      if (code === 0) resolve(usage);
      else reject(new Error(`sumo: ${complaint}`));
    });
  });

/** One run of SUMO; `extra` are its options beyond the defaults. Loading the network is taken off by a run of no steps. */
export const measureSumo = async (
  files: GridFiles,
  endS: number,
  seed: number,
  extra: readonly string[],
  folder: string,
): Promise<MeasuredRun> => {
  const summary = join(folder, 'summary.xml');
  const options = ['-n', files.net, '-r', files.routes, '--seed', String(seed), '--time-to-teleport', '-1', ...extra];
  const quiet = ['--no-step-log', 'true', '--no-warnings', 'true', '--xml-validation', 'never'];
  const empty = await runSumo([...options, ...quiet, '--end', '1']);
  const whole = await runSumo([...options, ...quiet, '--end', String(endS), '--summary-output', summary]);
  const steps = readFileSync(summary, 'utf8').match(/<step\s[^>]*>/g) ?? [];
  const last = steps.at(-1) ?? '';
  return {
    vehicleSeconds: steps.reduce((sum, step) => sum + Number(attribute(step, 'running')), 0),
    arrived: Number(attribute(last, 'ended')),
    meanDurationS: Number(attribute(last, 'meanTravelTime')),
    cpuS: whole.cpuS - empty.cpuS,
    memoryMb: whole.memoryMb,
  };
};
