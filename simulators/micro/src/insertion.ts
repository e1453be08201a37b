import { secureGap } from './car-following.ts';
import { prepareVehicle } from './fleet.ts';
import { takeBearings } from './lane-guide.ts';
import { ALL_SLOTS, enterLane } from './lane-order.ts';
import { followSpeed, overhang } from './leader.ts';
import { drawUniform } from './random.ts';
import { RUNNING } from './trip-book.ts';
import type { World } from './world.ts';

/** Tries at a random place before a `random_free` vehicle takes any free one (SUMO). */
const RANDOM_TRIES = 10;

/**
 * Tries to put trip `t` on the street as SUMO does; false: no room now. SUMO's defaults are the rightmost lane, its begin and speed 0.
 */
export const insertVehicle = (world: World, t: number, allowed: Uint8Array): boolean => {
  const v = prepareVehicle(world.fleet, world.book, t);
  if (findPlace(world, v, allowed)) return true;
  world.book.random[t] = world.fleet.random[v]!;
  return false;
};

const findPlace = (world: World, v: number, allowed: Uint8Array): boolean => {
  const { book, fleet, guides, street } = world;
  const trip = book.trips[fleet.trip[v]!]!;
  const edge = guides.edge[fleet.step[v]!]!;
  const first = street.edgeFirstLane[edge]!;
  const count = street.edgeLaneCount[edge]!;
  const lane = departLane(world, v, trip.departLane, first, count, allowed);
  if (lane < 0) return false;
  const limit = Math.min(fleet.maxSpeed[v]!, street.laneSpeed[lane]! * fleet.speedFactor[v]!);
  const wished = departSpeed(trip.departSpeed, limit, fleet.maxSpeed[v]!);
  const adapts = trip.departSpeed === 'max' || trip.departSpeed === 'desired' || trip.departSpeed === 'speedLimit';
  const slots = street.laneSlots[lane]!;
  const tries = fleet.narrow[v] ? slots : 1;
  const firstSlot = fleet.narrow[v] ? Math.floor(drawUniform(fleet.random, v) * slots) : 0;
  for (let s = 0; s < tries; s++) {
    const slot = (firstSlot + s) % slots;
    const mask = fleet.narrow[v] ? 1 << slot : ALL_SLOTS;
    for (const pos of departPositions(world, v, trip.departPos, lane, mask)) {
      const speed = speedAt(world, v, lane, pos, mask, wished, adapts);
      if (speed < 0) continue;
      place(world, v, lane, pos, speed, slot, mask);
      return true;
    }
  }
  return false;
};

const departSpeed = (word: string, limit: number, maxSpeed: number): number => {
  if (word === 'max' || word === 'desired' || word === 'speedLimit') return limit;
  const number = Number(word);
  return Number.isFinite(number) && word !== '' ? Math.min(number, limit, maxSpeed) : 0;
};

const departLane = (world: World, v: number, word: string, first: number, count: number, allowed: Uint8Array): number => {
  const { order, fleet, guides } = world;
  const usable: number[] = [];
  for (let j = 0; j < count; j++) if (allowed[first + j]) usable.push(first + j);
  if (usable.length === 0) return -1;
  const emptiest = (lanes: number[]): number => lanes.reduce((best, lane) => (order.count[lane]! < order.count[best]! ? lane : best));
  switch (word) {
    case 'random':
      return usable[Math.floor(drawUniform(fleet.random, v) * usable.length)]!;
    case 'free':
    case 'allowed':
      return emptiest(usable);
    case 'best': {
      const good = usable.filter((lane) => guides.offset[guides.start[fleet.step[v]!]! + lane - first] === 0);
      return emptiest(good.length > 0 ? good : usable);
    }
    case 'first':
    case '':
      return usable[0]!;
    default: {
      const lane = first + Number(word);
      return usable.includes(lane) ? lane : -1;
    }
  }
};

const departPositions = (world: World, v: number, word: string, lane: number, mask: number): number[] => {
  const { fleet, street, order } = world;
  const length = street.laneLength[lane]!;
  const base = Math.min(fleet.length[v]! + 0.1, length);
  const draw = (): number => base + drawUniform(fleet.random, v) * Math.max(0, length - base);
  switch (word) {
    case 'base':
    case '':
      return [base];
    case 'random':
      return [draw()];
    case 'random_free':
      return [...Array.from({ length: RANDOM_TRIES }, draw), base];
    case 'free':
    case 'last': {
      let last = order.last[lane]!;
      while (last >= 0 && (fleet.slots[last]! & mask) === 0) last = fleet.ahead[last]!;
      if (last < 0) return [word === 'last' ? length : base];
      return [Math.max(base, fleet.pos[last]! - fleet.length[last]! - fleet.minGap[v]! - 0.1)];
    }
    default: {
      const pos = Number(word);
      return [pos < 0 ? length + pos : Math.min(pos, length)];
    }
  }
};

/** Speed with which `v` may appear at `pos`, −1 where it may not. */
const speedAt = (world: World, v: number, lane: number, pos: number, mask: number, wished: number, adapts: boolean): number => {
  const { fleet, order, street, intents, stepS: dt } = world;
  let a = order.last[lane]!;
  let behind = -1;
  while (a >= 0 && (fleet.pos[a]! < pos || (fleet.slots[a]! & mask) === 0)) {
    if (fleet.pos[a]! < pos && fleet.slots[a]! & mask) behind = a;
    a = fleet.ahead[a]!;
  }
  let speed = wished;
  if (a >= 0) {
    const gap = fleet.pos[a]! - fleet.length[a]! - fleet.minGap[v]! - pos;
    if (gap < 0) return -1;
    const safe = followSpeed(world, v, gap, a);
    if (safe < speed && !adapts) return -1;
    speed = Math.min(speed, safe);
  } else if (overhang(world, lane, mask).back - fleet.minGap[v]! < pos) return -1;
  const back = pos - fleet.length[v]!;
  if (behind >= 0) {
    const gap = back - fleet.pos[behind]! - fleet.minGap[behind]!;
    if (gap < 0 || gap < secureGap(fleet.speed[behind]!, fleet.decel[behind]!, fleet.tau[behind]!, speed, fleet.decel[v]!, dt)) return -1;
    return speed;
  }
  for (const link of street.linksInto[lane]!) {
    for (let via = street.linkVia[link]!; via >= 0; via = via === street.linkVia[link]! ? street.linkSecondVia[link]! : -1) {
      const k = order.first[via]!;
      if (k < 0) continue;
      const gap = back + street.linkLength[link]! - street.lanePathOffset[via]! - fleet.pos[k]! - fleet.minGap[k]!;
      if (gap < secureGap(fleet.speed[k]!, fleet.decel[k]!, fleet.tau[k]!, speed, fleet.decel[v]!, dt)) return -1;
    }
    for (let i = world.linkIntents[link]!; i >= 0; i = intents.nextOnLink[i]!) {
      const k = intents.vehicle[i]!;
      if (fleet.state[k] !== RUNNING || street.laneLink[fleet.lane[k]!]! >= 0) continue;
      const gap = back + street.linkLength[link]! + intents.distance[i]! - fleet.speed[k]! * dt - fleet.minGap[k]!;
      if (gap < secureGap(fleet.speed[k]!, fleet.decel[k]!, fleet.tau[k]!, speed, fleet.decel[v]!, dt)) return -1;
    }
  }
  return speed;
};

const place = (world: World, v: number, lane: number, pos: number, speed: number, slot: number, mask: number): void => {
  const { book, fleet } = world;
  fleet.lane[v] = lane;
  fleet.pos[v] = pos;
  fleet.speed[v] = speed;
  fleet.slot[v] = slot;
  fleet.slots[v] = mask;
  fleet.end++;
  fleet.running++;
  enterLane(world.order, fleet, v);
  takeBearings(world, v);
  const t = fleet.trip[v]!;
  book.state[t] = RUNNING;
  book.vehicle[t] = v;
  book.departed[t] = world.now;
  book.departLane[t] = lane;
  book.departPos[t] = pos;
  book.departSpeed[t] = speed;
};
