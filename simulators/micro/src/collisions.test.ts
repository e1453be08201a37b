import { join } from 'node:path';
import type { Network } from '@songxanh/core';
import { readNetwork, readRoutes } from '@songxanh/sumo-files';
import { createSimulation, type Simulation } from './index.ts';
import { approach, demandOf } from './testing/approach.ts';
import { overlapsInNodes, overlapsOnLanes } from './testing/overlaps.ts';

// Situations in which a long search (bench: collisions) has found two vehicles in one place.
const TYPES = `<vType id="car"/><vType id="rider" vClass="motorcycle" length="1.9" width="0.7" minGap="1.0" tau="1.5" accel="2.5" decel="4.5"/>`;
/** What everybody here brakes with at most, m/s². */
const DECEL_MPS2 = 4.5;

const open = (network: Network, xml: string, seed: number): Simulation => {
  const made = createSimulation({ network, demand: demandOf(network, TYPES + xml), beginS: 0, endS: 120, seed });
  if (!made.ok) throw new Error(made.message);
  return made.value;
};

/** Runs to the end: pairs in one place, and the hardest braking of anybody, m/s². */
const watch = (simulation: Simulation): { readonly overlaps: readonly string[]; readonly hardestMps2: number } => {
  const { world } = simulation;
  const overlaps: string[] = [];
  const speeds = new Map<number, number>();
  let hardestMps2 = 0;
  while (!simulation.done) {
    simulation.step();
    overlaps.push(...overlapsOnLanes(world), ...overlapsInNodes(world));
    for (let v = 0; v < world.fleet.end; v++) {
      const [trip, speed] = [world.fleet.trip[v]!, world.fleet.speed[v]!];
      hardestMps2 = Math.max(hardestMps2, (speeds.get(trip) ?? speed) - speed);
      speeds.set(trip, speed);
    }
  }
  return { overlaps, hardestMps2 };
};

it.each([1, 2, 3])('a car behind riders who drive on sees the one who stands beside their way, seed %i', (seed) => {
  const riders = Array.from(
    { length: 40 },
    (_, i) =>
      `<vehicle id="r${String(i)}" type="rider" depart="${String(5 + i)}" departSpeed="max"><route edges="in out"/></vehicle>` +
      (i % 8 === 0
        ? `<vehicle id="c${String(i)}" type="car" depart="${String(5 + i)}" departSpeed="max"><route edges="in out"/></vehicle>`
        : ''),
  ).join('');
  const standing = `<vehicle id="s" type="rider" depart="0" departPos="200" departSpeed="0"><route edges="in out"/><stop lane="in_0" startPos="190" endPos="200" duration="60"/></vehicle>`;
  const { overlaps, hardestMps2 } = watch(open(approach(1, [['G', 200]]), standing + riders, seed));
  expect(overlaps).toEqual([]);
  expect(hardestMps2).toBeLessThan(DECEL_MPS2 + 0.01);
});

it('who turns left goes before nobody who is already too near to stop (half an hour with riders, lorries and people)', async () => {
  const folder = join(import.meta.dirname, '../../../scenarios/one-junction');
  const network = await readNetwork(join(folder, 'one-junction.net.xml'));
  const files = ['one-junction.rou.xml', 'one-junction.persons.rou.xml'].map((file) => join(folder, file));
  const made = createSimulation({ network, demand: await readRoutes(files, network, { seed: 1 }), beginS: 25_200, endS: 27_000, seed: 1 });
  if (!made.ok) throw new Error(made.message);
  expect(watch(made.value).overlaps).toEqual([]);
});

it('who normally brakes harder than others do in an emergency still does so behind a queue at red', () => {
  const racers = Array.from(
    { length: 50 },
    (_, i) => `<vehicle id="r${String(i)}" type="racer" depart="${String(2 * i)}" departSpeed="max"><route edges="in out"/></vehicle>`,
  ).join('');
  const types = '<vType id="racer" accel="5" decel="10" minGap="0.5" speedFactor="1.5"/>';
  for (const seed of [1, 2, 3, 4, 5]) expect(watch(open(approach(1, [['r', 200]]), types + racers, seed)).overlaps).toEqual([]);
});
