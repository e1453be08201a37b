/**
 * Delay of every controller on the outside benchmark, judged by SUMO.
 *
 *   make bench-control [SEEDS=5] [NETWORKS=cologne1,cologne3] [ARGS="--controllers fixed,adaptive --timing grid --sensing detectors --countdown full"]
 */
import { parseArgs } from 'node:util';
import { inParallel } from '../in-parallel.ts';
import { record, today } from '../results.ts';
import { NETWORKS } from './networks.ts';
import { controlFigure, controlTable, knownTable, type ControlResult } from './report.ts';
import { runOne, type BenchCase } from './run-one.ts';

const CONTROLLERS = ['fixed', 'actuated', 'max-pressure', 'adaptive'] as const;

const { values } = parseArgs({
  options: {
    networks: { type: 'string', default: process.env['NETWORKS'] ?? NETWORKS.map(({ name }) => name).join(',') },
    controllers: { type: 'string', default: CONTROLLERS.join(',') },
    seeds: { type: 'string', default: process.env['SEEDS'] ?? '5' },
    timing: { type: 'string', default: 'fine' },
    sensing: { type: 'string', default: 'vehicles' },
    countdown: { type: 'string', default: 'none' },
    parallel: { type: 'string', default: '2' },
  },
});

const usage = (message: string): never => {
  process.stderr.write(`bench-control: ${message}\n`);
  process.exit(2);
};
/** The chosen ones of `all`, or the end with what could have been chosen. */
const choose = <T extends string>(option: string, names: string, all: readonly T[]): readonly T[] =>
  names.split(',').map((name) => all.find((one) => one === name) ?? usage(`${option} "${name}": expected of ${all.join(', ')}`));

if (NETWORKS.length === 0) usage('the benchmark networks are not there: expected shared/benchmarks beside the repository');
const names = choose(
  'networks',
  values.networks,
  NETWORKS.map(({ name }) => name),
);
const networks = NETWORKS.filter(({ name }) => names.includes(name));
const controllers = choose('controllers', values.controllers, CONTROLLERS);
const [timing] = choose('timing', values.timing, ['fine', 'grid']) as [BenchCase['timing']];
const [sensing] = choose('sensing', values.sensing, ['vehicles', 'detectors']) as [BenchCase['sensing']];
const [countdown] = choose('countdown', values.countdown, ['none', 'tail', 'full']) as [BenchCase['countdown']];
const cases = networks.flatMap((network) =>
  controllers.flatMap((controller) =>
    Array.from({ length: Number(values.seeds) }, (_, i): BenchCase => ({ network, controller, seed: i + 1, timing, sensing, countdown })),
  ),
);

const results: ControlResult[] = [];
await inParallel(cases, Math.min(2, Number(values.parallel)), async (one) => {
  const { verdict, ...result } = await runOne(one);
  const { longestRedS, ...breaches } = verdict;
  const [network, { controller, seed }] = [one.network.name, one];
  results.push({ network, controller, seed, result, breaches, longestRedS: Math.max(0, ...longestRedS.values()) });
  process.stderr.write(`${network}, ${controller}, seed ${seed}: ${result.strictDelayS.toFixed(1)} s per vehicle\n`);
});

const caption = `Timing ${timing}, sensing ${sensing}, countdown ${countdown}, seeds 1 to ${values.seeds}; strict delay in s per vehicle; recorded ${today()}.`;
const text = `${caption}\n\n${controlTable(results, networks, controllers)}\n${knownTable(results, networks, { timing, sensing, countdown })}`;
// Each regime has a record of its own, and a run of some networks or controllers does not replace that of all.
const usual = timing === 'fine' && sensing === 'vehicles' ? 'control' : `control-${timing}-${sensing}`;
const regime = countdown === 'none' ? usual : `${usual}-countdown-${countdown}`;
const isWhole = networks.length === NETWORKS.length && controllers.length === CONTROLLERS.length;
const name = isWhole ? regime : `${regime}-quick`;
record(`${name}.md`, text);
record(`${name}.json`, `${JSON.stringify({ date: today(), timing, sensing, countdown, results }, null, 1)}\n`);
for (const network of networks) record(`${name}-${network.name}.svg`, controlFigure(results, network, controllers));
process.stdout.write(`${text}\n`);
