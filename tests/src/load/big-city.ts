import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Site } from '@songxanh/core';
import { junctionId } from '@songxanh/core';
import {
  buildApp,
  keepWaitHistory,
  openAccounts,
  openOverrideDesk,
  openRoom,
  openSessions,
  startBroadcast,
  startLiveBoard,
  startRoomFeed,
} from '@songxanh/gateway';
import { createLog, readFiles } from '@songxanh/platform';
import { parseSite } from '@songxanh/wire';
import { VEHICLE_CLASSES } from '@songxanh/wire';

/** Junctions stand on a grid of streets this far apart. */
const BLOCK_M = 250;
const METRES_PER_DEGREE = 111_320;
const CENTRE = { lon: 105.83, lat: 21.02 };
const FRAMES_PER_S = 10;

type Coordinates = readonly [number, number];
interface Feature {
  readonly type: 'Feature';
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
  readonly properties: Readonly<Record<string, unknown>>;
}

const degrees = (eastM: number, northM: number): Coordinates => [
  CENTRE.lon + eastM / (METRES_PER_DEGREE * Math.cos((CENTRE.lat * Math.PI) / 180)),
  CENTRE.lat + northM / METRES_PER_DEGREE,
];

/** One junction's streets, stop lines, heads, crossings and detectors, round its place on the grid. */
const featuresOf = (site: Site, x: number, y: number): readonly Feature[] => {
  const at = (east: number, north: number): Coordinates => degrees(x + east, y + north);
  const feature = (type: string, coordinates: unknown, properties: Feature['properties']): Feature => ({
    type: 'Feature',
    geometry: { type, coordinates },
    properties,
  });
  const reach = BLOCK_M / 2;
  const arms = [0, 90, 180, 270].map((angle) => (angle * Math.PI) / 180);
  const along = (angle: number, out: number, side: number): Coordinates =>
    at(out * Math.sin(angle) + side * Math.cos(angle), out * Math.cos(angle) - side * Math.sin(angle));
  const vehicles = site.groups.filter(({ kind }) => kind !== 'pedestrian');
  const walkers = site.groups.filter(({ kind }) => kind === 'pedestrian');
  const lanes = arms.flatMap((angle, a) =>
    [-4.8, -1.6, 1.6, 4.8].map((side, l) =>
      feature('LineString', [along(angle, 10, side), along(angle, reach, side)], {
        ...{
          kind: 'lane',
          id: `${site.id}_${String(a)}_${String(l)}`,
          edge: `${site.id}_${String(a)}_${l < 2 ? 'to' : 'from'}`,
          name: '',
          widthM: 3.2,
          speedMps: 13.9,
          internal: false,
          walk: false,
        },
      }),
    ),
  );
  const heads = vehicles.flatMap((group, k) => {
    const angle = arms[k % 4] ?? 0;
    const side = 1.6 + 3.2 * (Math.floor(k / 4) % 2);
    return [
      feature('LineString', [along(angle, 11, side - 1.5), along(angle, 11, side + 1.5)], {
        ...{ kind: 'stop-line', junction: site.id, lane: '', groups: [group.id] },
      }),
      feature('Point', along(angle, 11, side), {
        kind: 'signal-head',
        junction: site.id,
        group: group.id,
        heads: [k],
        lane: '',
        turns: [],
      }),
    ];
  });
  const crossings = walkers.map((group, k) => {
    const angle = arms[k % 4] ?? 0;
    return feature('LineString', [along(angle, 14, -7), along(angle, 14, 7)], {
      ...{ kind: 'crossing', id: `${site.id}_c${String(k)}`, junction: site.id, group: group.id, widthM: 4 },
    });
  });
  const detectors = site.detectors.map((detector, k) => {
    const angle = arms[k % 4] ?? 0;
    const out = 20 + 15 * Math.floor(k / 8);
    return feature('LineString', [along(angle, out, 1.6), along(angle, out + 2, 1.6)], {
      ...{ kind: 'detector', junction: site.id, id: detector.id, role: detector.role },
    });
  });
  const box = feature('Polygon', [[at(-10, -10), at(10, -10), at(10, 10), at(-10, 10), at(-10, -10)]], {
    ...{ kind: 'junction', id: site.id, signal: site.id },
  });
  return [...lanes, box, ...crossings, ...heads, ...detectors];
};

export interface BigCity {
  readonly url: string;
  readonly junctions: number;
  readonly features: number;
  /** Clients of the live feed now. */
  readonly clients: () => number;
  readonly close: () => Promise<void>;
}

/** A gateway before a made-up city whose every junction changes its lamps, numbers and detectors once a second: no street, no controllers. */
export const openBigCity = async (junctions: number, vehicles: number, web: string, port = 0): Promise<BigCity> => {
  const [model] = await readFiles([join(import.meta.dirname, '../../../scenarios/one-junction/sites')], '.site.json', parseSite);
  if (model === undefined) throw new Error('no model of a junction');
  const side = Math.ceil(Math.sqrt(junctions));
  const placeOf = (k: number): Coordinates => [((k % side) - side / 2) * BLOCK_M, (Math.floor(k / side) - side / 2) * BLOCK_M];
  const sites = Array.from({ length: junctions }, (_, k): Site => {
    const [lon, lat] = degrees(...placeOf(k));
    return { ...model, id: junctionId(`N${String(k)}`), name: `Nút ${String(k)}`, position: { lon, lat } };
  });
  const features = sites.flatMap((site, k) => featuresOf(site, ...placeOf(k)));
  const half = (side / 2 + 1) * BLOCK_M;
  const log = createLog('big-city', 'silent');
  const folder = mkdtempSync(join(tmpdir(), 'songxanh-big-'));
  const board = startLiveBoard();
  const broadcast = startBroadcast(board);
  const desk = openOverrideDesk({ store: undefined, log, onStates: () => undefined });
  const accounts = openAccounts(join(folder, 'accounts.json'));
  const now = (): number => Date.now();
  const findState = (): undefined => undefined;
  const room = await openRoom({
    ...{
      sites,
      playbooks: [],
      board,
      desk,
      findState,
      roleOf: findState,
      store: undefined,
      journalFile: undefined,
      twoPerson: [],
      now,
      log,
    },
    recall: () => Promise.resolve({ past: [], method: undefined }),
    forecaster: { foresee: () => Promise.resolve(undefined), close: () => Promise.resolve() },
    lostHolder: { then: 'end', afterMs: 20_000 },
  });
  const server = await buildApp({
    ...{ room, board, broadcast, desk, accounts, findState, now, log, sites, features: { type: 'FeatureCollection', features } as never },
    ...{
      feed: startRoomFeed(room, now),
      sessions: openSessions({ accounts, store: undefined, now }),
      history: keepWaitHistory(),
      recorder: undefined,
    },
    scenario: {
      ...{ title: 'Big city', timeZone: 'Asia/Ho_Chi_Minh', midnight: 0, georeferenced: true, leftHand: false },
      bounds: [...degrees(-half, -half), ...degrees(half, half)],
    },
    ...{ token: 'x'.repeat(32), preemptionToken: undefined, secure: false, webFolder: web },
    lastDecisions: () => Promise.resolve([]),
    resetFault: () => Promise.resolve({ done: false, message: '' }),
  });

  let tick = 0;
  const change = (): void => {
    tick += 1;
    const at = Math.round(tick * (1000 / FRAMES_PER_S));
    // A tenth of the city in each frame, so that every junction changes once a second.
    sites.forEach((site, k) => {
      if (k % FRAMES_PER_S !== tick % FRAMES_PER_S) return;
      const phase = Math.floor(tick / FRAMES_PER_S) + k;
      board.putSignals(
        site.id,
        {
          ...{ at, mode: 'running', source: 'optimizer', why: 'plan-in-force', stage: String(phase % 4), worstWaitS: phase % 90 },
          lamps: site.groups.map((_, g) => 'rGyg'[(phase + g) % 4]).join(''),
          countdowns: site.groups.map((_, g) => (phase + g) % 60),
        },
        site.detectors.map((_, d) => String((phase + d) % 2)).join(''),
      );
    });
    if (tick % FRAMES_PER_S === 0) {
      const flat = Array.from({ length: vehicles }, (_, v) => {
        const [lon, lat] = degrees(((v * 37) % (2 * half)) - half + ((tick * 1.2) % BLOCK_M), ((v * 91) % (2 * half)) - half);
        return [v, Math.round(lon * 1e7), Math.round(lat * 1e7), 90, v % VEHICLE_CLASSES.length, 120];
      }).flat();
      board.putStreet({
        ...{ at, vehicles: flat, queues: Object.fromEntries(sites.slice(0, 500).map(({ id }, k) => [`${id}_0_1`, (tick + k) % 20])) },
        kpis: { at, meanDelayPerPersonS: 30, personDelayH: 1, throughput: tick, stops: tick, running: vehicles, waitingToEnter: 0 },
      });
    }
    const delta = board.takeDelta();
    if (delta !== undefined) broadcast.send(delta);
  };
  const timer = setInterval(change, 1000 / FRAMES_PER_S);
  const url = await server.listen({ host: '127.0.0.1', port });
  return {
    url,
    junctions,
    features: features.length,
    clients: broadcast.clients,
    close: async () => {
      clearInterval(timer);
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
