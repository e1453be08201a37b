/**
 * Speed of our engine and of SUMO on the same grids, one run after the other in turn.
 *
 *   make bench-sim                        all cases, three runs of each
 *   make bench-sim ARGS="10x10 --runs 1"  the cases whose name contains a word
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from '../markdown-table.ts';
import { quantile } from '../quantiles.ts';
import { record, today } from '../results.ts';
import { writeGrid, type GridCase, type GridFiles } from './grid.ts';
import type { MeasuredRun } from './measured-run.ts';
import { measureSumo } from './run-sumo.ts';

interface Case extends GridCase {
  readonly name: string;
  readonly sumo: readonly string[];
}

const SUBLANE = ['--lateral-resolution', '0.8'];
/** The larger the grid the shorter the run: SUMO needs a minute and more for each. */
const CASES: readonly Case[] = [
  { name: '4x4, 250', size: 4, vehPerHourPerEntry: 250, motorcycles: 0, endS: 3600, sumo: [] },
  { name: '4x4, 600', size: 4, vehPerHourPerEntry: 600, motorcycles: 0, endS: 3600, sumo: [] },
  { name: '10x10, 250', size: 10, vehPerHourPerEntry: 250, motorcycles: 0, endS: 3600, sumo: [] },
  { name: '30x30, 250', size: 30, vehPerHourPerEntry: 250, motorcycles: 0, endS: 1200, sumo: [] },
  { name: '10x10, 250, motorcycles 80 %', size: 10, vehPerHourPerEntry: 250, motorcycles: 0.8, endS: 1800, sumo: SUBLANE },
];

/** The engine as it is built: what tsx makes of the sources is slower. */
const RUN_MICRO = join(import.meta.dirname, '../../dist/sim/run-micro.js');

const measureMicro = (files: GridFiles, endS: number, seed: number): MeasuredRun => {
  const made = spawnSync(process.execPath, [RUN_MICRO, files.net, files.routes, String(endS), String(seed)], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  return JSON.parse(made.stdout) as MeasuredRun;
};

const median = (runs: readonly MeasuredRun[], of: (run: MeasuredRun) => number): number => quantile(runs.map(of), 0.5);
const more = (ours: number, theirs: number): string => `${ours >= theirs ? '+' : '−'}${Math.abs(100 * (ours / theirs - 1)).toFixed(1)} %`;

const rowOf = (one: Case, ours: readonly MeasuredRun[], theirs: readonly MeasuredRun[]): string[] => {
  const speed = (runs: readonly MeasuredRun[]): number => median(runs, (run) => run.vehicleSeconds / run.cpuS);
  const both = (of: (run: MeasuredRun) => number, digits: number): string =>
    `${median(ours, of).toFixed(digits)} / ${median(theirs, of).toFixed(digits)}`;
  const difference = (of: (run: MeasuredRun) => number): string => more(median(ours, of), median(theirs, of));
  return [
    one.name,
    `${(speed(ours) / 1e6).toFixed(2)} / ${(speed(theirs) / 1e6).toFixed(3)}`,
    (speed(ours) / speed(theirs)).toFixed(1),
    both((run) => one.endS / run.cpuS, 0),
    both((run) => run.memoryMb, 0),
    difference((run) => run.vehicleSeconds),
    `${both((run) => run.arrived, 0)} (${difference((run) => run.arrived)})`,
    `${both((run) => run.meanDurationS, 1)} (${difference((run) => run.meanDurationS)})`,
  ];
};

const { values, positionals } = parseArgs({ options: { runs: { type: 'string', default: '3' } }, allowPositionals: true });
const chosen = CASES.filter(({ name }) => positionals.every((word) => name.includes(word)));
const rows: string[][] = [];
for (const one of chosen) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-sim-'));
  try {
    const files = writeGrid(one, folder);
    const [ours, theirs]: [MeasuredRun[], MeasuredRun[]] = [[], []];
    for (let seed = 1; seed <= Number(values.runs); seed++) {
      ours.push(measureMicro(files, one.endS, seed));
      theirs.push(await measureSumo(files, one.endS, seed, one.sumo, folder));
    }
    rows.push(rowOf(one, ours, theirs));
    process.stdout.write(`${rows.at(-1)!.join(' | ')}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const head = [
  'grid, veh/h per entry',
  'M vehicle-seconds per CPU second',
  'ratio',
  'real-time factor',
  'memory, MB',
  'vehicle-seconds',
  'arrived',
  'mean duration of the arrived, s',
];
const text = `Our engine / SUMO, one thread, steps of 1 s, medians of ${values.runs} runs in turn; recorded ${today()}, load ${loadavg()[0]!.toFixed(1)}.

${markdownTable(head, rows)}`;
if (chosen.length === CASES.length) record('sim.md', text);
process.stdout.write(`\n${text}\n`);
