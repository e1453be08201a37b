import { parseNetwork } from '@songxanh/sumo-files';
import type { Closure } from '@songxanh/core';
import { createSimulation, type Simulation, type TripRow } from './index.ts';
import { demandOf } from './testing/approach.ts';

/** From `in` to `out` by `direct` (300 m, to a signal that stays red) or by `around` (500 m, nothing in the way). */
const edge = (id: string, from: string, to: string, length: number): string =>
  `<edge id="${id}" from="${from}" to="${to}" priority="1"><lane id="${id}_0" index="0" speed="13.89" length="${length}" shape="0,0 ${length},0"/></edge>`;
const link = (from: string, to: string, signal = ''): string =>
  `<connection from="${from}" to="${to}" fromLane="0" toLane="0" dir="s" state="M" ${signal}/>`;
const node = (id: string, kind: string, lanes: string): string =>
  `<junction id="${id}" type="${kind}" x="0" y="0" incLanes="${lanes}" intLanes="" shape="0,0 0,4"/>`;
const parsed = parseNetwork(
  `<net><location netOffset="0,0" convBoundary="0,0,9,9" origBoundary="0,0,9,9" projParameter="!"/>
  ${edge('in', 'a', 'b', 100)}${edge('direct', 'b', 'c', 300)}${edge('around', 'b', 'c', 500)}${edge('out', 'c', 'd', 100)}
  <tlLogic id="c" type="static" programID="0" offset="0"><phase duration="90" state="r"/></tlLogic>
  ${node('a', 'dead_end', '')}${node('b', 'priority', 'in_0')}${node('c', 'traffic_light', 'direct_0 around_0')}${node('d', 'dead_end', 'out_0')}
  ${link('in', 'direct')}${link('in', 'around')}${link('direct', 'out', 'tl="c" linkIndex="0"')}${link('around', 'out')}</net>`,
  'ways.net.xml',
);
if (!parsed.ok) throw new Error(parsed.message);
const network = parsed.value;

const open = (row: (i: number) => string, count: number, closures: readonly Closure[] = [], green = false): Simulation => {
  const demand = demandOf(network, Array.from({ length: count }, (_, i) => row(i)).join(''));
  const made = createSimulation({ network, demand, furniture: { detectors: [], busStops: [], closures }, beginS: 0, endS: 900, seed: 1 });
  if (!made.ok) throw new Error(made.message);
  if (green) made.value.setHeads('c', 'G');
  return made.value;
};
const trip = (i: number): string => `<trip id="t${i}" depart="${i * 10}" from="in" to="out"/>`;
const vehicle = (i: number): string => `<vehicle id="v${i}" depart="${i * 10}"><route edges="in direct out"/></vehicle>`;
const finish = (simulation: Simulation): readonly TripRow[] => {
  simulation.run();
  return simulation.trips();
};
const around = ({ arrival, routeLength }: TripRow): boolean => arrival >= 0 && routeLength > 600;

describe('a trip', () => {
  it('takes the short way while nobody has met its red signal, and the long one when it has become slow', () => {
    const rows = finish(open(trip, 40));
    expect(rows.slice(0, 3).map(({ arrival }) => arrival)).toEqual([-1, -1, -1]);
    expect(rows.slice(25).every(around)).toBe(true);
  });

  it('keeps its route where the demand gives one', () => {
    expect(finish(open(vehicle, 20)).some(around)).toBe(false);
  });

  it('goes on bit for bit from a snapshot, ways included', () => {
    const simulation = open(trip, 40);
    while (simulation.nowS < 250) simulation.step();
    const snapshot = structuredClone(simulation.save());
    const straight = finish(simulation);
    const other = open(trip, 40);
    other.restore(snapshot);
    expect(finish(other)).toEqual(straight);
    simulation.restore(snapshot);
    expect(finish(simulation)).toEqual(straight);
  });
});

describe('a closed edge', () => {
  const closure = { id: 'works', edges: ['direct'], beginS: 100, endS: 300 };

  it('is driven around while it is closed, and used before and after', () => {
    const rows = finish(open(vehicle, 50, [closure], true));
    const ways = rows.map(around);
    expect(ways.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => false));
    expect(ways.slice(11, 29).every(Boolean)).toBe(true);
    expect(ways.slice(30).some(Boolean)).toBe(false);
    expect(rows.every(({ arrival }) => arrival >= 0)).toBe(true);
  });

  it('is waited for by those who learn nothing of it in time', () => {
    const rows = finish(open(vehicle, 20, [{ ...closure, noticedOn: ['out'] }], true));
    expect(rows.some(around)).toBe(false);
    const late = rows.filter(({ depart }) => depart >= 120 && depart <= 190);
    expect(late.every(({ arrival }) => arrival > 300)).toBe(true);
  });

  it('is waited for where no way leads around it', () => {
    const rows = finish(open(vehicle, 20, [{ ...closure, edges: ['out'] }], true));
    expect(rows.filter(({ arrival }) => arrival > 115 && arrival < 300)).toEqual([]);
    expect(rows.every(({ arrival }) => arrival >= 0)).toBe(true);
  });

  it('is not begun from before it opens', () => {
    const start = (i: number): string => `<vehicle id="s${i}" depart="${150 + i}"><route edges="direct out"/></vehicle>`;
    expect(finish(open(start, 1, [closure], true))[0]?.depart).toBe(300);
  });

  it('is refused where the street does not have it', () => {
    const made = createSimulation({
      network,
      demand: demandOf(network, vehicle(0)),
      furniture: { detectors: [], busStops: [], closures: [{ ...closure, edges: ['moon'] }] },
      beginS: 0,
      endS: 10,
      seed: 1,
    });
    expect(made).toMatchObject({ ok: false, message: 'closure works: edge moon is not in the network' });
  });
});

describe('an edge that works close', () => {
  const until = (simulation: Simulation, s: number): void => {
    while (simulation.nowS < s) simulation.step();
  };

  it('is driven around from the moment it is fenced until it is free again', () => {
    const simulation = open(vehicle, 50, [], true);
    until(simulation, 100);
    simulation.fence(['direct', 'moon']);
    until(simulation, 300);
    simulation.fence([]);
    const ways = finish(simulation).map(around);
    expect(ways.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => false));
    expect(ways.slice(11, 29).every(Boolean)).toBe(true);
    expect(ways.slice(31).some(Boolean)).toBe(false);
  });

  it('keeps those at home who have no other way, and lets those through who are under way', () => {
    const simulation = open(vehicle, 20, [], true);
    until(simulation, 95);
    simulation.fence(['out']);
    until(simulation, 300);
    const fenced = simulation.trips();
    expect(fenced.filter(({ depart }) => depart >= 0 && depart < 95).every(({ arrival }) => arrival > 0)).toBe(true);
    expect(fenced.filter(({ depart }) => depart > 95)).toEqual([]);
    simulation.fence([]);
    expect(finish(simulation).every(({ arrival }) => arrival > 0)).toBe(true);
  });

  it('stays fenced in a snapshot', () => {
    const simulation = open(vehicle, 30, [], true);
    until(simulation, 100);
    simulation.fence(['direct']);
    const snapshot = structuredClone(simulation.save());
    const straight = finish(simulation);
    const other = open(vehicle, 30, [], true);
    other.restore(snapshot);
    expect(finish(other)).toEqual(straight);
    expect(straight.slice(12).every(around)).toBe(true);
  });
});
