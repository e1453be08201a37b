/**
 * Time from a detector report to its answer (a plan or "unchanged") at the agent: gRPC between real processes, with Redis.
 *
 *   npm run bench -- latency [--seconds 60] [--junctions 100,1000]
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Site } from '@songxanh/core';
import { loadCorridor } from '../corridor/corridor.ts';
import { markdownTable } from '../markdown-table.ts';
import { quantile } from '../quantiles.ts';
import { record, today } from '../results.ts';
import { copySite } from './copy-site.ts';
import { measureLatency, WARM_UP_S, type Agents } from './measure-latency.ts';
import { recordStreet } from './recorded-street.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, junctions: { type: 'string', default: '100,1000' } },
});

/** Decisions come once a second: an answer within a twentieth of it leaves the agent time for its next step. Target on two cores, ms. */
const TARGET_P99_MS = 50;

/** All junctions of the corridor answer at once: in a shorter run p99 would be the slowest second. */
const RECORDED_FROM_S = 60;

const sites = [...(await loadCorridor(1)).sites.values()];
const seconds = await recordStreet(WARM_UP_S + Number(values.seconds));
const copies = (count: number): Agents =>
  Array.from({ length: count }, (_, i) => [copySite(sites[i % sites.length]!, Math.floor(i / sites.length))]);
const recordedOf = ({ id }: Site): string => id.replace(/-\d+$/, '');

const cases: readonly (readonly [string, Agents])[] = [
  ['corridor: 8 junctions of one agent, all at once', [sites]],
  ...values.junctions.split(',').map((n): [string, Agents] => [`${n} junctions, an agent each, spread over the second`, copies(Number(n))]),
];
const rows: (string | number)[][] = [];
for (const [name, agents] of cases) {
  const { answersMs, plans, unanswered, cpuMsPerAnswer } = await measureLatency(agents, recordedOf, seconds, (goneS, answers) => {
    process.stderr.write(`${name}: ${goneS} of ${seconds.length} s, ${answers} answers\n`);
  });
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
process.stdout.write(`${text}\n`);
if (Number(values.seconds) >= RECORDED_FROM_S) record('latency.md', text);
else process.stdout.write(`not recorded: expected --seconds ${RECORDED_FROM_S} or more\n`);
