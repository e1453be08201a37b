import type { TrafficDemand, Trip, VehicleType } from '@songxanh/core';
import { IDM, KRAUSS } from './car-following.ts';
import { drawCutNormal, streamState } from './random.ts';

/** Life of a trip. */
export const WAITING = 0;
export const RUNNING = 1;
export const ARRIVED = 2;

/** All vehicles of a run as a structure of arrays: entry i belongs to the i-th trip of the demand. */
export interface Fleet {
  readonly trips: readonly Trip[];
  readonly types: readonly VehicleType[];
  readonly typeOf: Int32Array;
  readonly state: Uint8Array;
  readonly model: Uint8Array;
  readonly length: Float64Array;
  readonly minGap: Float64Array;
  readonly accel: Float64Array;
  readonly decel: Float64Array;
  readonly tau: Float64Array;
  readonly sigma: Float64Array;
  readonly maxSpeed: Float64Array;
  readonly speedFactor: Float64Array;
  readonly persons: Float64Array;
  /** 1: takes one slot of the lane; others take all. */
  readonly narrow: Uint8Array;
  readonly random: Uint32Array;

  readonly lane: Int32Array;
  readonly slot: Uint8Array;
  /** Bit per slot of the lane it takes. */
  readonly slots: Uint8Array;
  /** Front, m from the begin of the lane. */
  readonly pos: Float64Array;
  readonly speed: Float64Array;
  readonly ahead: Int32Array;
  readonly behind: Int32Array;
  readonly guide: Int32Array;
  readonly step: Int32Array;
  /** Way driven since departure, m. */
  readonly odometer: Float64Array;

  readonly vPlan: Float64Array;
  /** Speed limit that lane changers ask of it for the next step. */
  readonly vCourtesy: Float64Array;
  /** When the front passed the last stop line or waiting place, s. */
  readonly passedLine: Float64Array;
  readonly speedGain: Float64Array;
  readonly keepRight: Float64Array;
  readonly planFirst: Int32Array;
  readonly planEnd: Int32Array;

  readonly nextStop: Int32Array;
  readonly dwellUntil: Float64Array;
  readonly departed: Float64Array;
  readonly arrived: Float64Array;
  readonly departLane: Int32Array;
  readonly departPos: Float64Array;
  readonly departSpeed: Float64Array;
  readonly arrivalLane: Int32Array;
  readonly arrivalSpeed: Float64Array;
  readonly waitingTime: Float64Array;
  readonly waitingCount: Int32Array;
  /** Present standstill, s. */
  readonly standing: Float64Array;
  readonly stopTime: Float64Array;
  readonly timeLoss: Float64Array;
}

/** A vehicle narrower than this shares the lane with others, m. */
const NARROW_M = 1.0;

export const buildFleet = (demand: TrafficDemand, trips: readonly Trip[], seed: number): Fleet => {
  const types = [...demand.types.values()];
  const typeIndex = new Map(types.map((type, i) => [type.id, i]));
  const n = trips.length;
  const typeOf = Int32Array.from(trips, (trip) => typeIndex.get(trip.type)!);
  const perType = (value: (type: VehicleType) => number): Float64Array => Float64Array.from(typeOf, (t) => value(types[t]!));
  const random = Uint32Array.from(trips, (_, i) => streamState(seed, i));
  const f64 = (): Float64Array => new Float64Array(n);
  const i32 = (fill = 0): Int32Array => new Int32Array(n).fill(fill);
  const u8 = (): Uint8Array => new Uint8Array(n);
  return {
    trips,
    types,
    typeOf,
    state: u8(),
    model: Uint8Array.from(typeOf, (t) => (types[t]!.carFollowing === 'idm' ? IDM : KRAUSS)),
    length: perType((t) => t.lengthM),
    minGap: perType((t) => t.minGapM),
    accel: perType((t) => t.accelMps2),
    decel: perType((t) => t.decelMps2),
    tau: perType((t) => t.tauS),
    sigma: perType((t) => (t.carFollowing === 'idm' ? 0 : t.sigma)),
    maxSpeed: perType((t) => t.maxSpeedMps),
    speedFactor: Float64Array.from(typeOf, (t, i) => {
      const factor = types[t]!.speedFactor;
      return drawCutNormal(random, i, factor.mean, factor.deviation, factor.min, factor.max);
    }),
    persons: perType((t) => t.persons),
    narrow: Uint8Array.from(typeOf, (t) => (types[t]!.widthM < NARROW_M ? 1 : 0)),
    random,
    lane: i32(-1),
    slot: u8(),
    slots: u8(),
    pos: f64(),
    speed: f64(),
    ahead: i32(-1),
    behind: i32(-1),
    guide: i32(-1),
    step: i32(),
    odometer: f64(),
    vPlan: f64(),
    vCourtesy: f64().fill(Infinity),
    passedLine: f64(),
    speedGain: f64(),
    keepRight: f64(),
    planFirst: i32(),
    planEnd: i32(),
    nextStop: i32(),
    dwellUntil: f64().fill(-1),
    departed: f64().fill(-1),
    arrived: f64().fill(-1),
    departLane: i32(-1),
    departPos: f64(),
    departSpeed: f64(),
    arrivalLane: i32(-1),
    arrivalSpeed: f64(),
    waitingTime: f64(),
    waitingCount: i32(),
    standing: f64(),
    stopTime: f64(),
    timeLoss: f64(),
  };
};
