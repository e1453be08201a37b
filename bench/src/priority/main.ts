/**
 * Buses of the corridor's line in our simulator, or in SUMO: without priority, with it for all and for late ones, and with feeds that come late.
 *
 *   npm run bench -- priority [--seeds 2,3,4,5,6] [--minutes 60] [--cases none:0,unconditional:0,…] [--sim sumo] [--keep]
 *
 * `--keep` adds to the recorded runs of the same length instead of replacing them.
 */
import { parseArgs } from 'node:util';
import { findRecorded, record, today } from '../results.ts';
import { policyKinds, type PriorityKind } from './policies.ts';
import { priorityReport } from './report.ts';
import { runCase, type PriorityCase, type PriorityResult } from './run-case.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2,3,4,5,6' },
    cases: { type: 'string', default: 'none:0,unconditional:0,conditional:0,unconditional:15,unconditional:30,unconditional:60' },
    minutes: { type: 'string', default: '60' },
    sim: { type: 'string', default: 'micro' },
    keep: { type: 'boolean', default: false },
  },
});

const parseCase = (text: string): Pick<PriorityCase, 'kind' | 'latencyS'> => {
  const [kind = '', latency = '0'] = text.split(':');
  if (!(kind in policyKinds)) throw new Error(`--cases ${text}: expected one of ${Object.keys(policyKinds).join(', ')}`);
  return { kind: kind as PriorityKind, latencyS: Number(latency) };
};

interface Recorded {
  readonly date: string;
  readonly results: readonly PriorityResult[];
}

const minutes = Number(values.minutes);
if (values.sim !== 'micro' && values.sim !== 'sumo') throw new Error(`--sim ${values.sim}: expected micro or sumo`);
const inSumo = values.sim === 'sumo';
const file = inSumo ? 'priority-sumo' : 'priority';
const isSame = (a: PriorityCase) => (b: PriorityCase) => a.kind === b.kind && a.latencyS === b.latencyS && a.seed === b.seed;
const recorded = (): readonly PriorityResult[] => (JSON.parse(findRecorded(`${file}.json`) ?? '{"results":[]}') as Recorded).results;
let results = values.keep ? recorded().filter((one) => one.minutes === minutes) : [];
const cases = values.cases
  .split(',')
  .map(parseCase)
  .flatMap((one) =>
    values.seeds.split(',').map((seed): PriorityCase => ({ ...one, seed: Number(seed), minutes, ...(inSumo ? { sim: 'sumo' } : {}) })),
  )
  .filter((one) => !results.some(isSame(one)));

const save = (): string => {
  const text = priorityReport(results, today());
  record(`${file}.json`, `${JSON.stringify({ date: today(), results } satisfies Recorded)}\n`);
  record(`${file}.md`, text);
  return text;
};

for (const one of cases) {
  const began = performance.now();
  results = [...results, await runCase(one)];
  save();
  process.stderr.write(
    `${one.kind}, ${String(one.latencyS)} s, seed ${String(one.seed)}: ${String(Math.round((performance.now() - began) / 1000))} s\n`,
  );
}
process.stdout.write(`${save()}\n`);
