import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readNetwork, readRoutes } from '@songxanh/sumo-files';
import type { Network, StreetFurniture, TrafficDemand } from '@songxanh/core';
import { createSimulation, type Simulation } from './index.ts';
import type { World } from './world.ts';
import { approach, demandOf } from './testing/approach.ts';
import { overlapsOnLanes } from './testing/overlaps.ts';

const MOTORCYCLE = `<vType id="motorcycle" vClass="motorcycle" length="1.9" width="0.7" minGap="1.0" tau="1.5" accel="2.5" decel="4.5" maxSpeed="13.9"/>`;

const start = (network: Network, demand: TrafficDemand, endS: number, seed = 1, furniture?: StreetFurniture): Simulation => {
  const made = createSimulation({ network, demand, beginS: 0, endS, seed, ...(furniture ? { furniture } : {}) });
  if (!made.ok) throw new Error(made.message);
  return made.value;
};

const cars = (count: number, extra = ''): string =>
  Array.from({ length: count }, (_, i) => `<vehicle id="c${i}" depart="${i}" ${extra}><route edges="in out"/></vehicle>`).join('');

/** Departures per hour of green over a stop line, 60 s of red first so that a queue stands there. */
const saturation = (network: Network, demand: TrafficDemand, lanes: number, onStep: (world: World) => void = () => undefined): number => {
  const simulation = start(network, demand, 400);
  simulation.setHeads('n', 'r'.repeat(lanes));
  while (simulation.nowS < 300) simulation.step();
  const before = passed(simulation);
  simulation.setHeads('n', 'G'.repeat(lanes));
  while (simulation.nowS < 305) simulation.step();
  const first = passed(simulation);
  while (simulation.nowS < 335) {
    simulation.step();
    onStep(simulation.world);
  }
  expect(before).toBe(0);
  return ((passed(simulation) - first) * 3600) / 30;
};
const passed = (simulation: Simulation): number =>
  simulation.trips().filter(({ departPos, routeLength }) => departPos + routeLength > 400).length;

describe('the microscopic engine', () => {
  it('discharges a queue of cars at 1,700 to 2,100 per hour and lane', () => {
    const network = approach(1, [['G', 60]]);
    const flow = saturation(network, demandOf(network, cars(290, 'departSpeed="max"')), 1);
    expect(flow).toBeGreaterThanOrEqual(1700);
    expect(flow).toBeLessThanOrEqual(2100);
  });

  it('discharges 12,000 to 14,000 motorcycles per hour from an approach of 7 m', () => {
    const network = approach(2, [['G', 60]]);
    const riders = Array.from(
      { length: 1400 },
      (_, i) =>
        `<vehicle id="m${i}" type="motorcycle" depart="${(i * 0.2).toFixed(1)}" departLane="${i % 2}" departSpeed="max" departPos="free"><route edges="in out"/></vehicle>`,
    ).join('');
    const flow = saturation(network, demandOf(network, MOTORCYCLE + riders), 2);
    expect(flow).toBeGreaterThanOrEqual(12_000);
    expect(flow).toBeLessThanOrEqual(14_000);
  });

  it('discharges a queue of cars that follow by IDM at 1,300 to 2,100 per hour and lane, and nobody touches', () => {
    const network = approach(1, [['G', 60]]);
    const idm = '<vType id="idm" carFollowModel="IDM"/>';
    const flow = saturation(network, demandOf(network, idm + cars(290, 'type="idm" departSpeed="max"')), 1, (world) => {
      expect(overlapsOnLanes(world)).toEqual([]);
    });
    expect(flow).toBeGreaterThanOrEqual(1300);
    expect(flow).toBeLessThanOrEqual(2100);
  });

  it('lets nobody pass a red signal', () => {
    const network = approach(2, [['r', 60]]);
    const simulation = start(network, demandOf(network, cars(100)), 300);
    simulation.run();
    expect(passed(simulation)).toBe(0);
    expect(simulation.queues().reduce((sum, queue) => sum + queue.standing, 0)).toBeGreaterThan(20);
  });

  it('keeps every vehicle: those due are running, arrived or waiting to be inserted', () => {
    const network = approach(1, [['G', 60]]);
    const simulation = start(network, demandOf(network, cars(200)), 150);
    while (!simulation.done) {
      simulation.step();
      const { running, arrived, notInserted } = simulation.kpis();
      expect(running + arrived + notInserted).toBe(Math.min(200, Math.floor(simulation.nowS)));
    }
  });

  it('gives the same bytes for the same seed and other bytes for another', () => {
    const network = approach(2, [['G', 60]]);
    const demand = demandOf(network, cars(100));
    const run = (seed: number): string => {
      const simulation = start(network, demand, 300, seed);
      simulation.run();
      return JSON.stringify(simulation.trips());
    };
    expect(run(7)).toBe(run(7));
    expect(run(7)).not.toBe(run(8));
  });

  it('holds a bus at its stop for the whole dwell', () => {
    const network = approach(1, [['G', 60]]);
    const xml = `<vType id="b" vClass="bus" length="12"/><vehicle id="bus" type="b" depart="0"><route edges="in out"/><stop lane="in_0" startPos="180" endPos="200" duration="30"/></vehicle>`;
    const simulation = start(network, demandOf(network, xml), 200);
    simulation.run();
    const [bus] = simulation.trips();
    expect(bus?.stopTime).toBe(30);
    expect(bus?.arrival).toBeGreaterThan(60);
  });

  it('stamps a loop on when the front passes and off when the back has left', () => {
    const network = approach(1, [['G', 60]]);
    const furniture: StreetFurniture = { detectors: [{ kind: 'loop', id: 'l', lane: 'in_0', posM: 300 }], busStops: [] };
    const simulation = start(network, demandOf(network, cars(1)), 100, 1, furniture);
    simulation.run();
    const actuations = simulation.takeActuations();
    expect(actuations.map(({ on }) => on)).toEqual([true, false]);
    const occupiedMs = actuations[1]!.at - actuations[0]!.at;
    expect(occupiedMs).toBeGreaterThanOrEqual(200);
    expect(occupiedMs).toBeLessThanOrEqual(700);
    expect(simulation.takeActuations()).toEqual([]);
  });

  it('lets a loop see who starts above it, from the begin of the step on', () => {
    const network = approach(1, [['G', 60]]);
    const furniture: StreetFurniture = { detectors: [{ kind: 'loop', id: 'l', lane: 'in_0', posM: 1 }], busStops: [] };
    const simulation = start(network, demandOf(network, '<vehicle id="c" depart="3"><route edges="in out"/></vehicle>'), 100, 1, furniture);
    simulation.run();
    const [on, off] = simulation.takeActuations();
    expect([on?.at, on?.on, off?.on]).toEqual([3100, true, false]);
    expect(off!.at).toBeGreaterThan(4000);
    expect(off!.at).toBeLessThanOrEqual(5000);
  });

  it('runs until everybody has arrived where no end is given', () => {
    const network = approach(1, [['G', 60]]);
    const simulation = start(network, demandOf(network, cars(20)), Infinity);
    simulation.run();
    expect(simulation.kpis()).toMatchObject({ arrived: 20, running: 0, notInserted: 0 });
  });

  it('takes the same way in half steps within 5 %', () => {
    const network = approach(1, [['G', 60]]);
    const demand = demandOf(
      network,
      cars(40).replaceAll(/depart="(\d+)"/g, (_, s: string) => `depart="${String(Number(s) * 5)}"`),
    );
    const mean = (stepLengthS: number): number => {
      const made = createSimulation({ network, demand, beginS: 0, endS: Infinity, seed: 1, stepLengthS });
      if (!made.ok) throw new Error(made.message);
      made.value.run();
      return made.value.summary().meanTravelTimeS;
    };
    expect(mean(0.5) / mean(1)).toBeGreaterThan(0.95);
    expect(mean(0.5) / mean(1)).toBeLessThan(1.05);
  });

  it('refuses a step that is not whole tenths of a second', () => {
    const network = approach(1, [['G', 60]]);
    const made = createSimulation({ network, demand: demandOf(network, cars(1)), beginS: 0, endS: 10, seed: 1, stepLengthS: 0.25 });
    expect(made.ok ? '' : made.message).toBe('step-length 0.25: expected whole tenths of a second');
  });

  it('tells after each step how all trips stand', () => {
    const network = approach(1, [['r', 60]]);
    const simulation = start(network, demandOf(network, cars(200)), 300);
    simulation.run();
    const { loaded, inserted, running, waiting, arrived, halting, timeS, meanTravelTimeS } = simulation.summary();
    expect({ loaded, arrived, timeS, meanTravelTimeS }).toEqual({ loaded: 200, arrived: 0, timeS: 299, meanTravelTimeS: -1 });
    expect([inserted, inserted + waiting]).toEqual([running, 200]);
    expect(halting).toBeGreaterThan(0.9 * running);
  });

  it('refuses a route that its network cannot carry', () => {
    const network = approach(1, [['G', 60]]);
    const demand = demandOf(network, cars(1));
    const backwards = { ...demand, trips: demand.trips.map((trip) => ({ ...trip, edges: ['out', 'in'] })) };
    const made = createSimulation({ network, demand: backwards, beginS: 0, endS: 10, seed: 1 });
    expect(made.ok ? '' : made.message).toBe('vehicle c0: no connection from edge out to edge in for its class');
  });
});

const benchmark = join(import.meta.dirname, '../../../../shared/benchmarks/ingolstadt/ingolstadt7/ingolstadt7');
(existsSync(`${benchmark}.net.xml`) ? describe : describe.skip)('the engine on seven junctions of a real city (../shared present)', () => {
  it('has no two vehicles in one place in twenty minutes', async () => {
    const network = await readNetwork(`${benchmark}.net.xml`);
    const demand = await readRoutes([`${benchmark}.rou.xml`], network);
    const made = createSimulation({ network, demand, beginS: 57_600, endS: 58_800, seed: 3 });
    if (!made.ok) throw new Error(made.message);
    while (!made.value.done) {
      made.value.step();
      expect(overlapsOnLanes(made.value.world)).toEqual([]);
    }
  }, 60_000);
});
