import { arrivalTime, speedAfter } from './car-following.ts';
import { stopSpeed } from './leader.ts';
import type { World } from './world.ts';

/** Vehicles stop this far before a line (SUMO's stop line gap), m. */
export const STOP_GAP_M = 1;
/** They stop this far before a waiting place inside a node, m. */
const WAIT_GAP_M = 0.1;
/** Times of an intent that nobody has asked for yet. */
const UNKNOWN = -1;

/** What vehicles intend at the stop lines ahead of them, rebuilt each step; a vehicle's items are consecutive, nearest first. */
export interface Intents {
  count: number;
  vehicle: Int32Array;
  link: Int32Array;
  /** 1: the waiting place inside the node, 0: the stop line. */
  inside: Uint8Array;
  /** Distance to the line, m. */
  distance: Float64Array;
  /** Speed in this step when the way is free, m/s. */
  speed: Float64Array;
  /** 1: the vehicle will pass if it may; others must reckon with it. */
  request: Uint8Array;
  nextOnLink: Int32Array;
  /** `reckonTimes` fills in the rest for those somebody looks at: when the front would be at the line and the back behind the node, s from now. */
  arrive: Float64Array;
  leave: Float64Array;
  /** Speeds at the line and behind the node, m/s. */
  arriveSpeed: Float64Array;
  leaveSpeed: Float64Array;
}

/** Links a vehicle plans for at most; at 14 m/s it sees 35 m. */
export const INTENTS_PER_VEHICLE = 8;

export const emptyIntents = (vehicles: number): Intents => {
  const size = vehicles * INTENTS_PER_VEHICLE;
  return {
    count: 0,
    vehicle: new Int32Array(size),
    link: new Int32Array(size),
    inside: new Uint8Array(size),
    distance: new Float64Array(size),
    speed: new Float64Array(size),
    request: new Uint8Array(size),
    nextOnLink: new Int32Array(size),
    arrive: new Float64Array(size),
    leave: new Float64Array(size),
    arriveSpeed: new Float64Array(size),
    leaveSpeed: new Float64Array(size),
  };
};

/**
 * Adds what `v` intends at the line of `link`, or at the waiting place behind it (`inside`); returns its number, under which the caller puts distance and
 * speed (see `followLeader` why these are not passed).
 */
export const addIntent = ({ intents, linkIntents }: World, v: number, link: number, inside: boolean, request: boolean): number => {
  const i = intents.count++;
  intents.vehicle[i] = v;
  intents.link[i] = link;
  intents.inside[i] = inside ? 1 : 0;
  intents.request[i] = request ? 1 : 0;
  intents.arrive[i] = UNKNOWN;
  if (request && !inside) {
    intents.nextOnLink[i] = linkIntents[link]!;
    linkIntents[link] = i;
  }
  return i;
};

/** Makes sure that the times and speeds of intent `i` are reckoned. */
export const reckonTimes = ({ intents, fleet, street }: World, i: number): void => {
  if (intents.arrive[i] !== UNKNOWN) return;
  const v = intents.vehicle[i]!;
  const link = intents.link[i]!;
  const inside = intents.inside[i] === 1;
  const distance = intents.distance[i]!;
  const speed = intents.speed[i]!;
  const accel = fleet.accel[v]!;
  const path = inside ? street.linkSecondVia[link]! : street.linkVia[link]!;
  const limit = street.laneSpeed[path < 0 ? street.linkTo[link]! : path]! * fleet.speedFactor[v]!;
  const arrivalSpeed = Math.max(0.5, Math.min(limit, speedAfter(distance, speed, accel)));
  const way = (inside ? street.linkLength[link]! - street.linkWaitPos[link]! : street.linkLength[link]!) + fleet.length[v]!;
  const leaveSpeed = Math.max(arrivalSpeed, Math.min(limit, speedAfter(way, arrivalSpeed, accel)));
  const arrive = arrivalTime(distance, speed, arrivalSpeed, accel, fleet.decel[v]!);
  intents.arriveSpeed[i] = arrivalSpeed;
  intents.leaveSpeed[i] = leaveSpeed;
  intents.arrive[i] = arrive;
  intents.leave[i] = arrive + (2 * way) / (arrivalSpeed + leaveSpeed);
};

/** Speed of the vehicle of intent `i` when the way is not free. */
export const waitSpeed = (world: World, i: number): number => {
  const { intents } = world;
  const distance = intents.distance[i]!;
  const gap = intents.inside[i] === 1 ? distance - WAIT_GAP_M : Math.max(0, distance - STOP_GAP_M);
  return Math.min(intents.speed[i]!, stopSpeed(world, intents.vehicle[i]!, gap));
};
