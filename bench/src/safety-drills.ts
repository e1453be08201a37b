/**
 * Random junctions, plans, overrides, faults and late steps, judged by an independent checker of lamps and displays
 * (packages/core/src/testing). The unit tests run a few thousand; this runs as many as asked and records the count of breaches by rule.
 *
 *   node bench/dist/safety-drills.js [--drills 100000] [--first-seed 0]
 */
import { createDraw, drawSite } from '@songxanh/core/testing/arbitrary-site';
import { runDrill } from '@songxanh/core/testing/drill';
import { RULES } from '@songxanh/core/testing/street-checker';
import { parseArgs } from 'node:util';
import { markdownTable } from './markdown-table.ts';
import { record, today } from './results.ts';

const { values } = parseArgs({
  options: { drills: { type: 'string', default: '100000' }, 'first-seed': { type: 'string', default: '0' } },
});
const [drills, first] = [Number(values.drills), Number(values['first-seed'])];

const breaches = new Map<string, number>(RULES.map((rule) => [rule, 0]));
const failed: number[] = [];
let accepted = 0;
let refused = 0;
for (let seed = first; seed < first + drills; seed++) {
  const result = runDrill(drawSite(seed), createDraw(seed + 1));
  accepted += result.accepted;
  for (const [, n] of result.refused) refused += n;
  for (const { rule } of result.breaches) breaches.set(rule, (breaches.get(rule) ?? 0) + 1);
  if (result.breaches.length > 0) failed.push(seed);
  if ((seed - first + 1) % 5000 === 0) process.stderr.write(`${String(seed - first + 1)} drills, ${String(failed.length)} with a breach\n`);
}

const text = [
  `${String(drills)} random junctions with random plans and faults (seeds ${String(first)} to ${String(first + drills - 1)}); ${String(accepted)} plans taken up, ${String(refused)} refused; recorded ${today()}.`,
  '',
  markdownTable(
    ['rule', 'breaches'],
    [...breaches].map(([rule, n]) => [rule, String(n)]),
  ),
  ...(failed.length > 0 ? ['', `Seeds with a breach: ${failed.join(', ')}`] : []),
  '',
].join('\n');
process.stdout.write(text);
record('safety-drills.md', text);
process.exit(failed.length > 0 ? 1 : 0);
