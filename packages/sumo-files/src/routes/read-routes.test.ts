import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TrafficDemand } from '@songxanh/core';
import { readNetwork } from '../network/parse-network.ts';
import { benchmarkFolders, cross, messageOf, valueOf } from '../testing/fixtures.ts';
import { parseRoutes, readRoutes } from './read-routes.ts';

const network = cross();
const busStops = [{ id: 'market', name: 'Market', lane: 'EC_1', startPosM: 40, endPosM: 60 }];
const read = (inside: string, seed = 1): TrafficDemand =>
  valueOf(parseRoutes(`<routes>\n${inside}\n</routes>`, 'x', network, { busStops, seed }));
const refusal = (inside: string): string => messageOf(parseRoutes(`<routes>\n${inside}\n</routes>`, 'x', network, { busStops }));

test('routes a trip by free-flow time over the lanes its class may use', () => {
  const { trips } = read('<trip id="t" depart="5" from="WB" to="CN"/>');
  expect(trips).toMatchObject([
    {
      ...{ id: 't', type: 'DEFAULT_VEHTYPE', departS: 5, edges: ['WB', 'BC', 'CN'], departLane: 'first', departPos: 'base' },
      stations: ['WB', 'CN'],
    },
  ]);
});

test('orders departures of all kinds by time', () => {
  const { trips } = read(`<route id="r" edges="EC CW"/><vehicle id="late" depart="0:01:00" route="r"/>
    <trip id="early" depart="1" from="EC" to="CN"/><flow id="f" begin="0" end="90" number="3" route="r"/>`);
  expect(trips.map(({ id, departS }) => [id, departS])).toEqual(
    [
      ['f.0', 0],
      ['early', 1],
      ['f.1', 30],
      ['late', 60],
      ['f.2', 60],
    ].sort((a, b) => Number(a[1]) - Number(b[1])),
  );
});

test.each([
  ['number', 'begin="0" end="100" number="4"', [0, 25, 50, 75]],
  ['period', 'begin="10" end="40" period="10"', [10, 20, 30]],
  ['vehsPerHour', 'begin="0" end="4" vehsPerHour="1800"', [0, 2]],
])('unrolls a flow by %s', (_how, attributes, expected) => {
  expect(read(`<flow id="f" from="EC" to="CW" ${attributes}/>`).trips.map(({ departS }) => departS)).toEqual(expected);
});

test('draws a flow by probability from the seed alone', () => {
  const flow = '<flow id="f" from="EC" to="CW" begin="0" end="10000" probability="0.2"/>';
  const departures = (seed: number): readonly number[] => read(flow, seed).trips.map(({ departS }) => departS);
  expect(departures(3)).toEqual(departures(3));
  expect(departures(4)).not.toEqual(departures(3));
  // Binomial: 2000 ± 5 standard deviations of 40.
  expect(Math.abs(departures(3).length - 2000)).toBeLessThan(200);
});

test('draws types and routes from distributions by their weights', () => {
  const { trips } =
    read(`<vTypeDistribution id="mix"><vType id="moto" vClass="motorcycle" probability="0.8"/><vType id="car" probability="0.2"/></vTypeDistribution>
    <routeDistribution id="rd"><route id="a" edges="EC CW" probability="1"/><route id="b" edges="EC CN" probability="3"/></routeDistribution>
    <flow id="f" begin="0" end="4000" number="4000" type="mix" route="rd"/>`);
  expect(trips.filter(({ type }) => type === 'moto').length / 4000).toBeCloseTo(0.8, 1);
  expect(trips.filter(({ edges }) => edges[1] === 'CN').length / 4000).toBeCloseTo(0.75, 1);
});

test('gives a type the defaults of its class, its own values and its equivalents', () => {
  const { types } = read(`<vType id="moto" vClass="motorcycle" length="1.9" speedFactor="normc(1.1,0.2,0.5,1.5)"/>
    <vType id="bus" vClass="bus" carFollowModel="IDM" speedDev="0.3"><param key="persons" value="42"/><param key="pcu" value="3.5"/></vType>`);
  expect(types.get('moto')).toMatchObject({
    lengthM: 1.9,
    widthM: 0.9,
    accelMps2: 6,
    pcu: 0.29,
    carFollowing: 'krauss',
    speedFactor: { mean: 1.1, deviation: 0.2, min: 0.5, max: 1.5 },
  });
  expect(types.get('bus')).toMatchObject({
    lengthM: 12,
    carFollowing: 'idm',
    persons: 42,
    pcu: 3.5,
    speedFactor: { mean: 1, deviation: 0.3 },
  });
});

test('takes a bus to its stops', () => {
  const { trips } = read('<vehicle id="b" depart="0" line="32"><route edges="EC CW"/><stop busStop="market" duration="20"/></vehicle>');
  expect(trips[0]).toMatchObject({ line: '32', stops: [{ busStop: 'market', lane: 'EC_1', startPosM: 40, endPosM: 60, durationS: 20 }] });
});

test('leads people on foot over the crossings', () => {
  const { walks } = read('<person id="p" depart="7"><walk from="EC" to="NC"/></person>');
  expect(walks).toMatchObject([{ id: 'p', departS: 7 }]);
  expect(walks[0]?.edges.filter((edge) => edge.startsWith(':C_c')).length).toBeLessThanOrEqual(2);
  const over = read('<person id="p" depart="7"><walk edges="WB BC SC"/></person>').walks[0]?.edges ?? [];
  expect(over.at(-1)).toBe('SC');
  expect(over.every((edge) => !edge.startsWith(':C_w'))).toBe(true);
});

test.each([
  [
    'an unknown edge in a route',
    '<route id="r" edges="EC moon"/>',
    'x:2: <route id="r">: expected edges of the network in edges: there is no edge moon',
  ],
  [
    'a route with a gap',
    '<vehicle id="v" depart="0"><route edges="EC WB"/></vehicle>',
    'x:2: <route>: expected connected edges: none leads from EC to WB',
  ],
  ['an unknown route', '<vehicle id="v" depart="0" route="r"/>', 'x:2: <vehicle id="v" route="r">: expected a known route'],
  [
    'an unknown type',
    '<trip id="t" type="ufo" depart="0" from="EC" to="CW"/>',
    'x:2: <trip id="t" type="ufo">: expected a known vType in type',
  ],
  ['a trip without a way', '<trip id="t" depart="0" from="CW" to="EC"/>', 'x:2: <trip id="t">: expected a way for a passenger along CW EC'],
  [
    'a departure that is no time',
    '<trip id="t" depart="soon" from="EC" to="CW"/>',
    'x:2: <trip id="t" depart="soon">: expected a number in depart',
  ],
  ['a triggered departure', '<trip id="t" depart="triggered" from="EC" to="CW"/>', /triggered departures are not supported/],
  ['a missing departure', '<trip id="t" from="EC" to="CW"/>', 'x:2: <trip id="t">: expected an attribute depart'],
  [
    'a second vehicle of the same name',
    '<trip id="t" depart="0" from="EC" to="CW"/><trip id="t" depart="1" from="EC" to="CW"/>',
    /id of its own/,
  ],
  [
    'a flow without a rate',
    '<flow id="f" from="EC" to="CW" begin="0" end="9"/>',
    /expected one of number, period, vehsPerHour, probability/,
  ],
  ['a class that does not drive', '<vType id="s" vClass="ship"/>', /x:2: <vType id="s" vClass="ship">: expected a road vehicle's vClass/],
  ['an unsupported model', '<vType id="s" carFollowModel="W99"/>', /expected Krauss or IDM/],
  [
    'an unknown bus stop',
    '<vehicle id="b" depart="0"><route edges="EC CW"/><stop busStop="moon" duration="9"/></vehicle>',
    /expected a busStop of the additional files/,
  ],
])('refuses %s with one message', (_what, inside, message) => {
  if (message instanceof RegExp) expect(refusal(inside)).toMatch(message);
  else expect(refusal(inside)).toBe(message);
});

const benchmarks =
  benchmarkFolders.length > 0
    ? test.each(benchmarkFolders.map((folder) => [basename(folder), folder]))
    : test.skip.each([['(not beside this checkout)', '']]);

benchmarks('reads the demand of %s: every trip has a connected way', async (_name, folder) => {
  const find = (ending: string): string => join(folder, readdirSync(folder).find((name) => name.endsWith(ending)) ?? '');
  const streets = await readNetwork(find('.net.xml'));
  const { trips, types } = await readRoutes([find('.rou.xml')], streets);
  const links = new Set(streets.connections.map(({ fromEdge, toEdge }) => `${fromEdge} ${toEdge}`));
  expect(trips.length).toBeGreaterThan(1400);
  const broken = trips.filter(
    ({ edges, type }) => !types.has(type) || edges.some((edge, i) => i > 0 && !links.has(`${edges[i - 1] ?? ''} ${edge}`)),
  );
  expect(broken).toEqual([]);
});
