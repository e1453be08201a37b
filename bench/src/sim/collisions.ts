/**
 * Looks for vehicles in one place: random traffic on the project's junction, on its corridor, on a grid with motorcycles and on the outside networks
 * (where the shared data is there), every step of it checked, until so many vehicle-steps have been driven or the time is up.
 *
 *   make bench ARGS="collisions --steps 1e9 --minutes 60 --from-seed 1"
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Network, StreetFurniture, TrafficDemand } from '@songxanh/core';
import { createSimulation } from '@songxanh/micro';
import { overlapsInNodes, overlapsOnLanes } from '@songxanh/micro/testing/overlaps';
import { readAdditional, readNetwork, readRoutes } from '@songxanh/sumo-files';
import { NETWORKS, type BenchNetwork } from '../control/networks.ts';
import { markdownTable } from '../markdown-table.ts';
import { record, today } from '../results.ts';
import { writeGrid } from './grid.ts';

interface Ground {
  readonly name: string;
  readonly network: Network;
  readonly furniture: StreetFurniture;
  readonly demandOf: (seed: number) => Promise<TrafficDemand>;
  readonly beginS: number;
  readonly endS: number;
}

const scenario = async (name: string, beginS: number, endS: number): Promise<Ground> => {
  const folder = join(import.meta.dirname, '../../../scenarios', name);
  const network = await readNetwork(join(folder, `${name}.net.xml`));
  const furniture = await readAdditional([join(folder, `${name}.add.xml`)], network);
  const files = ['add', 'rou', 'persons.rou'].map((kind) => join(folder, `${name}.${kind}.xml`));
  return { name, network, furniture, beginS, endS, demandOf: (seed) => readRoutes(files, network, { seed, busStops: furniture.busStops }) };
};

const grid = async (folder: string): Promise<Ground> => {
  const files = writeGrid({ size: 10, vehPerHourPerEntry: 400, motorcycles: 0.5, endS: 1800 }, folder);
  const network = await readNetwork(files.net);
  const demandOf = (seed: number): Promise<TrafficDemand> => readRoutes([files.routes], network, { seed });
  return { name: 'grid 10x10, half motorcycles', network, furniture: { detectors: [], busStops: [] }, beginS: 0, endS: 1800, demandOf };
};

const outside = async ({ name, net, routes, beginS, endS }: BenchNetwork): Promise<Ground> => {
  const network = await readNetwork(net);
  const demandOf = (seed: number): Promise<TrafficDemand> => readRoutes([routes], network, { seed });
  return { name, network, furniture: { detectors: [], busStops: [] }, beginS, endS, demandOf };
};

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1e8' },
    minutes: { type: 'string', default: '10' },
    'from-seed': { type: 'string', default: '1' },
  },
});
const until = performance.now() + 60_000 * Number(values.minutes);
const folder = mkdtempSync(join(tmpdir(), 'bench-collisions-'));
const found = new Map<string, { steps: number; onLanes: number; inNodes: number }>();
const total = (): number => [...found.values()].reduce((sum, { steps }) => sum + steps, 0);
const isOver = (): boolean => total() >= Number(values.steps) || performance.now() > until;

try {
  const grounds = [await scenario('corridor', 25_200, 28_800), await grid(folder), await scenario('one-junction', 25_200, 28_800)];
  for (const network of NETWORKS) grounds.push(await outside(network));
  for (let seed = Number(values['from-seed']); !isOver(); seed++)
    for (const { name, network, furniture, demandOf, beginS, endS } of grounds) {
      const made = createSimulation({ network, furniture, demand: await demandOf(seed), beginS, endS, seed });
      if (!made.ok) throw new Error(made.message);
      const simulation = made.value;
      const so = found.get(name) ?? { steps: 0, onLanes: 0, inNodes: 0 };
      found.set(name, so);
      while (!simulation.done && !isOver()) {
        simulation.step();
        so.steps += simulation.world.fleet.running;
        const [onLanes, inNodes] = [overlapsOnLanes(simulation.world), overlapsInNodes(simulation.world)];
        so.onLanes += onLanes.length;
        so.inNodes += inNodes.length;
        for (const pair of [...onLanes, ...inNodes])
          process.stdout.write(`${name}, seed ${String(seed)}, after ${String(simulation.nowS)} s: ${pair}\n`);
      }
      process.stdout.write(
        `${name}, seed ${String(seed)}: ${String(so.onLanes + so.inNodes)} found here so far; ${(total() / 1e6).toFixed(0)} M vehicle-steps in all\n`,
      );
      if (isOver()) break;
    }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const rows = [...found].map(([name, { steps, onLanes, inNodes }]) => [name, (steps / 1e6).toFixed(1), onLanes, inNodes]);
const text = `Pairs of vehicles in one place, counted after every step; ${(total() / 1e6).toFixed(0)} M vehicle-steps in all, recorded ${today()}.

${markdownTable(['streets', 'M vehicle-steps', 'on lanes', 'where paths cross'], rows)}`;
record('sim-collisions.md', text);
process.stdout.write(`\n${text}\n`);
