import type { Network } from '@songxanh/core';
import { createSimulation, type Simulation } from './index.ts';
import { streamState, drawUniform } from './random.ts';
import { approach, APPROACH_M, demandOf, FREE_SPEED_MPS } from './testing/approach.ts';

/** SUMO's default car: 5 m and 2.5 m of gap. */
const JAM_SPACING_M = 7.5;

const open = (network: Network, xml: string, endS: number, seed = 1): Simulation => {
  const made = createSimulation({ network, demand: demandOf(network, xml), beginS: 0, endS, seed });
  if (!made.ok) throw new Error(made.message);
  return made.value;
};
const car = (i: number, departS: number, extra = ''): string =>
  `<vehicle id="c${String(i)}" depart="${departS.toFixed(2)}" departSpeed="max" ${extra}><route edges="in out"/></vehicle>`;
const evenly = (count: number, everyS: number, extra = ''): string =>
  Array.from({ length: count }, (_, i) => car(i, i * everyS, extra)).join('');
/** Poisson arrivals. */
const atRandom = (count: number, meanS: number, seed: number): string => {
  const states = Uint32Array.of(streamState(seed, 0));
  let t = 0;
  return Array.from({ length: count }, (_, i) => car(i, (t -= meanS * Math.log(1 - drawUniform(states, 0))))).join('');
};

/** Vehicles on the approach by place: fronts, downstream first. */
const onApproach = ({ world }: Simulation): { trip: number; pos: number; speed: number }[] => {
  const { fleet, order, street } = world;
  const found = [];
  for (let v = order.first[street.laneIndex.get('in_0')!]!; v >= 0; v = fleet.behind[v]!)
    found.push({ trip: fleet.trip[v]!, pos: fleet.pos[v]!, speed: fleet.speed[v]! });
  return found;
};
const slope = (points: readonly (readonly [x: number, y: number])[]): number => {
  const mean = (pick: 0 | 1): number => points.reduce((sum, p) => sum + p[pick], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  return points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
};

describe('traffic against theory', () => {
  it('lets the end of a queue at red move upstream at the speed of the kinematic wave, within 10 %', () => {
    const flow = 1 / 5;
    const simulation = open(approach(1, [['r', 60]]), evenly(40, 5), 170);
    const ends: [number, number][] = [];
    while (!simulation.done) {
      simulation.step();
      const standing = onApproach(simulation).filter(({ speed }) => speed < 0.1);
      if (standing.length > 1) ends.push([simulation.nowS, standing.at(-1)!.pos]);
    }
    const theory = flow / (1 / JAM_SPACING_M - flow / FREE_SPEED_MPS);
    expect(-slope(ends) / theory).toBeGreaterThan(0.9);
    expect(-slope(ends) / theory).toBeLessThan(1.1);
  });

  it('starts a queue backwards at the speed of the kinematic wave that belongs to its own discharge, within 10 %', () => {
    const simulation = open(approach(1, [['r', 60]]), evenly(60, 2), 400);
    while (simulation.nowS < 250) simulation.step();
    simulation.setHeads('n', 'G');
    const starts = new Map<number, [number, number]>();
    const passed: { at: number; speed: number }[] = [];
    let before = onApproach(simulation);
    while (simulation.nowS < 330) {
      simulation.step();
      const now = onApproach(simulation);
      for (const { trip, pos, speed } of now) if (speed > 1 && !starts.has(trip)) starts.set(trip, [simulation.nowS, pos]);
      for (const { trip, speed } of before) if (!now.some((other) => other.trip === trip)) passed.push({ at: simulation.nowS, speed });
      before = now;
    }
    // Past the first vehicles, which have not reached their speed at the line.
    const steady = passed.slice(4, 40);
    const flow = 1 / slope(steady.map(({ at }, i) => [i, at] as const));
    const speed = steady.reduce((sum, one) => sum + one.speed, 0) / steady.length;
    const theory = flow / (1 / JAM_SPACING_M - flow / speed);
    const measured = -slope([...starts.values()].slice(4, 40));
    expect(measured / theory).toBeGreaterThan(0.9);
    expect(measured / theory).toBeLessThan(1.1);
  });

  it.each([3, 6, 9])(
    'follows a leader at %i m/s on the fundamental diagram of its model: gap = minGap + speed × tau, within 3 %',
    (speed) => {
      const slow = `<vType id="slow" maxSpeed="${String(speed)}" sigma="0"/><vType id="plain" sigma="0" speedDev="0"/>`;
      const leader = `<vehicle id="slow" type="slow" depart="0" departSpeed="max"><route edges="in out"/></vehicle>`;
      const simulation = open(
        approach(1, [['G', 60]]),
        slow + leader + evenly(30, 1, 'type="plain"').replaceAll('id="c0"', 'id="first"'),
        400,
      );
      while (onApproach(simulation)[0] === undefined || onApproach(simulation)[0]!.pos < 0.95 * APPROACH_M) simulation.step();
      const column = onApproach(simulation).slice(0, 8);
      const spacing = (column[0]!.pos - column.at(-1)!.pos) / (column.length - 1);
      expect(spacing / (JAM_SPACING_M + speed)).toBeGreaterThan(0.97);
      expect(spacing / (JAM_SPACING_M + speed)).toBeLessThan(1.03);
    },
  );

  // At light load most of the delay is braking and accelerating, which the formula does not know.
  it.each([0.5, 0.8])(
    'delays random arrivals at a fixed-time signal at degree of saturation %f as Webster says (uniform delay, an M/D/1 queue and his correction), within 15 %',
    (saturation) => {
      const cycleS = 60;
      const signal = approach(1, [
        ['G', 27],
        ['y', 3],
        ['r', 30],
      ]);
      const arrived = (network: Network, xml: string, endS: number, seed: number): ReturnType<Simulation['trips']> => {
        const simulation = open(network, xml, endS, seed);
        simulation.run();
        return simulation.trips().filter(({ arrival }) => arrival >= 0);
      };
      const full = evenly(2000, 1);
      const saturationFlow = arrived(approach(1, [['G', 60]]), full, 3600, 1).length / 3600;
      const capacity = arrived(signal, full, 3600, 1).length / 3600;
      const share = capacity / saturationFlow;
      const flow = saturation * capacity;
      const seeds = [1, 2, 3];
      const meanLoss = (network: Network): number => {
        const losses = seeds.flatMap((seed) =>
          arrived(network, atRandom(Math.round(flow * 7200), 1 / flow, seed), 7200, seed).map((trip) => trip.timeLoss + trip.departDelay),
        );
        return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      };
      const uniform = (cycleS * (1 - share) ** 2) / (2 * (1 - share * saturation));
      const queue = saturation ** 2 / (2 * flow * (1 - saturation));
      const correction = 0.65 * Math.cbrt(cycleS / flow ** 2) * saturation ** (2 + 5 * share);
      const theory = uniform + queue - correction;
      // What drivers lose by dawdling and by others is lost at green, too.
      const delay = meanLoss(signal) - meanLoss(approach(1, [['G', 60]]));
      expect(delay / theory).toBeGreaterThan(0.85);
      expect(delay / theory).toBeLessThan(1.15);
    },
  );
});
