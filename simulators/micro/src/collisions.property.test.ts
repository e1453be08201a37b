import { join } from 'node:path';
import type { Network } from '@songxanh/core';
import { readNetwork } from '@songxanh/sumo-files';
import fc from 'fast-check';
import { createSimulation, type Simulation } from './index.ts';
import { demandOf } from './testing/approach.ts';
import { overlapsInNodes, overlapsOnLanes } from './testing/overlaps.ts';

const END_S = 180;
const ARMS = ['N', 'E', 'S', 'W'] as const;
const TYPES = `<vType id="car"/><vType id="fast" accel="4" decel="7" sigma="0" speedFactor="1.3"/><vType id="racer" accel="5" decel="10"/>
  <vType id="idm" carFollowModel="IDM"/><vType id="bus" vClass="bus" length="12"/>
  <vType id="motorcycle" vClass="motorcycle" length="1.9" width="0.7" minGap="1" tau="1.5"/>`;
/** Of the project's junction, those of people included. */
const HEADS = 18;

let network: Network;
beforeAll(async () => {
  network = await readNetwork(join(import.meta.dirname, '../../../scenarios/one-junction/one-junction.net.xml'));
});

const vehicle = fc.record({
  type: fc.constantFrom('car', 'fast', 'racer', 'idm', 'bus', 'motorcycle'),
  departS: fc.integer({ min: 0, max: 120 }),
  from: fc.constantFrom(...ARMS),
  turn: fc.integer({ min: 1, max: 3 }),
});
const vehicles = fc.array(vehicle, { minLength: 60, maxLength: 250 });
const seed = fc.integer({ min: 1, max: 1e6 });
interface Run {
  readonly seed: number;
  readonly vehicles: readonly {
    readonly type: string;
    readonly departS: number;
    readonly from: (typeof ARMS)[number];
    readonly turn: number;
  }[];
}

/** Nobody in one place and nobody lost, step by step; `before` may set lamps. */
const expectOrder = ({ seed, vehicles }: Run, before: (simulation: Simulation) => void): void => {
  const rows = [...vehicles]
    .sort((a, b) => a.departS - b.departS)
    .map(({ type, departS, from, turn }, i) => {
      const to = ARMS[(ARMS.indexOf(from) + turn) % 4]!;
      return `<vehicle id="v${String(i)}" type="${type}" depart="${String(departS)}" departLane="best" departSpeed="max"><route edges="${from}_A A_${to}"/></vehicle>`;
    });
  const made = createSimulation({ network, demand: demandOf(network, TYPES + rows.join('')), beginS: 0, endS: END_S, seed });
  if (!made.ok) throw new Error(made.message);
  const simulation = made.value;
  while (!simulation.done) {
    before(simulation);
    simulation.step();
    expect([...overlapsOnLanes(simulation.world), ...overlapsInNodes(simulation.world)]).toEqual([]);
    const { running, arrived, notInserted } = simulation.kpis();
    expect(running + arrived + notInserted).toBe(vehicles.filter(({ departS }) => departS < simulation.nowS).length);
  }
};

it('never has two vehicles in one place and loses nobody, whatever the traffic', () => {
  fc.assert(
    fc.property(fc.record({ seed, vehicles }), (run) => expectOrder(run, () => undefined)),
    { numRuns: 25, seed: 1 },
  );
}, 60_000);

it('nor where lamps change at random, conflicting greens among them', () => {
  const shown = fc.string({ unit: fc.constantFrom('r', 'g', 'G'), minLength: HEADS, maxLength: HEADS });
  const lamps = fc.array(fc.record({ shown, seconds: fc.integer({ min: 3, max: 15 }) }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.record({ seed, vehicles, lamps }), ({ lamps, ...run }) => {
      let [next, until] = [0, 0];
      expectOrder(run, (simulation) => {
        if (simulation.nowS < until) return;
        const { shown, seconds } = lamps[next++ % lamps.length]!;
        until = simulation.nowS + seconds;
        simulation.setHeads('A', shown);
      });
    }),
    { numRuns: 100, seed: 1 },
  );
}, 60_000);
