/**
 * All benchmarks, each a process of its own, one after the other.
 *
 *   make bench                  corridor (quick), latency, optimizer
 *   make bench FULL=1           the whole morning on five seeds instead (about an hour)
 *   make bench ARGS="latency"   one part alone; what follows its name goes to it
 *
 * Parts: corridor, latency, optimizer, full-search, control, sim, collisions, truth, priority, emergency.
 */
import { spawnSync } from 'node:child_process';
import { extname, join } from 'node:path';
import { findRecorded } from './results.ts';

const PARTS = {
  corridor: 'corridor/compare',
  latency: 'latency/main',
  optimizer: 'optimizer/speed',
  'full-search': 'optimizer/against-full-search',
  control: 'control/main',
  sim: 'sim/main',
  collisions: 'sim/collisions',
  truth: 'truth/main',
  priority: 'priority/main',
  emergency: 'priority/emergency',
} as const;
type Part = keyof typeof PARTS;

/** What fits into about ten minutes on two free cores: half an hour of the morning on one seed. */
const QUICK = ['--hours', '0.5', '--seeds', '2'];
const USUAL: readonly Part[] = ['corridor', 'latency', 'optimizer'];

const isPart = (name: string): name is Part => name in PARTS;

const run = (part: Part, args: readonly string[]): boolean => {
  process.stdout.write(`\n== ${part} ${args.join(' ')}\n\n`);
  const main = join(import.meta.dirname, PARTS[part] + extname(import.meta.filename));
  return spawnSync(process.execPath, [...process.execArgv, main, ...args], { stdio: 'inherit' }).status === 0;
};

/** Whole records that this run has not made again. */
const showRecorded = (): void => {
  process.stdout.write('\n== recorded before (bench/results)\n\n');
  for (const name of ['corridor.md', 'control.md']) process.stdout.write(`${findRecorded(name) ?? `${name}: not recorded yet`}\n`);
};

const [first, ...rest] = process.argv.slice(2);
if (first !== undefined && !isPart(first)) {
  process.stderr.write(`bench: "${first}": expected one of ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}
const full = process.env['FULL'] === '1';
const worked =
  first === undefined
    ? USUAL.map((part) => run(part, part === 'corridor' && !full ? QUICK : [])).every(Boolean)
    : run(first, first === 'corridor' && !full && rest.length === 0 ? QUICK : rest);
if (first === undefined) showRecorded();
process.exit(worked ? 0 : 1);
