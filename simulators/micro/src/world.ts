import type { TrafficDemand } from '@songxanh/core';
import { emptyFleet, type Fleet } from './fleet.ts';
import { emptyIntents, type Intents } from './intents.ts';
import type { Guides } from './lane-guide.ts';
import { emptyLanes, type LaneOrder } from './lane-order.ts';
import { lampOfPriority, RED } from './lamps.ts';
import type { Street } from './street.ts';
import type { TripBook } from './trip-book.ts';

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
