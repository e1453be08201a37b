/**
 * Our engine against SUMO on networks that nobody here made, under the networks' own fixed programs: where does the same demand lose its time?
 *
 *   make bench ARGS="truth --seeds 1,2,3"   needs shared/benchmarks beside the repository
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSimulation } from '@songxanh/micro';
import { readNetwork, readRoutes } from '@songxanh/sumo-files';
import { launchSumo } from '@songxanh/sumo-street';
import { attribute } from '../attribute.ts';
import { NETWORKS, type BenchNetwork } from '../control/networks.ts';
import { markdownTable } from '../markdown-table.ts';
import { record, today } from '../results.ts';

/** Means over all trips that began, unfinished ones measured until the end. */
interface Travel {
  readonly durationS: number;
  readonly timeLossS: number;
  readonly departDelayS: number;
  readonly arrived: number;
}

/** What SUMO and we should agree on, by the project's own yardstick. */
const LIMITS = { durationS: 0.05, timeLossS: 0.1 } as const;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const travelInMicro = async ({ net, routes, beginS, endS }: BenchNetwork, seed: number): Promise<Travel> => {
  const network = await readNetwork(net);
  const demand = await readRoutes([routes], network, { seed });
  const made = createSimulation({ network, demand, beginS, endS, seed });
  if (!made.ok) throw new Error(made.message);
  made.value.run();
  const trips = made.value.trips();
  return {
    durationS: mean(trips.map(({ duration }) => duration)),
    timeLossS: mean(trips.map(({ timeLoss }) => timeLoss)),
    departDelayS: mean(trips.map(({ departDelay }) => departDelay)),
    arrived: trips.filter(({ arrival }) => arrival >= 0).length,
  };
};

const travelInSumo = async (network: BenchNetwork, seed: number, folder: string): Promise<Travel> => {
  const tripinfo = join(folder, 'tripinfo.xml');
  await launchSumo({ ...network, routes: [network.routes], additional: [], seed, tripinfo }).ended;
  const rows = readFileSync(tripinfo, 'utf8').match(/<tripinfo\s[^>]*>/g) ?? [];
  const begun = rows.filter((row) => Number(attribute(row, 'depart')) >= 0);
  const all = (name: string): number[] => begun.map((row) => Number(attribute(row, name)));
  return {
    durationS: mean(all('duration')),
    timeLossS: mean(all('timeLoss')),
    departDelayS: mean(all('departDelay')),
    arrived: all('arrival').filter((arrival) => arrival >= 0).length,
  };
};

const cells = (ours: readonly Travel[], theirs: readonly Travel[]): string[] => {
  const both = (of: (travel: Travel) => number): readonly [number, number] => [mean(ours.map(of)), mean(theirs.map(of))];
  const compared = (of: (travel: Travel) => number, limit: number): string => {
    const [mine, its] = both(of);
    const off = mine / its - 1;
    const text = `${mine.toFixed(1)} / ${its.toFixed(1)} (${off < 0 ? '−' : '+'}${(100 * Math.abs(off)).toFixed(1)} %)`;
    return Math.abs(off) > limit ? `**${text}**` : text;
  };
  const [delay, arrived] = [both(({ departDelayS }) => departDelayS), both((travel) => travel.arrived)];
  return [
    compared(({ durationS }) => durationS, LIMITS.durationS),
    compared(({ timeLossS }) => timeLossS, LIMITS.timeLossS),
    delay.map((value) => value.toFixed(1)).join(' / '),
    arrived.map((value) => value.toFixed(0)).join(' / '),
  ];
};

const { values, positionals } = parseArgs({ options: { seeds: { type: 'string', default: '1,2,3' } }, allowPositionals: true });
const seeds = values.seeds.split(',').map(Number);
const rows: string[][] = [];
for (const network of NETWORKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-sim-'));
  try {
    const [ours, theirs]: [Travel[], Travel[]] = [[], []];
    for (const seed of seeds) {
      ours.push(await travelInMicro(network, seed));
      theirs.push(await travelInSumo(network, seed, folder));
    }
    rows.push([network.name, ...cells(ours, theirs)]);
    process.stdout.write(`${rows.at(-1)!.join(' | ')}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const text = `Our engine / SUMO under the networks' own fixed programs, one hour, means of seeds ${values.seeds}; bold where mean duration differs by more than 5 % or mean timeLoss by more than 10 %; recorded ${today()}.

${markdownTable(['network', 'mean duration, s', 'mean timeLoss, s', 'mean departDelay, s', 'arrived'], rows)}`;
if (rows.length === NETWORKS.length && rows.length > 0) record('sim-truth.md', text);
process.stdout.write(`\n${text}\n`);
