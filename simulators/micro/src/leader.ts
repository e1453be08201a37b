import { followsFreely, IDM, idmSpeed, KRAUSS, safeFollowSpeed, safeStopSpeed } from './car-following.ts';
import { SLOTS } from './lane-order.ts';
import type { World } from './world.ts';

/** Nearest vehicle ahead of `v` on its lane that shares one of its slots, −1 where there is none. */
export const leaderOnLane = (world: World, v: number): number => leaderInSlots(world, v, world.fleet.slots[v]!);

/** The same for the given slots. */
export const leaderInSlots = (world: World, v: number, mine: number): number => {
  const { ahead, slots } = world.fleet;
  let a = ahead[v]!;
  while (a >= 0 && (slots[a]! & mine) === 0) a = ahead[a]!;
  return a;
};

/** Most upstream vehicle of a lane that takes one of `slots`. */
export const lastOnLane = (world: World, lane: number, slots: number): number => {
  const { fleet, order } = world;
  let a = order.last[lane]!;
  while (a >= 0 && (fleet.slots[a]! & slots) === 0) a = fleet.ahead[a]!;
  return a;
};

/** Back end of the vehicle that left `lane` by one of `slots` and still overhangs it, m from the lane's begin; Infinity where none does. */
export const overhang = (world: World, lane: number, slots: number): { back: number; vehicle: number } => {
  const { fleet, order, street } = world;
  const found = OVERHANG;
  found.back = Infinity;
  found.vehicle = -1;
  const left = order.left[lane]! & slots;
  if (left === 0) return found;
  let still = 0;
  for (let s = 0; s < SLOTS; s++) {
    if ((left & (1 << s)) === 0) continue;
    const k = order.leaver[lane * SLOTS + s]!;
    if (k < 0) continue;
    const beyond = fleet.odometer[k]! - order.leaverOdometer[lane * SLOTS + s]!;
    if (fleet.state[k] !== 1 || beyond >= fleet.length[k]!) {
      order.leaver[lane * SLOTS + s] = -1;
      continue;
    }
    still |= 1 << s;
    const back = street.laneLength[lane]! + beyond - fleet.length[k]!;
    if (back < found.back) {
      found.back = back;
      found.vehicle = k;
    }
  }
  order.left[lane] = (order.left[lane]! & ~slots) | still;
  return found;
};
/** One result object for all calls: the step allocates nothing. */
const OVERHANG = { back: Infinity, vehicle: -1 };

/** Speed of `v` behind vehicle `leader` at `gap` (minimum gap already taken off). */
export const followSpeed = (world: World, v: number, gap: number, leader: number): number => {
  const { fleet, stepS } = world;
  if (fleet.model[v] === IDM)
    return idmSpeed(
      gap,
      fleet.speed[v]!,
      fleet.maxSpeed[v]!,
      fleet.speed[leader]!,
      fleet.accel[v]!,
      fleet.decel[v]!,
      fleet.tau[v]!,
      fleet.minGap[v]!,
      stepS,
    );
  return safeFollowSpeed(gap, fleet.decel[v]!, fleet.tau[v]!, fleet.speed[leader]!, fleet.decel[leader]!, stepS);
};

/** The same, but `top` at most. */
export const followSpeedUpTo = (world: World, v: number, gap: number, leader: number, top: number): number => {
  const { fleet, stepS } = world;
  const decel = fleet.decel[v]!;
  if (fleet.model[v] === KRAUSS && followsFreely(gap, top, decel, fleet.tau[v]!, fleet.speed[leader]!, fleet.decel[leader]!, stepS))
    return top;
  return Math.min(top, followSpeed(world, v, gap, leader));
};

/**
 * Lowers the speed that `v` plans (`vPlan`) to what its leader on the same lane allows. Nothing is handed over or back: a number that a call passes lies on
 * the heap, unless the compiler inlines the call.
 */
export const followLeader = (world: World, v: number, leader: number): void => {
  const { fleet, stepS } = world;
  const gap = fleet.pos[leader]! - fleet.length[leader]! - fleet.minGap[v]! - fleet.pos[v]!;
  const decel = fleet.decel[v]!;
  const top = fleet.vPlan[v]!;
  if (fleet.model[v] === KRAUSS && followsFreely(gap, top, decel, fleet.tau[v]!, fleet.speed[leader]!, fleet.decel[leader]!, stepS)) return;
  fleet.vPlan[v] = Math.min(top, followSpeed(world, v, gap, leader));
};

/** Speed of `v` that stops it within `gap`. */
export const stopSpeed = (world: World, v: number, gap: number): number =>
  gap === Infinity ? Infinity : safeStopSpeed(gap, world.fleet.decel[v]!, world.stepS, world.stepS);
