/**
 * Time from a detector report to its answer (a plan or "unchanged") at the agent: gRPC between real processes, with Redis.
 *
 *   npm run bench -- latency [--seconds 60] [--junctions 100,1000]
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { junctionId, type Site } from '@songxanh/core';
import { loadCorridor } from '../corridor/corridor.ts';
import { markdownTable } from '../markdown-table.ts';
import { quantile } from '../quantiles.ts';
import { record, today } from '../results.ts';
import { measureLatency, WARM_UP_S, type Agents } from './measure-latency.ts';
import { recordStreet } from './recorded-street.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, junctions: { type: 'string', default: '100,1000' } },
});

/** Target on two cores, ms (facts/performance.md; issue 2 for the corridor). */
const TARGET_P99_MS = 50;

const sites = [...(await loadCorridor(1)).sites.values()];
const seconds = await recordStreet(WARM_UP_S + Number(values.seconds));
const copies = (count: number): Agents =>
  Array.from({ length: count }, (_, i) => {
    const site = sites[i % sites.length]!;
    return [{ ...site, id: junctionId(`${site.id}-${i}`) }];
  });
const recordedOf = ({ id }: Site): string => id.replace(/-\d+$/, '');

const cases: readonly (readonly [string, Agents])[] = [
  ['corridor: 8 junctions of one agent, all at once', [sites]],
  ...values.junctions.split(',').map((n): [string, Agents] => [`${n} junctions, an agent each, spread over the second`, copies(Number(n))]),
];
const rows: (string | number)[][] = [];
for (const [name, agents] of cases) {
  const { answersMs, plans, unanswered, cpuMsPerAnswer } = await measureLatency(agents, recordedOf, seconds);
  const times = [0.5, 0.9, 0.99, 1].map((p) => quantile(answersMs, p).toFixed(1));
  const cpu = [cpuMsPerAnswer.detectors, cpuMsPerAnswer.optimizer].map((ms) => ms.toFixed(2));
  rows.push([name, answersMs.length, plans, unanswered, ...times, ...cpu, loadavg()[0]!.toFixed(1)]);
}
const table = markdownTable(
  [
    'case',
    'answers',
    'of them plans',
    'unanswered',
    'p50 ms',
    'p90',
    'p99',
    'max',
    'detectors CPU ms/answer',
    'optimizer CPU ms/answer',
    'load',
  ],
  rows,
);
const text = `Report to answer at the agent, ${values.seconds} s at 1 Hz; target p99 ≤ ${TARGET_P99_MS} ms; recorded ${today()}.\n\n${table}`;
record('latency.md', text);
process.stdout.write(`${text}\n`);
