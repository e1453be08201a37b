import type { TrafficDemand, VehicleType } from '@songxanh/core';
import { IDM, KRAUSS } from './car-following.ts';
import type { LaneOrder } from './lane-order.ts';
import type { TripBook } from './trip-book.ts';
import { columnsOf, copyColumns, setColumns, type Column, type Columns } from './columns.ts';
import { ARRIVED, RUNNING } from './trip-book.ts';

/**
 * The vehicles on the street as a structure of arrays: entry v belongs to one vehicle. Places are given anew by `sortFleet`, lane by lane, so
 * that neighbours on the street are neighbours in memory; between two sortings a place belongs to one vehicle only. Columns are replaced when the
 * fleet grows: never keep one.
 */
export interface Fleet {
  /** Places in use: 0 … end − 1; those who have arrived keep theirs until the next sorting. */
  end: number;
  running: number;
  readonly types: readonly VehicleType[];
  /** Some type is narrow. */
  readonly hasNarrow: boolean;
  /** RUNNING or ARRIVED. */
  state: Uint8Array;
  trip: Int32Array;
  typeOf: Int32Array;
  model: Uint8Array;
  length: Float64Array;
  minGap: Float64Array;
  accel: Float64Array;
  decel: Float64Array;
  tau: Float64Array;
  sigma: Float64Array;
  maxSpeed: Float64Array;
  speedFactor: Float64Array;
  /** 1: takes one slot of the lane; others take all. */
  narrow: Uint8Array;
  random: Uint32Array;

  lane: Int32Array;
  slot: Uint8Array;
  /** Bit per slot of the lane it takes. */
  slots: Uint8Array;
  /** Front, m from the begin of the lane. */
  pos: Float64Array;
  speed: Float64Array;
  /** 1: it was faster in this step than in the one before. */
  speedsUp: Uint8Array;
  ahead: Int32Array;
  behind: Int32Array;
  /** Where it is on its route: a step of the guides. */
  step: Int32Array;
  /** What the guides say of its lane and the lanes beside it, where that is a lane of a road (`takeBearings`). */
  link: Int32Array;
  offset: Int8Array;
  reach: Float64Array;
  leftReach: Float64Array;
  leftOffset: Int8Array;
  rightReach: Float64Array;
  rightOffset: Int8Array;
  /** Way driven since departure, m. */
  odometer: Float64Array;

  vPlan: Float64Array;
  /** Speed limit that lane changers ask of it for the next step. */
  vCourtesy: Float64Array;
  /** When the front passed the last stop line or waiting place, s. */
  passedLine: Float64Array;
  /** Speed it reckons with when it plans lane changes: falls slowly behind the true one, m/s. */
  lookSpeed: Float64Array;
  speedGain: Float64Array;
  keepRight: Float64Array;
  planFirst: Int32Array;
  planEnd: Int32Array;

  nextStop: Int32Array;
  /** Lane of its next stop, −1 where it has none. */
  stopLane: Int32Array;
  dwellUntil: Float64Array;
  waitingTime: Float64Array;
  waitingCount: Int32Array;
  /** Present standstill, s. */
  standing: Float64Array;
  stopTime: Float64Array;
  timeLoss: Float64Array;
}

/** A vehicle narrower than this shares the lane with others, m. */
const NARROW_M = 1.0;
const isNarrow = ({ widthM }: VehicleType): boolean => widthM < NARROW_M;
const FIRST_CAPACITY = 1024;

export const emptyFleet = (demand: TrafficDemand, capacity = FIRST_CAPACITY): Fleet => {
  const types = [...demand.types.values()];
  const f64 = (): Float64Array => new Float64Array(capacity);
  const i32 = (): Int32Array => new Int32Array(capacity);
  const u8 = (): Uint8Array => new Uint8Array(capacity);
  const i8 = (): Int8Array => new Int8Array(capacity);
  return {
    end: 0,
    running: 0,
    types,
    hasNarrow: types.some(isNarrow),
    state: u8(),
    trip: i32(),
    typeOf: i32(),
    model: u8(),
    length: f64(),
    minGap: f64(),
    accel: f64(),
    decel: f64(),
    tau: f64(),
    sigma: f64(),
    maxSpeed: f64(),
    speedFactor: f64(),
    narrow: u8(),
    random: new Uint32Array(capacity),
    lane: i32(),
    slot: u8(),
    slots: u8(),
    pos: f64(),
    speed: f64(),
    speedsUp: u8(),
    ahead: i32(),
    behind: i32(),
    step: i32(),
    link: i32(),
    offset: i8(),
    reach: f64(),
    leftReach: f64(),
    leftOffset: i8(),
    rightReach: f64(),
    rightOffset: i8(),
    odometer: f64(),
    vPlan: f64(),
    vCourtesy: f64(),
    passedLine: f64(),
    lookSpeed: f64(),
    speedGain: f64(),
    keepRight: f64(),
    planFirst: i32(),
    planEnd: i32(),
    nextStop: i32(),
    stopLane: i32(),
    dwellUntil: f64(),
    waitingTime: f64(),
    waitingCount: i32(),
    standing: f64(),
    stopTime: f64(),
    timeLoss: f64(),
  };
};

/** Makes room for at least one vehicle more. */
const growFleet = (fleet: Fleet): void => {
  const grown: Record<string, Column> = {};
  for (const [name, column] of Object.entries(columnsOf(fleet))) {
    const made = new (column.constructor as new (length: number) => Column)(2 * column.length);
    made.set(column);
    grown[name] = made;
  }
  Object.assign(fleet, grown);
};

/** All places in use. */
export interface FleetState {
  readonly end: number;
  readonly running: number;
  readonly columns: Columns;
}

export const saveFleet = (fleet: Fleet): FleetState => ({ end: fleet.end, running: fleet.running, columns: copyColumns(fleet, fleet.end) });

export const restoreFleet = (fleet: Fleet, { end, running, columns }: FleetState): void => {
  while (fleet.state.length < end) growFleet(fleet);
  setColumns(fleet, columns);
  fleet.end = end;
  fleet.running = running;
};

/** Readies the place behind the last one for trip `t`, not on the street yet; returns the place. */
export const prepareVehicle = (fleet: Fleet, book: TripBook, t: number): number => {
  if (fleet.end === fleet.state.length) growFleet(fleet);
  const v = fleet.end;
  const type = fleet.types[book.typeOf[t]!]!;
  fleet.state[v] = RUNNING;
  fleet.trip[v] = t;
  fleet.typeOf[v] = book.typeOf[t]!;
  fleet.model[v] = type.carFollowing === 'idm' ? IDM : KRAUSS;
  fleet.length[v] = type.lengthM;
  fleet.minGap[v] = type.minGapM;
  fleet.accel[v] = type.accelMps2;
  fleet.decel[v] = type.decelMps2;
  fleet.tau[v] = type.tauS;
  fleet.sigma[v] = type.carFollowing === 'idm' ? 0 : type.sigma;
  fleet.maxSpeed[v] = type.maxSpeedMps;
  fleet.speedFactor[v] = book.speedFactor[t]!;
  fleet.narrow[v] = isNarrow(type) ? 1 : 0;
  fleet.random[v] = book.random[t]!;
  fleet.step[v] = book.firstStep[t]!;
  fleet.nextStop[v] = 0;
  fleet.stopLane[v] = book.firstStopLane[t]!;
  fleet.dwellUntil[v] = -1;
  fleet.vCourtesy[v] = Infinity;
  for (const column of [
    ...[
      fleet.speedsUp,
      fleet.odometer,
      fleet.vPlan,
      fleet.passedLine,
      fleet.lookSpeed,
      fleet.speedGain,
      fleet.keepRight,
      fleet.planFirst,
      fleet.planEnd,
    ],
    ...[fleet.waitingTime, fleet.waitingCount, fleet.standing, fleet.stopTime, fleet.timeLoss],
  ])
    column[v] = 0;
  return v;
};

/** What place `v` has gathered so far, into the book. */
export const noteVehicle = (fleet: Fleet, book: TripBook, v: number): void => {
  const t = fleet.trip[v]!;
  book.routeLength[t] = fleet.odometer[v]!;
  book.waitingTime[t] = fleet.waitingTime[v]!;
  book.waitingCount[t] = fleet.waitingCount[v]!;
  book.stopTime[t] = fleet.stopTime[v]!;
  book.timeLoss[t] = fleet.timeLoss[v]!;
};

/** Gives places in the order of lanes, downstream first; those of the arrived become free. */
export const sortFleet = (fleet: Fleet, book: TripBook, order: LaneOrder): void => {
  const to = scratch.to(fleet.end);
  const from = scratch.from(fleet.end);
  let n = 0;
  for (let lane = 0; lane < order.first.length; lane++)
    for (let v = order.first[lane]!; v >= 0; v = fleet.behind[v]!) {
      from[n] = v;
      to[v] = n++;
    }
  for (let v = 0; v < fleet.end; v++) {
    book.vehicle[fleet.trip[v]!] = fleet.state[v] === ARRIVED ? -1 : to[v]!;
    if (fleet.state[v] === ARRIVED) to[v] = -1;
  }
  for (const column of Object.values(columnsOf(fleet)))
    if (column instanceof Float64Array) permuteDoubles(column, from, n);
    else if (column.BYTES_PER_ELEMENT === 4) permuteInts(new Int32Array(column.buffer), from, n);
    else permuteBytes(new Uint8Array(column.buffer), from, n);
  const follow = (list: Int32Array, count: number): void => {
    for (let i = 0; i < count; i++) if (list[i]! >= 0) list[i] = to[list[i]!]!;
  };
  for (const list of [fleet.ahead, fleet.behind]) follow(list, n);
  for (const list of [order.first, order.last, order.leaver]) follow(list, list.length);
  fleet.end = n;
};

// One function for each width: the compiler makes them fast only as long as each sees one kind of array.
const permuteDoubles = (column: Float64Array, from: Int32Array, n: number): void => {
  const before = scratch.doubles(n);
  for (let i = 0; i < n; i++) before[i] = column[from[i]!]!;
  column.set(before.subarray(0, n));
};
const permuteInts = (column: Int32Array, from: Int32Array, n: number): void => {
  const before = scratch.ints(n);
  for (let i = 0; i < n; i++) before[i] = column[from[i]!]!;
  column.set(before.subarray(0, n));
};
const permuteBytes = (column: Uint8Array, from: Int32Array, n: number): void => {
  const before = scratch.bytes(n);
  for (let i = 0; i < n; i++) before[i] = column[from[i]!]!;
  column.set(before.subarray(0, n));
};

/** Reused work space of sorting. */
const scratch = (() => {
  const space = <C extends Column>(make: (length: number) => C) => {
    let held = make(0);
    return (n: number): C => (held.length < n ? (held = make(2 * n)) : held);
  };
  const ints = (): ((n: number) => Int32Array) => space((n) => new Int32Array(n));
  return { to: ints(), from: ints(), ints: ints(), doubles: space((n) => new Float64Array(n)), bytes: space((n) => new Uint8Array(n)) };
})();
