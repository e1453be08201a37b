import { isGreen, type LampState } from '../controller/lamp.ts';
import type { DetectorActuation, VehicleSighting } from '../detection/actuation.ts';
import { detectorId, laneId, movementId, type SignalGroupId } from '../ids.ts';
import type { Detector } from '../intersection/detector.ts';
import type { Site } from '../intersection/site.ts';
import { instant, seconds, type Instant } from '../time.ts';
import { fourArms } from './sites.ts';

const SPEED_MPS = 14;
const LENGTH_M = 280;
const UPSTREAM_M = 98;
const HEADWAY_MS = 2000;
const START_UP_MS = 1500;
const SPACE_M = 7.5;
/** A left turner goes when no opposing vehicle is nearer than this, s. */
const GAP_S = 4.5;

const vehicleGroups = (site: Site): readonly SignalGroupId[] => site.groups.filter(({ kind }) => kind === 'vehicle').map(({ id }) => id);

const loop = (group: SignalGroupId, role: 'stop-line' | 'upstream'): Detector => ({
  id: detectorId(`${group}_${role}`),
  role,
  lane: laneId(`${group}_0`),
  groups: [group],
  distanceM: role === 'stop-line' ? 0 : UPSTREAM_M,
  lengthM: 2,
  delay: seconds(0),
  extension: seconds(3),
  locking: false,
  onFailure: 'minimum',
});

/** The four-arm junction with a lane, a stop-line and an upstream loop for each vehicle group, and its push buttons. */
export const measuredFourArms = (change: Partial<Site> = {}): Site => {
  const bare = fourArms();
  const groups = vehicleGroups(bare);
  return {
    ...bare,
    lanes: groups.map((group) => ({ id: laneId(`${group}_0`), lengthM: LENGTH_M, speedMps: SPEED_MPS, widthM: 3.2 })),
    movements: groups.map((group) => ({
      id: movementId(`${group}_move`),
      group,
      fromLane: laneId(`${group}_0`),
      toLane: laneId(`exit_${group}`),
      turn: group.startsWith('L') ? 'left' : 'through',
      exitLengthM: 300,
    })),
    detectors: [
      ...bare.detectors.filter(({ role }) => role === 'push-button'),
      ...groups.flatMap((group) => [loop(group, 'stop-line'), loop(group, 'upstream')]),
    ],
    ...change,
  };
};

interface Vehicle {
  readonly id: string;
  /** When it would reach the stop line unhindered. */
  readonly due: number;
}

export interface WorldOptions {
  /** Vehicles per hour of each vehicle group. */
  readonly flows: Readonly<Record<string, number>>;
  /** Pedestrians per hour of each crossing half. */
  readonly pedestriansPerHour: number;
  readonly seed: number;
}

/** What happened so far. */
export interface Tally {
  vehicles: number;
  vehicleDelayS: number;
  pedestrians: number;
  pedestrianDelayS: number;
}

export interface World {
  readonly tally: Tally;
  readonly queues: ReadonlyMap<SignalGroupId, readonly Vehicle[]>;
  /** Lets a second pass under these lamps; what the detectors and the cameras saw of it. */
  readonly step: (
    lamps: readonly LampState[],
    now: Instant,
  ) => { actuations: readonly DetectorActuation[]; sightings: readonly VehicleSighting[] };
}

/** mulberry32: a small seeded generator, good enough for arrivals. */
const randomFrom = (seed: number): (() => number) => {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

/** Vertical queues with Bernoulli arrivals: no lanes to change, nothing but signals to wait for. */
export const createWorld = (site: Site, options: WorldOptions): World => {
  const random = randomFrom(options.seed);
  const groups = vehicleGroups(site);
  const walks = site.groups.filter(({ kind }) => kind === 'pedestrian').map(({ id }) => id);
  const queues = new Map<SignalGroupId, Vehicle[]>(groups.map((group) => [group, []]));
  const ready = new Map<SignalGroupId, number>();
  const walkers = new Map<SignalGroupId, number>(walks.map((group) => [group, 0]));
  const standing = new Set<SignalGroupId>();
  const tally: Tally = { vehicles: 0, vehicleDelayS: 0, pedestrians: 0, pedestrianDelayS: 0 };
  let serial = 0;

  const opposing = (group: SignalGroupId): readonly SignalGroupId[] =>
    site.conflicts.flatMap((conflict) =>
      conflict.kind === 'permissive' && conflict.yields === group && queues.has(conflict.to) ? [conflict.to] : [],
    );

  const step: World['step'] = (lamps, now) => {
    const actuations: DetectorActuation[] = [];
    const pulse = (detector: string, at: number, on: boolean): void => {
      actuations.push({ detector: detectorId(detector), at: instant(Math.round(at / 100) * 100), on });
    };
    const lampOf = new Map(lamps.map((lamp) => [lamp.group, lamp]));
    const before = now - 1000;
    for (const group of groups) {
      const queue = queues.get(group)!;
      if (random() < (options.flows[group] ?? 0) / 3600)
        queue.push({ id: `v${String(serial++)}`, due: now + (LENGTH_M / SPEED_MPS) * 1000 });
      const passesUpstream = (vehicle: Vehicle): boolean => {
        const at = vehicle.due - (UPSTREAM_M / SPEED_MPS) * 1000;
        return at > before && at <= now;
      };
      for (const vehicle of queue.filter(passesUpstream)) {
        const at = Math.min(now - 300, Math.max(before + 100, vehicle.due - (UPSTREAM_M / SPEED_MPS) * 1000));
        pulse(`${group}_upstream`, at, true);
        pulse(`${group}_upstream`, at + 300, false);
      }
      const lamp = lampOf.get(group);
      const yields = lamp?.lamp === 'permissive' ? opposing(group) : [];
      const blocked = yields.some(
        (other) => isGreen(lampOf.get(other)?.lamp ?? 'red') && (queues.get(other)![0]?.due ?? Infinity) < now + GAP_S * 1000,
      );
      const head = queue[0];
      const goesAt = Math.max(head?.due ?? Infinity, ready.get(group) ?? 0, (lamp?.since ?? 0) + START_UP_MS);
      const arrived = head !== undefined && head.due <= now;
      if (head && lamp && isGreen(lamp.lamp) && !blocked && goesAt <= now) {
        queue.shift();
        ready.set(group, goesAt + HEADWAY_MS);
        tally.vehicles++;
        tally.vehicleDelayS += (goesAt - head.due) / 1000;
        if (!standing.delete(group)) pulse(`${group}_stop-line`, now - 400, true);
        pulse(`${group}_stop-line`, now - 100, false);
      } else if (arrived && !standing.has(group)) {
        standing.add(group);
        pulse(`${group}_stop-line`, Math.max(before + 100, head.due), true);
      }
    }
    for (const walk of walks) {
      const waiting = walkers.get(walk)!;
      const comes = random() < options.pedestriansPerHour / 3600;
      const green = isGreen(lampOf.get(walk)?.lamp ?? 'red');
      tally.pedestrianDelayS += waiting;
      if (comes) {
        tally.pedestrians++;
        if (!green) {
          pulse(`btn_${walk}`, now - 200, true);
          pulse(`btn_${walk}`, now - 100, false);
        }
      }
      walkers.set(walk, green ? 0 : waiting + (comes ? 1 : 0));
    }
    const sightings = groups.flatMap((group) =>
      queues.get(group)!.map((vehicle, place): VehicleSighting => {
        const free = ((vehicle.due - now) / 1000) * SPEED_MPS;
        const distanceM = Math.max(free, place * SPACE_M);
        return {
          vehicle: vehicle.id,
          lane: laneId(`${group}_0`),
          distanceM,
          speedMps: free > place * SPACE_M ? SPEED_MPS : 0,
          movement: movementId(`${group}_move`),
          persons: 1,
          pcu: 1,
        };
      }),
    );
    actuations.sort((a, b) => a.at - b.at);
    return { actuations, sightings: sightings.filter(({ distanceM }) => distanceM <= 200) };
  };
  return { tally, queues, step };
};
