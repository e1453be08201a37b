import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort, launchSumo } from '@songxanh/sumo-street';
import { attribute } from '../attribute.ts';
import { writeLoops } from '../control/controllers.ts';
import type { BenchNetwork } from '../control/networks.ts';

/** `program` is the network's own; the others are our controllers, in SUMO by `songxanh drive`. */
export const CONTROLS = ['program', 'actuated', 'adaptive'] as const;
export type Control = (typeof CONTROLS)[number];

/** Means over all trips that began, unfinished ones measured until the end, and what stop-line loops counted. */
export interface Outcome {
  readonly durationS: number;
  readonly timeLossS: number;
  readonly departDelayS: number;
  readonly arrived: number;
  /** Vehicles per approach (edge) in each five minutes. */
  readonly counts: Readonly<Record<string, readonly number[]>>;
}

const ROOT = join(import.meta.dirname, '../../..');
const BIN_S = 300;
const MIN_GREEN_S = 5;

const songxanh = (args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'cli/dist/main.js'), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`songxanh ${args[0] ?? ''} ended with ${String(code)}: ${said}`));
    });
  });

const controlOf = (control: Control, { yellowS }: BenchNetwork): readonly string[] => [
  ...['--control', control, '--yellow', String(yellowS), '--min-green', String(MIN_GREEN_S)],
  ...['--sensing', control === 'adaptive' ? 'vehicles' : 'detectors'],
];

export const runMicro = async (network: BenchNetwork, control: Control, seed: number, folder: string): Promise<Outcome> => {
  const [tripinfo, counts] = [join(folder, 'micro.xml'), join(folder, 'micro-counts.xml')];
  const files = ['--net', network.net, '--routes', network.routes, '--begin', String(network.beginS), '--end', String(network.endS)];
  const outputs = ['--tripinfo', tripinfo, '--detector-output', counts, '--detector-period', String(BIN_S)];
  await songxanh(['simulate', ...files, '--seed', String(seed), ...controlOf(control, network), ...outputs]);
  return outcomeOf(tripinfo, counts, network);
};

export const runSumo = async (network: BenchNetwork, control: Control, seed: number, folder: string): Promise<Outcome> => {
  const [tripinfo, counts] = [join(folder, 'sumo.xml'), join(folder, 'sumo-counts.xml')];
  const loops = await writeLoops(network.net, folder);
  writeFileSync(loops, readFileSync(loops, 'utf8').replaceAll('period="3600" file="NUL"', `period="${String(BIN_S)}" file="${counts}"`));
  const port = control === 'program' ? undefined : await findFreePort();
  const run = { ...network, routes: [network.routes], additional: [loops], seed, tripinfo };
  const sumo = launchSumo(port === undefined ? run : { ...run, port });
  if (port !== undefined) {
    const place = ['--traci', `127.0.0.1:${String(port)}`, '--net', network.net, '--end', String(network.endS), '--detectors', loops];
    await songxanh(['drive', ...place, ...controlOf(control, network), '--report', '/dev/null']).catch((error: unknown) => {
      sumo.stop();
      throw error;
    });
  }
  await sumo.ended;
  return outcomeOf(tripinfo, counts, network);
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const outcomeOf = (tripinfo: string, countsFile: string, { beginS, endS }: BenchNetwork): Outcome => {
  const rows = readFileSync(tripinfo, 'utf8').match(/<tripinfo\s[^>]*>/g) ?? [];
  const begun = rows.filter((row) => Number(attribute(row, 'depart')) >= 0);
  const all = (name: string): number[] => begun.map((row) => Number(attribute(row, name)));
  const counts: Record<string, number[]> = {};
  for (const row of readFileSync(countsFile, 'utf8').match(/<interval\s[^>]*>/g) ?? []) {
    // Stop-line loops are called <edge>_<lane>_stop.
    const edge = /^(.*)_\d+_stop$/.exec(attribute(row, 'id'))?.[1];
    const bin = Math.floor((Number(attribute(row, 'begin')) - beginS) / BIN_S);
    if (edge === undefined || bin >= (endS - beginS) / BIN_S) continue;
    const bins = (counts[edge] ??= Array.from({ length: (endS - beginS) / BIN_S }, () => 0));
    bins[bin] = bins[bin]! + Number(attribute(row, 'nVehContrib'));
  }
  return {
    durationS: mean(all('duration')),
    timeLossS: mean(all('timeLoss')),
    departDelayS: mean(all('departDelay')),
    arrived: all('arrival').filter((arrival) => arrival >= 0).length,
    counts,
  };
};
