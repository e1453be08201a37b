/**
 * Grid networks and their traffic, the same for every simulator: n × n signalised junctions 300 m apart, three lanes a street
 * (right and through, through, left), an entry at each end of each street.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BLOCK_M = 300;
const LANES = 3;
const SPEED_MPS = 13.89;

/**
 * Fitted with SUMO 1.15's sublane model (0.8 m): 12,697–13,159 of them leave an approach of 7 m in an hour of green, where 13,358/h are published for
 * two lanes in Hanoi (mid-block; tau is what was fitted).
 */
const MOTORCYCLE =
  '<vType id="motorcycle" vClass="motorcycle" length="1.9" width="0.7" minGap="1.0" tau="1.5" minGapLat="0.3" accel="2.5" decel="4.5" maxSpeed="13.9" latAlignment="arbitrary" maxSpeedLat="1.5"/>';

export interface GridCase {
  /** Junctions along each side. */
  readonly size: number;
  readonly vehPerHourPerEntry: number;
  /** Share of motorcycles; the others are SUMO's default cars. */
  readonly motorcycles: number;
  readonly endS: number;
}

export interface GridFiles {
  readonly net: string;
  readonly routes: string;
}

/** Junctions are (column, row) from 0; the places outside, −1 and `size`, are entries. */
type Place = readonly [number, number];

const nameOf = ([x, y]: Place): string => `n${String(x + 1)}_${String(y + 1)}`;
const edgeOf = (from: Place, to: Place): string => `${nameOf(from)}-${nameOf(to)}`;
const HEADINGS: readonly Place[] = [
  [0, 1],
  [1, 0],
  [0, -1],
  [-1, 0],
];
const towards = ([x, y]: Place, heading: number): Place => [x + HEADINGS[heading]![0], y + HEADINGS[heading]![1]];

const junctionsOf = (size: number): Place[] => Array.from({ length: size * size }, (_, i) => [i % size, Math.floor(i / size)]);

/** Entries with the heading of what comes in. */
const entriesOf = (size: number): { place: Place; heading: number }[] =>
  Array.from({ length: size }, (_, i) => [
    { place: [i, -1] as const, heading: 0 },
    { place: [-1, i] as const, heading: 1 },
    { place: [i, size] as const, heading: 2 },
    { place: [size, i] as const, heading: 3 },
  ]).flat();

/** Right and through, through, left. */
const TURNS: readonly { readonly turn: number; readonly lanes: readonly number[] }[] = [
  { turn: 1, lanes: [0] },
  { turn: 0, lanes: [0, 1] },
  { turn: 3, lanes: [2] },
];

const writeNetwork = (size: number, folder: string): string => {
  const nodes: string[] = [];
  const edges: string[] = [];
  const connections: string[] = [];
  const node = (place: Place, type: string): void =>
    void nodes.push(`<node id="${nameOf(place)}" x="${String(place[0] * BLOCK_M)}" y="${String(place[1] * BLOCK_M)}" type="${type}"/>`);
  const edge = (from: Place, to: Place): void =>
    void edges.push(
      `<edge id="${edgeOf(from, to)}" from="${nameOf(from)}" to="${nameOf(to)}" numLanes="${String(LANES)}" speed="${String(SPEED_MPS)}"/>`,
    );
  for (const junction of junctionsOf(size)) {
    node(junction, 'traffic_light');
    for (let heading = 0; heading < 4; heading++) {
      edge(junction, towards(junction, heading));
      const from = towards(junction, (heading + 2) % 4);
      for (const { turn, lanes } of TURNS)
        for (const lane of lanes)
          connections.push(
            `<connection from="${edgeOf(from, junction)}" to="${edgeOf(junction, towards(junction, (heading + turn) % 4))}" fromLane="${String(lane)}" toLane="${String(lane)}"/>`,
          );
    }
  }
  for (const { place, heading } of entriesOf(size)) {
    node(place, 'priority');
    edge(place, towards(place, heading));
  }
  const write = (name: string, root: string, rows: readonly string[]): string => {
    const file = join(folder, name);
    writeFileSync(file, `<${root}>\n${rows.join('\n')}\n</${root}>\n`);
    return file;
  };
  const net = join(folder, 'grid.net.xml');
  const options = {
    'node-files': write('grid.nod.xml', 'nodes', nodes),
    'edge-files': write('grid.edg.xml', 'edges', edges),
    'connection-files': write('grid.con.xml', 'connections', connections),
    'no-turnarounds': 'true',
    'output-file': net,
  };
  const made = spawnSync(
    'netconvert',
    Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`netconvert: ${made.stderr}`);
  return net;
};

/** Uniform in [0, 1): Park and Miller's generator, so that all simulators get the same file. */
const drawer = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
};

/** From an entry to another place at the edge with one or two turns, going straight between them. */
const routeTo = (size: number, entry: { place: Place; heading: number }, exit: Place, turnAt: number): string[] => {
  const along = HEADINGS[entry.heading]![0] === 0 ? 1 : 0;
  const across = 1 - along;
  const outside = (n: number): boolean => n < 0 || n >= size;
  // Towards the opposite side one goes over to the exit's street somewhere on the way, else at the exit's own street.
  const turn = outside(exit[along]) ? turnAt : exit[along];
  const corner = (n: number, m: number): Place => (along === 0 ? [n, m] : [m, n]);
  const corners = [entry.place, corner(turn, entry.place[across]!), corner(turn, exit[across]!), exit];
  const edges: string[] = [];
  for (let i = 1; i < corners.length; i++) {
    let [x, y] = corners[i - 1]!;
    const [toX, toY] = corners[i]!;
    while (x !== toX || y !== toY) {
      const next: Place = [x + Math.sign(toX - x), y + Math.sign(toY - y)];
      edges.push(edgeOf([x, y], next));
      [x, y] = next;
    }
  }
  return edges;
};

const writeRoutes = ({ size, vehPerHourPerEntry, motorcycles, endS }: GridCase, folder: string): string => {
  const draw = drawer(1);
  const entries = entriesOf(size);
  const trips = entries.flatMap((entry) => {
    const opposite = (exit: { heading: number }): boolean => exit.heading !== entry.heading;
    const exits = entries.filter(opposite).map(({ place }) => place);
    const own: { departS: number; row: string }[] = [];
    for (let t = 0; ;) {
      t += (-Math.log(1 - draw()) * 3600) / vehPerHourPerEntry;
      if (t >= endS) return own;
      const exit = exits[Math.floor(draw() * exits.length)]!;
      const edges = routeTo(size, entry, exit, Math.floor(draw() * size));
      const type = draw() < motorcycles ? 'motorcycle' : 'car';
      own.push({
        departS: t,
        row: `type="${type}" depart="${t.toFixed(2)}" departLane="best" departSpeed="max"><route edges="${edges.join(' ')}"/></vehicle>`,
      });
    }
  });
  trips.sort((a, b) => a.departS - b.departS);
  const file = join(folder, 'grid.rou.xml');
  const rows = trips.map(({ row }, i) => `<vehicle id="v${String(i)}" ${row}`);
  writeFileSync(file, `<routes>\n<vType id="car"/>\n${MOTORCYCLE}\n${rows.join('\n')}\n</routes>\n`);
  return file;
};

export const writeGrid = (grid: GridCase, folder: string): GridFiles => {
  mkdirSync(folder, { recursive: true });
  return { net: writeNetwork(grid.size, folder), routes: writeRoutes(grid, folder) };
};
