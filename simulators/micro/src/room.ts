import { SLOTS } from './lane-order.ts';
import type { World } from './world.ts';

/** Vehicles slower than this hold up those behind them, m/s (SUMO's halting speed). */
const STANDING_MPS = 0.1;
/** Nobody looks for room farther than this behind a node, m. */
const FAR_M = 80;

const slotBack = new Float64Array(SLOTS);

/** Room a vehicle finds behind link `link`: way to the first standing vehicle, less what moves towards it there or on the link. */
export const roomBehind = (world: World, v: number, link: number): number => {
  const { fleet, street, order } = world;
  const lane = street.linkTo[link]!;
  if (world.roomStep[lane] !== world.stepNumber) reckonRoom(world, lane);
  let room = fleet.narrow[v] ? world.roomNarrow[lane]! : world.roomWide[lane]!;
  if (room === Infinity) return room;
  const via = street.linkVia[link]!;
  for (let inner = via; inner >= 0; inner = inner === via ? street.linkSecondVia[link]! : -1)
    for (let k = order.first[inner]!; k >= 0; k = fleet.behind[k]!) room -= share(world, k, street.laneSlots[lane]!);
  return room;
};

const reckonRoom = (world: World, lane: number): void => {
  const { fleet, street, order } = world;
  const slots = street.laneSlots[lane]!;
  slotBack.fill(Infinity);
  let moving = 0;
  let stands = false;
  for (let k = order.last[lane]!; k >= 0; k = fleet.ahead[k]!) {
    const back = fleet.pos[k]! - fleet.length[k]!;
    if (back > FAR_M) break;
    if (fleet.speed[k]! > STANDING_MPS) {
      if (!stands) moving += share(world, k, slots);
      continue;
    }
    stands = true;
    for (let s = 0; s < slots; s++) if (fleet.slots[k]! & (1 << s) && slotBack[s] === Infinity) slotBack[s] = back;
    if (!fleet.narrow[k]) break;
  }
  let [least, most] = [Infinity, -Infinity];
  for (let s = 0; s < slots; s++) {
    least = Math.min(least, slotBack[s]!);
    most = Math.max(most, slotBack[s]!);
  }
  world.roomStep[lane] = world.stepNumber;
  world.roomWide[lane] = least - moving;
  world.roomNarrow[lane] = most - moving;
};

const share = (world: World, k: number, slots: number): number =>
  (world.fleet.length[k]! + world.fleet.minGap[k]!) / (world.fleet.narrow[k] ? slots : 1);
