import type { TrafficDemand, Trip } from '@songxanh/core';
import { drawCutNormal, streamState } from './random.ts';

/** Life of a trip. */
export const WAITING = 0;
export const RUNNING = 1;
export const ARRIVED = 2;

/** All trips of a run: what each starts with and what has come of it. Entry t belongs to the t-th trip of the demand. */
export interface TripBook {
  readonly trips: readonly Trip[];
  readonly typeOf: Int32Array;
  /** The first step of its route in the guides. */
  readonly firstStep: Int32Array;
  /** Lane of its first stop, −1 where it has none. */
  readonly firstStopLane: Int32Array;
  readonly speedFactor: Float64Array;
  /** State of its random numbers while it waits for insertion. */
  readonly random: Uint32Array;

  readonly state: Uint8Array;
  /** Its place in the fleet, −1 while it has none. */
  readonly vehicle: Int32Array;
  readonly departed: Float64Array;
  readonly arrived: Float64Array;
  readonly departLane: Int32Array;
  readonly departPos: Float64Array;
  readonly departSpeed: Float64Array;
  readonly arrivalLane: Int32Array;
  readonly arrivalSpeed: Float64Array;
  /** What a running vehicle has gathered is noted when somebody asks for it. */
  readonly routeLength: Float64Array;
  readonly waitingTime: Float64Array;
  readonly waitingCount: Int32Array;
  readonly stopTime: Float64Array;
  readonly timeLoss: Float64Array;
}

export const openTripBook = (demand: TrafficDemand, trips: readonly Trip[], seed: number): TripBook => {
  const types = [...demand.types.values()];
  const typeIndex = new Map(types.map((type, i) => [type.id, i]));
  const n = trips.length;
  const typeOf = Int32Array.from(trips, (trip) => typeIndex.get(trip.type)!);
  const random = Uint32Array.from(trips, (_, i) => streamState(seed, i));
  const f64 = (fill = 0): Float64Array => new Float64Array(n).fill(fill);
  const i32 = (fill = 0): Int32Array => new Int32Array(n).fill(fill);
  return {
    trips,
    typeOf,
    firstStep: i32(),
    firstStopLane: i32(-1),
    speedFactor: Float64Array.from(typeOf, (t, i) => {
      const factor = types[t]!.speedFactor;
      return drawCutNormal(random, i, factor.mean, factor.deviation, factor.min, factor.max);
    }),
    random,
    state: new Uint8Array(n),
    vehicle: i32(-1),
    departed: f64(-1),
    arrived: f64(-1),
    departLane: i32(-1),
    departPos: f64(),
    departSpeed: f64(),
    arrivalLane: i32(-1),
    arrivalSpeed: f64(),
    routeLength: f64(),
    waitingTime: f64(),
    waitingCount: i32(),
    stopTime: f64(),
    timeLoss: f64(),
  };
};
