import type { Fleet } from './fleet.ts';
import type { Street } from './street.ts';

/** The vehicles of each lane as a list linked through the fleet, ordered by position. `first` is farthest downstream. */
export interface LaneOrder {
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly count: Int32Array;
  /** Length its vehicles would take standing in one row, m. */
  readonly occupied: Float64Array;
  /** Who left the lane last by slot s (entry lane × 8 + s) and its odometer then: its back may still be on the lane. */
  readonly leaver: Int32Array;
  readonly leaverOdometer: Float64Array;
  /** Bit per slot that has a leaver. */
  readonly left: Uint8Array;
}

export const SLOTS = 8;
export const ALL_SLOTS = 0xff;

export const emptyLanes = (street: Street): LaneOrder => {
  const n = street.laneIds.length;
  return {
    first: new Int32Array(n).fill(-1),
    last: new Int32Array(n).fill(-1),
    count: new Int32Array(n),
    occupied: new Float64Array(n),
    leaver: new Int32Array(n * SLOTS).fill(-1),
    leaverOdometer: new Float64Array(n * SLOTS),
    left: new Uint8Array(n),
  };
};

/** Puts vehicle `v` (its lane and position set) into its lane's list, searching from the upstream end. */
export const enterLane = (order: LaneOrder, fleet: Fleet, v: number): void => {
  const lane = fleet.lane[v]!;
  const pos = fleet.pos[v]!;
  let ahead = order.last[lane]!;
  while (ahead >= 0 && fleet.pos[ahead]! < pos) ahead = fleet.ahead[ahead]!;
  insertBehind(order, fleet, v, lane, ahead);
};

/** Motorcycles stand about four abreast on a lane of 3.2 m. */
const ABREAST = 4;
const spaceOf = (fleet: Fleet, v: number): number => (fleet.length[v]! + fleet.minGap[v]!) / (fleet.narrow[v] ? ABREAST : 1);

/** Puts `v` between `ahead` and the vehicle behind that one; `ahead` −1: at the downstream end. */
export const insertBehind = (order: LaneOrder, fleet: Fleet, v: number, lane: number, ahead: number): void => {
  const behind = ahead >= 0 ? fleet.behind[ahead]! : order.first[lane]!;
  fleet.ahead[v] = ahead;
  fleet.behind[v] = behind;
  if (ahead >= 0) fleet.behind[ahead] = v;
  else order.first[lane] = v;
  if (behind >= 0) fleet.ahead[behind] = v;
  else order.last[lane] = v;
  order.count[lane]!++;
  order.occupied[lane]! += spaceOf(fleet, v);
};

export const leaveLane = (order: LaneOrder, fleet: Fleet, v: number): void => {
  const lane = fleet.lane[v]!;
  const [ahead, behind] = [fleet.ahead[v]!, fleet.behind[v]!];
  if (ahead >= 0) fleet.behind[ahead] = behind;
  else order.first[lane] = behind;
  if (behind >= 0) fleet.ahead[behind] = ahead;
  else order.last[lane] = ahead;
  order.count[lane]!--;
  order.occupied[lane]! -= spaceOf(fleet, v);
};

/** Remembers that `v`, whose back may still be on `lane`, went past its end `beyond` metres ago. */
export const noteLeaver = (order: LaneOrder, fleet: Fleet, v: number, lane: number, beyond: number): void => {
  for (let s = 0; s < SLOTS; s++) {
    if ((fleet.slots[v]! & (1 << s)) === 0) continue;
    order.leaver[lane * SLOTS + s] = v;
    order.leaverOdometer[lane * SLOTS + s] = fleet.odometer[v]! - beyond;
  }
  order.left[lane]! |= fleet.slots[v]!;
};

/** Moves `v` forward past vehicles it has overtaken in its lane (motorcycles beside each other). True when the order changed. */
export const reorder = (order: LaneOrder, fleet: Fleet, v: number): boolean => {
  let ahead = fleet.ahead[v]!;
  const pos = fleet.pos[v]!;
  if (ahead < 0 || fleet.pos[ahead]! >= pos) return false;
  while (ahead >= 0 && fleet.pos[ahead]! < pos) ahead = fleet.ahead[ahead]!;
  const lane = fleet.lane[v]!;
  leaveLane(order, fleet, v);
  insertBehind(order, fleet, v, lane, ahead);
  return true;
};

/** Slot of a narrow vehicle on a lane with another number of slots. */
export const mapSlot = (slot: number, from: number, to: number): number => Math.min(to - 1, Math.floor(((slot + 0.5) * to) / from));
