/**
 * Delay of every controller on the outside benchmark, judged by SUMO.
 * Run: npx tsx --conditions=source bench/src/control/main.ts [--networks a,b] [--controllers fixed,adaptive] [--seeds 5]
 *      [--timing fine|grid] [--sensing vehicles|detectors] [--parallel 2]
 */
import { parseArgs } from 'node:util';
import { NETWORKS } from './networks.ts';
import { runOne, type BenchCase, type BenchController, type BenchResult } from './run-one.ts';

const { values } = parseArgs({
  options: {
    networks: { type: 'string', default: NETWORKS.map(({ name }) => name).join(',') },
    controllers: { type: 'string', default: 'fixed,actuated,max-pressure,adaptive' },
    seeds: { type: 'string', default: process.env['SEEDS'] ?? '5' },
    timing: { type: 'string', default: 'fine' },
    sensing: { type: 'string', default: 'vehicles' },
    parallel: { type: 'string', default: '2' },
  },
});

const chosen = NETWORKS.filter(({ name }) => values.networks.split(',').includes(name));
const controllers = values.controllers.split(',') as BenchController[];
const timing = values.timing as BenchCase['timing'];
const sensing = values.sensing as BenchCase['sensing'];
const cases = chosen.flatMap((network) =>
  controllers.flatMap((controller) =>
    Array.from({ length: Number(values.seeds) }, (_, i): BenchCase => ({ network, controller, seed: i + 1, timing, sensing })),
  ),
);

const results = new Map<string, BenchResult[]>();
const waiting = [...cases];
const worker = async (): Promise<void> => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const result = await runOne(next);
    const key = `${next.network.name} ${next.controller}`;
    results.set(key, [...(results.get(key) ?? []), result]);
  }
};
await Promise.all(Array.from({ length: Math.min(2, Number(values.parallel)) }, worker));

const one = (value: number): string => value.toFixed(1);
const sum = (list: readonly BenchResult[], of: (result: BenchResult) => number): number => list.reduce((a, result) => a + of(result), 0);
const HEAD = ['network', 'controller', 'delay', 'worst seed', 'time loss', 'depart delay', 'waiting', 'arrived', 'never inserted'];
const COUNTERS = ['short greens', 'missing yellows', 'conflicting', 'yellow traps', 'longest red', 'known fixed'];

process.stdout.write(`timing ${timing}, sensing ${sensing}, ${values.seeds} seeds; strict delay in s per vehicle\n`);
process.stdout.write(`| ${[...HEAD, ...COUNTERS].join(' | ')} |\n|${'---|'.repeat(HEAD.length + COUNTERS.length)}\n`);
for (const network of chosen) {
  for (const controller of controllers) {
    const list = results.get(`${network.name} ${controller}`) ?? [];
    const mean = (of: (result: BenchResult) => number): string => one(sum(list, of) / list.length);
    const cells = [
      ...[network.name, controller, mean((r) => r.strictDelayS), one(Math.max(...list.map((r) => r.strictDelayS)))],
      ...[mean((r) => r.timeLossS), mean((r) => r.departDelayS), mean((r) => r.waitingS), mean((r) => r.arrived)],
      ...[mean((r) => r.neverInserted), sum(list, (r) => r.verdict.shortGreens), sum(list, (r) => r.verdict.missingYellows)],
      ...[sum(list, (r) => r.verdict.conflictingProtectedGreens), sum(list, (r) => r.verdict.yellowTraps)],
      ...[Math.max(...list.flatMap((r) => [...r.verdict.longestRedS.values()])), one(network.knownFixedS)],
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
}
