/**
 * Our engine against SUMO on networks that nobody here made, under their own programs, our actuated and our adaptive control.
 *
 *   make bench ARGS="truth --seeds 1,2,3"                      all networks and controls; needs shared/benchmarks beside the repository
 *   make bench ARGS="truth --controls program cologne1 cologne3"
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NETWORKS, type BenchNetwork } from '../control/networks.ts';
import { markdownTable } from '../markdown-table.ts';
import { record, today } from '../results.ts';
import { countShares, flowShare, LIMITS, pairedDifference } from './compare.ts';
import { CONTROLS, runMicro, runSumo, type Control, type Outcome } from './run.ts';

interface Pair {
  readonly ours: Outcome[];
  readonly theirs: Outcome[];
}

const HEAD = [
  ...['network', 'control', 'mean duration, s', 'mean timeLoss, s', 'mean departDelay, s', 'arrived'],
  ...['approaches with GEH < 5', "5-minute counts in SUMO's range (SUMO's own)"],
];

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

const rowOf = (name: string, control: Control, { ours, theirs }: Pair): string[] => {
  const both = (of: (outcome: Outcome) => number): readonly [number, number] => [mean(ours.map(of)), mean(theirs.map(of))];
  const text = (of: (outcome: Outcome) => number, digits: number): string =>
    both(of)
      .map((value) => value.toFixed(digits))
      .join(' / ');
  const compared = (of: (outcome: Outcome) => number, limit: number): string => {
    const [mine, its] = both(of);
    const off = mine / its - 1;
    const cell = `${text(of, 1)} (${off < 0 ? '−' : '+'}${(100 * Math.abs(off)).toFixed(1)} %)`;
    return Math.abs(off) > limit ? `**${cell}**` : cell;
  };
  const flows = flowShare(ours, theirs);
  const counts = countShares(ours, theirs);
  return [
    name,
    control,
    compared(({ durationS }) => durationS, LIMITS.durationS),
    compared(({ timeLossS }) => timeLossS, LIMITS.timeLossS),
    text(({ departDelayS }) => departDelayS, 1),
    text(({ arrived }) => arrived, 0),
    flows < LIMITS.flowShare ? `**${percent(flows)}**` : percent(flows),
    `${percent(counts.ours)} (${percent(counts.theirs)})`,
  ];
};

/** Pairs of controls that SUMO tells apart on a network, and whether we agree which is the better one. */
const orderOf = (name: string, pairs: ReadonlyMap<Control, Pair>): string[] => {
  const lines: string[] = [];
  const controls = [...pairs.keys()];
  const delays = (runs: readonly Outcome[]): number[] => runs.map(({ timeLossS, departDelayS }) => timeLossS + departDelayS);
  controls.forEach((a, i) => {
    for (const b of controls.slice(i + 1)) {
      const [first, second] = [pairs.get(a)!, pairs.get(b)!];
      const theirs = pairedDifference(delays(first.theirs), delays(second.theirs));
      if (!theirs.isCertain) continue;
      const ours = pairedDifference(delays(first.ours), delays(second.ours));
      const verdict = Math.sign(ours.mean) === Math.sign(theirs.mean) ? 'same order' : '**reversed**';
      lines.push(`${name}: ${a} − ${b}: ${ours.mean.toFixed(1)} / ${theirs.mean.toFixed(1)} s of delay per trip: ${verdict}`);
    }
  });
  return lines;
};

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '1,2,3' }, controls: { type: 'string', default: CONTROLS.join(',') } },
  allowPositionals: true,
});
const seeds = values.seeds.split(',').map(Number);
const controls = CONTROLS.filter((control) => values.controls.split(',').includes(control));
const rows: string[][] = [];
const orders: string[] = [];

const measure = async (network: BenchNetwork, control: Control, folder: string): Promise<Pair> => {
  const pair: Pair = { ours: [], theirs: [] };
  for (const seed of seeds) {
    pair.ours.push(await runMicro(network, control, seed, folder));
    pair.theirs.push(await runSumo(network, control, seed, folder));
    process.stdout.write(`${network.name}, ${control}, seed ${String(seed)}\n`);
  }
  return pair;
};

const report =
  (): string => `Our engine / SUMO 1.15, one hour, seeds ${values.seeds}; all trips that began, unfinished ones measured until the end; recorded ${today()}.
\`program\` is the network's own; actuated (loops) and adaptive (vehicles in sight) are our controllers in both, in SUMO by \`songxanh drive\`. Bold: mean
duration more than 5 % or mean timeLoss more than 10 % apart, or fewer than 95 % of the approaches with a GEH below 5 (hourly flows over stop lines, means
over seeds). The last column tells how many five-minute counts of an approach lie within the range of SUMO's seeds but one; in brackets how many of the
seed left out do: as many is all there is to reach.

${markdownTable(HEAD, rows)}
Pairs of controls that SUMO tells apart (paired by seed, 95 %), ours / SUMO's:

${orders.map((line) => `- ${line}`).join('\n')}
`;

for (const network of NETWORKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-truth-'));
  try {
    const pairs = new Map<Control, Pair>();
    for (const control of controls) {
      pairs.set(control, await measure(network, control, folder));
      rows.push(rowOf(network.name, control, pairs.get(control)!));
      process.stdout.write(`${rows.at(-1)!.join(' | ')}\n`);
    }
    orders.push(...orderOf(network.name, pairs));
    // A long run that is broken off leaves what it has.
    if (positionals.length === 0) record('sim-truth.md', report());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.stdout.write(`\n${report()}`);
