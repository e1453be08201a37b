import { join } from 'node:path';
import type { Network, StreetFurniture, TrafficDemand } from '@songxanh/core';
import { readAdditional, readNetwork, readRoutes } from '@songxanh/sumo-files';
import { createSimulation, type Simulation } from './index.ts';

// The project's own corridor in its morning peak: motorcycles, buses at stops, people at push buttons, detectors.
const folder = join(import.meta.dirname, '../../../scenarios/corridor');
let network: Network;
let demand: TrafficDemand;
let furniture: StreetFurniture;
beforeAll(async () => {
  network = await readNetwork(join(folder, 'corridor.net.xml'));
  furniture = await readAdditional([join(folder, 'corridor.add.xml')], network);
  const files = ['corridor.add.xml', 'corridor.rou.xml', 'corridor.persons.rou.xml'].map((file) => join(folder, file));
  demand = await readRoutes(files, network, { seed: 1, busStops: furniture.busStops });
}, 60_000);

const open = (): Simulation => {
  const made = createSimulation({ network, demand, furniture, beginS: 25_200, endS: 26_100, seed: 1 });
  if (!made.ok) throw new Error(made.message);
  return made.value;
};
const runTo = (simulation: Simulation, atS: number): Simulation => {
  while (simulation.nowS < atS) simulation.step();
  return simulation;
};
/** All that a run tells. */
const told = (simulation: Simulation): string =>
  JSON.stringify([simulation.trips(), simulation.pedestrians(), simulation.kpis(), simulation.takeActuations(), simulation.queues()]);

describe('a snapshot', () => {
  it('goes on bit for bit, also in another simulation and after a way through plain bytes', () => {
    const simulation = runTo(open(), 25_300);
    simulation.setHeads(simulation.signals[0]!, 'r'.repeat(64));
    runTo(simulation, 25_320);
    const snapshot = simulation.save();
    const straight = told(runTo(simulation, 25_420));
    simulation.restore(snapshot);
    expect(told(runTo(simulation, 25_420))).toBe(straight);
    const other = open();
    other.restore(structuredClone(snapshot));
    expect(told(runTo(other, 25_420))).toBe(straight);
  }, 60_000);

  it('forks futures that leave the present alone: the same for no seed, others for other seeds', () => {
    const simulation = runTo(open(), 25_300);
    const futures = [undefined, 7, 8, 7].map((seed) => simulation.fork(seed));
    const [same, seven, eight, sevenAgain] = futures.map((future) => told(runTo(future, 25_360)));
    expect(seven).not.toBe(eight);
    expect(seven).not.toBe(same);
    expect(sevenAgain).toBe(seven);
    expect(simulation.nowS).toBe(25_300);
    expect(told(runTo(simulation, 25_360))).toBe(same);
  }, 60_000);

  it('is refused by another scenario', () => {
    const short = createSimulation({ network, demand, beginS: 25_200, endS: 25_300, seed: 1 });
    const snapshot = open().save();
    expect(() => {
      if (short.ok) short.value.restore(snapshot);
    }).toThrow('the snapshot is of another scenario');
  });
});
