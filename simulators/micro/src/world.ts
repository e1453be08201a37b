import type { TrafficDemand } from '@songxanh/core';
import { emptyFleet, type Fleet } from './fleet.ts';
import type { Guides } from './lane-guide.ts';
import { emptyLanes, type LaneOrder } from './lane-order.ts';
import { lampOfPriority, RED } from './lamps.ts';
import type { Street } from './street.ts';
import type { TripBook } from './trip-book.ts';

/** What vehicles intend at the stop lines ahead of them, rebuilt each step; a vehicle's items are consecutive, nearest first. */
export interface Intents {
  count: number;
  link: Int32Array;
  /** 1: the waiting place inside the node, 0: the stop line. */
  inside: Uint8Array;
  /** Distance to the line, m. */
  distance: Float64Array;
  /** Speed when the way is not free. */
  vWait: Float64Array;
  /** When the front would be at the line and the back behind the node, s from now. */
  arrive: Float64Array;
  leave: Float64Array;
  /** Speeds at the line and behind the node, m/s. */
  arriveSpeed: Float64Array;
  leaveSpeed: Float64Array;
  /** 1: the vehicle will pass if it may; others must reckon with it. */
  request: Uint8Array;
  vehicle: Int32Array;
  nextOnLink: Int32Array;
}

/** Everything that changes while a simulation runs. */
export interface World {
  readonly street: Street;
  readonly book: TripBook;
  readonly fleet: Fleet;
  readonly order: LaneOrder;
  /** Replaced when ways are laid during the run. */
  guides: Guides;
  readonly stepS: number;
  /** Who stands inside a node as long as this is no longer given way to (SUMO's ignore-junction-blocker), s. */
  readonly ignoreBlockerS: number;
  /** Scenario time of the running step, s. */
  now: number;
  /** Replaced when the fleet has grown. */
  intents: Intents;
  /** First intent at each link's stop line. */
  readonly linkIntents: Int32Array;
  readonly linkLamp: Uint8Array;
  /** 1: the link leads onto a closed edge. */
  readonly linkShut: Uint8Array;
  /** Pedestrians on the crossings a link yields to. */
  readonly linkPedestrians: Int32Array;
  /** Free way behind a node for a wide and a narrow vehicle, m, and the step they were reckoned in. */
  readonly roomWide: Float64Array;
  readonly roomNarrow: Float64Array;
  readonly roomStep: Int32Array;
  stepNumber: number;
}

/** Links a vehicle plans for at most; at 14 m/s it sees 35 m. */
export const INTENTS_PER_VEHICLE = 8;

export const emptyIntents = (vehicles: number): Intents => {
  const size = vehicles * INTENTS_PER_VEHICLE;
  return {
    count: 0,
    link: new Int32Array(size),
    inside: new Uint8Array(size),
    distance: new Float64Array(size),
    vWait: new Float64Array(size),
    arrive: new Float64Array(size),
    leave: new Float64Array(size),
    arriveSpeed: new Float64Array(size),
    leaveSpeed: new Float64Array(size),
    request: new Uint8Array(size),
    vehicle: new Int32Array(size),
    nextOnLink: new Int32Array(size),
  };
};

export interface WorldSettings {
  readonly stepS: number;
  readonly ignoreBlockerS: number;
}

/** The street at `beginS`, still empty. Signals show red until somebody sets them. */
export const openWorld = (
  street: Street,
  guides: Guides,
  book: TripBook,
  demand: TrafficDemand,
  beginS: number,
  settings: WorldSettings,
): World => {
  const fleet = emptyFleet(demand);
  return {
    street,
    book,
    fleet,
    order: emptyLanes(street),
    guides,
    ...settings,
    now: beginS,
    intents: emptyIntents(fleet.state.length),
    linkIntents: new Int32Array(street.linkFrom.length).fill(-1),
    linkLamp: Uint8Array.from(street.linkLetter, (letter, link) =>
      street.linkSignal[link]! >= 0 ? RED : lampOfPriority(String.fromCharCode(letter)),
    ),
    linkShut: new Uint8Array(street.linkFrom.length),
    linkPedestrians: new Int32Array(street.linkFrom.length),
    roomWide: new Float64Array(street.laneIds.length),
    roomNarrow: new Float64Array(street.laneIds.length),
    roomStep: new Int32Array(street.laneIds.length).fill(-1),
    stepNumber: 0,
  };
};
