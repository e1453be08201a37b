import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FileFault } from '../file-fault.ts';
import { benchmarkFolders, cross, messageOf, valueOf } from '../testing/fixtures.ts';
import { toLonLat } from './lon-lat.ts';
import { parseNetwork, readNetwork } from './parse-network.ts';

const small = (inside: string): string => `<net version="1.9">
  <edge id="a" from="A" to="B"><lane id="a_0" index="0" speed="13.9" length="100" shape="0,0 100,0"/></edge>
  <edge id="b" from="B" to="C"><lane id="b_0" index="0" speed="13.9" length="50" shape="100,0 150,0"/></edge>
  <junction id="B" type="priority" x="100" y="0" incLanes="a_0" intLanes="" shape=""/>
${inside}
</net>`;

test('reads edges, lanes, crossings, walking areas and the program of a signal', () => {
  const network = cross();
  expect(network.edges.get('EC')?.lanes.map(({ id, widthM, allow }) => ({ id, widthM, allow }))).toEqual([
    { id: 'EC_0', widthM: 2, allow: ['pedestrian'] },
    { id: 'EC_1', widthM: 3.2, allow: [] },
    { id: 'EC_2', widthM: 3.2, allow: [] },
  ]);
  expect(network.edges.get(':C_c0')).toMatchObject({ kind: 'crossing', from: 'C', to: 'C' });
  expect(network.edges.get(':C_w0')?.kind).toBe('walking-area');
  expect(network.nodes.get('C')?.kind).toBe('signalised');
  expect(network.programs.get('C')?.intervals).toHaveLength(6);
  expect(network.connections.filter(({ crossing }) => crossing !== undefined).map(({ signal }) => signal?.index)).toEqual([17, 14, 15, 16]);
});

test('numbers the requests of a node as its internal lanes are listed', () => {
  const { connections, nodes, edges } = cross();
  const node = nodes.get('C');
  for (const connection of connections.filter(({ signal }) => signal !== undefined))
    expect(connection.requestIndex).toBe(connection.signal?.index);
  expect(node?.foes).toHaveLength(18);
  // The left turn from the east meets the through traffic from the west and yields to it.
  expect(node?.foes[6]?.[11]).toBe(true);
  expect(node?.yieldsTo[6]?.[11]).toBe(true);
  expect(node?.yieldsTo[11]?.[6]).toBe(false);
  expect(edges.get('EC')?.to).toBe('C');
});

test('takes default widths, lengths from shapes and permissions where a valid file leaves them out', () => {
  const text = small('').replace(' length="100"', '');
  const lane = valueOf(parseNetwork(text, 'x')).lanes.get('a_0');
  expect(lane).toMatchObject({ lengthM: 100, widthM: 3.2, allow: [], disallow: [] });
});

// Reference values by proj4js 2.
test.each([
  ['UTM', '+proj=utm +zone=32 +ellps=WGS84 +units=m', [356_059.2, 5_645_085.3], 6.951250624, 50.939406198],
  [
    'VN-2000',
    '+proj=tmerc +lat_0=0 +lon_0=105 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84',
    [581_000, 2_324_500],
    105.779196199,
    21.013169377,
  ],
] as const)('knows where its points are on earth in %s', (_name, projection, [x, y], lon, lat) => {
  const location = { offset: [-1000, 2000], projection, boundary: [0, 0, 0, 0], origBoundary: [0, 0, 0, 0] } as const;
  const position = toLonLat(location, [x - 1000, y + 2000]);
  expect(position.lon).toBeCloseTo(lon, 8);
  expect(position.lat).toBeCloseTo(lat, 8);
});

test.each([
  ['an unclosed tag', small('<edge id="c">').replace('</net>', ''), /^x:6: inside <edge> unclosed tag: edge/],
  ['another root', '<routes/>', 'x:1: <routes>: expected <net> as the root element'],
  ['a network without a street', '\n<net version="1.9"></net>', 'x:2: <net>: expected at least one <edge>'],
  ['an empty file', '', 'x:1: is empty: expected an XML file with root <net>'],
  ['a missing attribute', small('<edge from="A" to="B"/>'), 'x:5: <edge>: expected an attribute id'],
  [
    'a lane that is not there',
    small('<connection from="a" to="b" fromLane="0" toLane="3" dir="s" state="M"/>'),
    'x:5: <connection toLane="3">: expected a lane of edge b in toLane',
  ],
  [
    'an edge that is not there',
    small('<connection from="z" to="b" fromLane="0" toLane="0" dir="s" state="M"/>'),
    'x:5: <connection from="z">: expected an edge of this network in from',
  ],
  [
    'a speed that is no number',
    small('').replace('id="b_0" index="0" speed="13.9"', 'id="b_0" index="0" speed="fast"'),
    'x:3: <lane id="b_0" speed="fast">: expected a number in speed',
  ],
  [
    'a letter no signal shows',
    small('<tlLogic id="B" type="static" programID="0" offset="0"><phase duration="3" state="GX"/></tlLogic>'),
    'x:5: <phase state="GX">: expected the letters G g y r u s o O in state',
  ],
  [
    'phases of different length',
    small('<tlLogic id="B"><phase duration="3" state="Gr"/>\n<phase duration="3" state="G"/></tlLogic>'),
    'x:6: <phase state="G">: expected 2 letters in state as in the program\'s first phase',
  ],
])('refuses %s with one message', (_what, text, message) => {
  expect(messageOf(parseNetwork(text, 'x'))).toMatch(
    message instanceof RegExp ? message : new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`),
  );
});

test('refuses a missing file by name', async () => {
  await expect(readNetwork('no/such.net.xml')).rejects.toThrow(
    new FileFault('no/such.net.xml: no such file: expected a readable <net> file'),
  );
});

const benchmarks =
  benchmarkFolders.length > 0
    ? test.each(benchmarkFolders.map((folder) => [basename(folder), folder]))
    : test.skip.each([['(not beside this checkout)', '']]);

benchmarks('reads %s with every request where its internal lane says', async (_name, folder) => {
  const file = readdirSync(folder).find((name) => name.endsWith('.net.xml')) ?? '';
  const network = await readNetwork(join(folder, file));
  const next = new Map(
    network.connections.map(({ fromEdge, fromLane, via }) => [
      network.edges.get(fromEdge)?.lanes[fromLane]?.id ?? '',
      fromEdge.startsWith(':') ? via : '',
    ]),
  );
  const last = (via: string): string => (next.get(via) ? last(next.get(via) ?? '') : via);
  for (const { fromEdge, via, requestIndex } of network.connections.filter((c) => !c.fromEdge.startsWith(':'))) {
    const node = network.nodes.get(network.edges.get(fromEdge)?.to ?? '');
    if (node !== undefined && node.foes.length > 0) expect(node.internalLanes[requestIndex]).toBe(last(via));
  }
});
