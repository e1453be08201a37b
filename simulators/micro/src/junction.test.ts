import { join } from 'node:path';
import type { Network, TrafficDemand } from '@songxanh/core';
import { parseRoutes, readAdditional, readNetwork, readRoutes } from '@songxanh/sumo-files';
import { createSimulation, type Simulation, type TripRow } from './index.ts';
import { overlapsInNodes, overlapsOnLanes } from './testing/overlaps.ts';

// The project's own junction: heads 0–13 are E right, through, through, left; S; W; N; heads 14–17 the crossings of E, S, W and N.
const scenarios = join(import.meta.dirname, '../../../scenarios');
let network: Network;
beforeAll(async () => {
  network = await readNetwork(join(scenarios, 'one-junction/one-junction.net.xml'));
});

const heads = (shown: Readonly<Record<number, string>>): string => Array.from({ length: 18 }, (_, i) => shown[i] ?? 'r').join('');

const demandOf = (xml: string): TrafficDemand => {
  const demand = parseRoutes(`<routes>${xml}</routes>`, 'test.rou.xml', network);
  if (!demand.ok) throw new Error(demand.message);
  return demand.value;
};

const open = (xml: string, on = network, endS = 400): Simulation => {
  const made = createSimulation({ network: on, demand: demandOf(xml), beginS: 0, endS, seed: 1 });
  if (!made.ok) throw new Error(made.message);
  return made.value;
};

const runUnder = (simulation: Simulation, state: string): ReadonlyMap<string, TripRow> => {
  simulation.setHeads('A', state);
  simulation.run();
  return new Map(simulation.trips().map((trip) => [trip.id, trip]));
};

const vehicle = (id: string, depart: number, from: string, to: string): string =>
  `<vehicle id="${id}" depart="${String(depart)}" departLane="best" departSpeed="max"><route edges="${from}_A A_${to}"/></vehicle>`;
const stream = (count: number, everyS: number, from: string, to: string): string =>
  Array.from({ length: count }, (_, i) => vehicle(`${from}${String(i)}`, i * everyS, from, to)).join('');
/** Somebody who is at the kerb of the western crossing at once. */
const walkers = (count: number, everyS: number): string =>
  Array.from(
    { length: count },
    (_, i) => `<person id="p${String(i)}" depart="${String(i * everyS)}"><walk edges=":A_w3 :A_c2 :A_w2"/></person>`,
  ).join('');

describe('people at a signalised crossing', () => {
  it('press the button, wait for green, cross and let the button go', () => {
    const simulation = open(walkers(1, 1));
    simulation.setHeads('A', heads({}));
    while (simulation.nowS < 50) simulation.step();
    expect(simulation.takeActuations().map(({ detector, on }) => [detector, on])).toEqual([['btn_A_16', true]]);
    expect(simulation.waitingPedestrians().get(':A_c2')).toBe(1);
    simulation.setHeads('A', heads({ 16: 'G' }));
    while (simulation.nowS < 100) simulation.step();
    expect(simulation.takeActuations().map(({ detector, on }) => [detector, on])).toEqual([['btn_A_16', false]]);
    expect(simulation.waitingPedestrians().size).toBe(0);
    const [person] = simulation.pedestrians();
    expect(person?.waitingTime).toBeGreaterThan(10);
    expect(person?.arrival).toBeGreaterThan(50);
  });

  it('keep waiting while their head stays red', () => {
    const simulation = open(walkers(1, 1), network, 200);
    simulation.setHeads('A', heads({}));
    simulation.run();
    expect(simulation.pedestrians()[0]?.arrival).toBe(-1);
  });

  it('hold up the right turn over their crossing, which goes when they are past its path', () => {
    const right = vehicle('right', 0, 'N', 'W');
    const alone = runUnder(open(right), heads({ 11: 'g', 16: 'G' })).get('right')!;
    const behind = runUnder(open(right + walkers(80, 1)), heads({ 11: 'g', 16: 'G' })).get('right')!;
    expect(alone.waitingTime).toBe(0);
    expect(behind.waitingTime).toBeGreaterThan(40);
    expect(behind.arrival).toBeGreaterThan(alone.arrival + 40);
  });

  it('do not hold up the turn over another crossing', () => {
    const trip = runUnder(open(vehicle('right', 0, 'S', 'E') + walkers(80, 1)), heads({ 4: 'g', 16: 'G' })).get('right');
    expect(trip?.waitingTime).toBe(0);
  });
});

describe('a permissive left turn', () => {
  const left = vehicle('left', 10, 'W', 'N');

  it('goes at once when nobody comes the other way', () => {
    expect(runUnder(open(left), heads({ 10: 'g', 1: 'G', 2: 'G' })).get('left')?.waitingTime).toBe(0);
  });

  it('waits inside the node for the oncoming stream, which it does not delay', () => {
    // As many as two lanes take: SUMO finds gaps in a thinner stream, too.
    const oncoming = stream(120, 0.5, 'E', 'W');
    const state = heads({ 10: 'g', 1: 'G', 2: 'G' });
    const meanOf = (trips: ReadonlyMap<string, TripRow>): number => {
      const durations = [...trips.values()].filter(({ id }) => id !== 'left').map(({ duration }) => duration);
      return durations.reduce((sum, duration) => sum + duration, 0) / durations.length;
    };
    const trips = runUnder(open(left + oncoming), state);
    expect(trips.get('left')?.waitingTime).toBeGreaterThan(30);
    expect(trips.get('left')?.arrival).toBeGreaterThan(0);
    expect(meanOf(trips)).toBeLessThan(1.02 * meanOf(runUnder(open(oncoming), state)));
  });

  it('does not wait for a stream that has red', () => {
    const trips = runUnder(open(left + stream(60, 2, 'E', 'W')), heads({ 10: 'g' }));
    expect(trips.get('left')?.waitingTime).toBe(0);
  });
});

describe('a node with stop signs on all approaches', () => {
  const allway = (): Network => ({
    ...network,
    programs: new Map(),
    nodes: new Map([...network.nodes].map(([id, node]) => [id, id === 'A' ? { ...node, kind: 'allway-stop' as const } : node])),
    connections: network.connections.map((connection) => {
      const { signal, ...rest } = connection;
      return signal === undefined ? connection : { ...rest, state: 'w' };
    }),
  });

  it('makes everybody stop and lets the one go first who stopped first', () => {
    const simulation = open(vehicle('late', 3, 'W', 'E') + vehicle('early', 0, 'S', 'N'), allway());
    simulation.run();
    const trips = new Map(simulation.trips().map((trip) => [trip.id, trip]));
    expect(trips.get('early')?.waitingCount).toBeGreaterThan(0);
    expect(trips.get('late')?.waitingCount).toBeGreaterThan(0);
    expect(trips.get('early')!.arrival).toBeLessThan(trips.get('late')!.arrival);
    expect(trips.get('late')?.arrival).toBeGreaterThan(0);
  });
});

describe('vehicles with crossing paths', () => {
  it.each([1, 2, 3])('are never in one place on the junction with motorcycles and people, seed %i', async (seed) => {
    const files = ['one-junction.rou.xml', 'one-junction.persons.rou.xml'].map((file) => join(scenarios, 'one-junction', file));
    const demand = await readRoutes(files, network, { seed });
    const made = createSimulation({ network, demand, beginS: 25_200, endS: 25_800, seed });
    if (!made.ok) throw new Error(made.message);
    while (!made.value.done) {
      made.value.step();
      expect([...overlapsOnLanes(made.value.world), ...overlapsInNodes(made.value.world)]).toEqual([]);
    }
    expect(made.value.kpis().arrived).toBeGreaterThan(100);
  });

  it('are never in one place on the corridor in the first ten minutes of its peak demand', async () => {
    const corridor = await readNetwork(join(scenarios, 'corridor/corridor.net.xml'));
    const files = ['corridor.add.xml', 'corridor.rou.xml', 'corridor.persons.rou.xml'].map((file) => join(scenarios, 'corridor', file));
    const { busStops } = await readAdditional(files.slice(0, 1), corridor);
    const demand = await readRoutes(files, corridor, { seed: 5, busStops });
    const made = createSimulation({ network: corridor, demand, beginS: 25_200, endS: 25_800, seed: 5 });
    if (!made.ok) throw new Error(made.message);
    while (!made.value.done) {
      made.value.step();
      expect([...overlapsOnLanes(made.value.world), ...overlapsInNodes(made.value.world)]).toEqual([]);
    }
    expect(made.value.kpis().arrived).toBeGreaterThan(100);
  }, 60_000);
});

describe('who blocks a node', () => {
  it('is ignored after the time of ignore-junction-blocker, and never without it', () => {
    // A bus stops behind the node for five minutes; the lorry that followed it into the node stands on the path from east to west.
    const bus = `<vType id="b" vClass="bus" length="12"/><vehicle id="bus" type="b" depart="0" departLane="best" departSpeed="max"><route edges="S_A A_N"/>
      <stop lane="A_N_1" startPos="1" endPos="14" duration="300"/></vehicle>`;
    const lorry = `<vType id="l" vClass="truck" length="22"/>${vehicle('lorry', 3, 'S', 'N').replace('id=', 'type="l" id=')}`;
    const crossing = vehicle('crossing', 40, 'E', 'W');
    const state = heads({ 1: 'G', 2: 'G', 5: 'G' });
    const arrival = (ignoreJunctionBlockerS?: number): number => {
      const demand = demandOf(bus + lorry + crossing);
      const made = createSimulation({
        ...{ network, demand, beginS: 0, endS: 600, seed: 1 },
        ...(ignoreJunctionBlockerS === undefined ? {} : { ignoreJunctionBlockerS }),
      });
      if (!made.ok) throw new Error(made.message);
      return runUnder(made.value, state).get('crossing')!.arrival;
    };
    expect(arrival()).toBeGreaterThan(300);
    expect(arrival(20)).toBeLessThan(200);
  });
});
