import { join } from 'node:path';
import { readConfig, readNetwork, readRoutes } from '@songxanh/sumo-files';
import { createSimulation, type SimulationOptions } from '../simulation.ts';
import { runOnThreads, type RunResult } from './run-on-threads.ts';

const folder = join(import.meta.dirname, '../../../../scenarios/one-junction');
let options: Omit<SimulationOptions, 'seed'>;
beforeAll(async () => {
  const { net, routes, beginS } = await readConfig(join(folder, 'one-junction.sumocfg'));
  const network = await readNetwork(net);
  const demand = await readRoutes(routes, network, { seed: 1 });
  options = { network, demand, beginS, endS: beginS + 120 };
});

const alone = (seed: number): RunResult => {
  const made = createSimulation({ ...options, seed });
  if (!made.ok) throw new Error(made.message);
  made.value.run();
  return { seed, kpis: made.value.kpis(), trips: made.value.trips(), pedestrians: made.value.pedestrians() };
};
const bytes = (results: readonly RunResult[]): string => JSON.stringify(results);

describe('runs on threads', () => {
  const seeds = [3, 1, 2];

  it('come to the same bytes as in this thread, on one thread and on three, in the order of the seeds', async () => {
    const here = bytes(seeds.map(alone));
    expect(bytes(await runOnThreads(options, seeds, 1))).toBe(here);
    expect(bytes(await runOnThreads(options, seeds, 3))).toBe(here);
  }, 60_000);

  it('differ by seed', () => {
    expect(bytes([{ ...alone(1), seed: 0 }])).not.toBe(bytes([{ ...alone(2), seed: 0 }]));
  });

  it('fail where the street cannot carry the demand', async () => {
    const { network } = options;
    const lost = { types: options.demand.types, trips: [{ ...options.demand.trips[0]!, edges: ['moon'] }], walks: [] };
    await expect(runOnThreads({ ...options, network, demand: lost }, [1], 1)).rejects.toThrow('edge moon is not in the network');
  }, 30_000);
});
