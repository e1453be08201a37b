/**
 * How much dearer the plans of the optimizer are than those of a search over every second: both decide on the same states, met while the optimizer
 * drives the networks of the outside benchmark in SUMO. `--states N` of each network, spread over the hour; `--networks a,b`, `--seed N`, `--parallel N`.
 * The full search takes from 0.05 s per state (three stages) to some 10 s (thirty).
 */
import { parseArgs } from 'node:util';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adaptivePlanner, seconds, type Planner, type PlanningInput } from '@songxanh/core';
import { readNetwork } from '@songxanh/sumo-files';
import { findFreePort, launchSumo } from '@songxanh/sumo-street';
import { drive } from 'songxanh';
import { NETWORKS, type BenchNetwork } from '../control/networks.ts';
import { inParallel } from '../in-parallel.ts';
import { markdownTable } from '../markdown-table.ts';
import { quantile } from '../quantiles.ts';
import { record, today } from '../results.ts';

/** What the optimizer's coarse tail looks ahead: both searches have to end at the same moment for their costs to be comparable. */
const HORIZON_MS = 96_000;
/**
 * A change at every second to every stage that helps anybody; of the states in one stage at one second the best few go on. (A dynamic
 * programme proper keeps one; what a junction will cost depends on its queues, so that one is not always the best to go on with.)
 */
const FULL = { horizonMs: HORIZON_MS, fineMs: HORIZON_MS, branches: Infinity, beam: 1200, beamPerStage: 60 };
/** From here on a broken red or green cap is in the cost (1000 person-seconds per second), which is no delay. */
const CAPS_BROKEN = 1000;
const TARGET = 'at most 1 % dearer';

/** Costs of one state, person-seconds from now on. */
interface Compared {
  readonly beam: number;
  readonly full: number;
  readonly beamMs: number;
  readonly fullMs: number;
  readonly stages: number;
}

/** Waiting that is over already: the same in each plan. */
const sunk = ({ demand, site, now }: PlanningInput): number => {
  const weights = new Map(site.weights.map(({ lane, weight }) => [lane, weight]));
  let sum = 0;
  for (const { lane, arrivals } of demand.lanes)
    for (const { at, persons } of arrivals) sum += (Math.max(0, now - at) / 1000) * persons * (weights.get(lane) ?? 1);
  for (const { since, persons } of demand.pedestrians) sum += (Math.max(0, now - since) / 1000) * persons;
  return sum;
};

const compareIn = async (network: BenchNetwork, seed: number, states: number): Promise<readonly Compared[]> => {
  const decide = adaptivePlanner({ lead: seconds(0), horizonMs: HORIZON_MS });
  const decideFully = adaptivePlanner({ lead: seconds(0), ...FULL });
  const compared: Compared[] = [];
  const junctions = (await readNetwork(network.net)).programs.size;
  const every = Math.max(1, Math.floor((SEARCHES_PER_JUNCTION * junctions) / states));
  let searches = 0;
  const planner: Planner = (input) => {
    const before = process.cpuUsage();
    const decision = decide(input);
    const between = process.cpuUsage();
    const { bindingRule, reason } = decision.record;
    if (reason === 'hold' || bindingRule !== undefined || searches++ % every > 0) return decision;
    const { record } = decideFully(input);
    const after = process.cpuUsage();
    if (record.reason === 'hold' || record.bindingRule !== undefined) return decision;
    const past = sunk(input);
    compared.push({
      beam: decision.record.chosen.cost - past,
      full: record.chosen.cost - past,
      beamMs: (between.user + between.system - before.user - before.system) / 1000,
      fullMs: (after.user + after.system - between.user - between.system) / 1000,
      stages: input.site.stages.length,
    });
    return decision;
  };
  const folder = mkdtempSync(join(tmpdir(), 'bench-optimizer-'));
  const port = await findFreePort();
  const sumo = launchSumo({ ...network, routes: [network.routes], additional: [], seed, tripinfo: join(folder, 'tripinfo.xml'), port });
  try {
    await drive(
      {
        host: '127.0.0.1',
        port,
        net: network.net,
        endS: network.endS,
        timing: 'fine',
        gridStepS: network.gridStepS,
        yellowS: network.yellowS,
        minGreenS: 5,
        sensing: 'vehicles',
        control: 'adaptive',
        countdown: 'none',
      },
      planner,
    );
    await sumo.ended;
  } finally {
    sumo.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return compared;
};

const row = (name: string, all: readonly Compared[]): (string | number)[] => {
  const capped = all.filter(({ full }) => full >= CAPS_BROKEN);
  const states = all.filter(({ full, beam }) => full < CAPS_BROKEN && beam < CAPS_BROKEN);
  const sum = (pick: (one: Compared) => number): number => states.reduce((total, one) => total + pick(one), 0);
  const gaps = states.filter(({ full }) => full > 1).map(({ beam, full }) => beam / full - 1);
  const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;
  const gap = sum(({ beam }) => beam) / sum(({ full }) => full) - 1;
  const ms = (pick: (one: Compared) => number): string[] => [0.5, 0.99].map((p) => quantile(all.map(pick), p).toFixed(2));
  return [
    ...[name, Math.max(...all.map(({ stages }) => stages)), all.length, capped.length, percent(gap), percent(quantile(gaps, 0.5))],
    ...[percent(quantile(gaps, 0.9)), percent(quantile(gaps, 0.99)), ...ms(({ beamMs }) => beamMs), ...ms(({ fullMs }) => fullMs)],
  ];
};

const { values } = parseArgs({
  options: {
    networks: { type: 'string' },
    seed: { type: 'string', default: '1' },
    states: { type: 'string', default: '60' },
    parallel: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed);

/** Searches in an hour of a junction, roughly. */
const SEARCHES_PER_JUNCTION = 2600;
if (values.only !== undefined) {
  const network = NETWORKS.find(({ name }) => name === values.only)!;
  const compared = await compareIn(network, seed, Number(values.states));
  process.send!(compared);
} else {
  const wanted = values.networks?.split(',');
  const networks = NETWORKS.filter(({ name }) => wanted === undefined || wanted.includes(name));
  if (networks.length === 0) {
    process.stderr.write('bench optimizer: no network: expected shared/benchmarks beside the repository and names of its networks\n');
    process.exit(2);
  }
  const results = new Map<string, readonly Compared[]>();
  await inParallel(networks, Number(values.parallel), async ({ name }) => {
    const args = ['--only', name, '--seed', `${seed}`, '--states', values.states];
    const child = fork(import.meta.filename, args, { serialization: 'advanced' });
    const [compared] = (await once(child, 'message')) as [readonly Compared[]];
    results.set(name, compared);
    process.stderr.write(`${name}: ${compared.length} states\n`);
  });
  const rows = networks.map(({ name }) => row(name, results.get(name) ?? []));
  if (networks.length > 1)
    rows.push(
      row(
        'all',
        networks.flatMap(({ name }) => results.get(name) ?? []),
      ),
    );
  const head = ['network', 'stages', 'states', 'caps broken in both', 'dearer, of the sum', 'median', '90 %', '99 %'];
  const times = ['beam CPU ms p50', 'p99', 'full CPU ms p50', 'p99'];
  const text = `The optimizer's plans against a search over every second (${TARGET}); positions, fine timing, seed ${seed}; cost from now on, which depends a little on how often one looks (decision 13); recorded ${today()}.\n\n${markdownTable([...head, ...times], rows)}`;
  if (wanted === undefined) record('optimizer-full-search.md', text);
  process.stdout.write(`${text}\n`);
}
