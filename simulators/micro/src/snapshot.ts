import { copyColumns, setColumns, type Columns } from './columns.ts';
import type { DetectorState } from './detectors.ts';
import { restoreFleet, saveFleet, type FleetState } from './fleet.ts';
import type { FootwayState } from './pedestrians.ts';
import type { Progress } from './results.ts';
import type { SignalState } from './signals.ts';
import type { WaysState } from './ways.ts';
import type { World } from './world.ts';

/** Vehicles, lanes and trips at one moment. */
interface WorldState {
  readonly nowS: number;
  readonly stepNumber: number;
  readonly fleet: FleetState;
  readonly book: Columns;
  readonly order: Columns;
  readonly linkLamp: Uint8Array;
  readonly linkPedestrians: Int32Array;
}

/** A whole simulation at one moment, between two steps. */
export interface Snapshot extends WorldState {
  readonly progress: Readonly<Progress>;
  readonly signals: SignalState;
  readonly detectors: DetectorState;
  readonly footways: FootwayState;
  readonly ways: WaysState;
  readonly emissions: Columns;
}

export const saveWorld = (world: World): WorldState => ({
  nowS: world.now,
  stepNumber: world.stepNumber,
  fleet: saveFleet(world.fleet),
  book: copyColumns(world.book),
  order: copyColumns(world.order),
  linkLamp: world.linkLamp.slice(),
  linkPedestrians: world.linkPedestrians.slice(),
});

export const restoreWorld = (world: World, state: WorldState): void => {
  if (state.book['state']!.length !== world.book.state.length || state.linkLamp.length !== world.linkLamp.length)
    throw new Error('the snapshot is of another scenario');
  world.now = state.nowS;
  world.stepNumber = state.stepNumber;
  restoreFleet(world.fleet, state.fleet);
  setColumns(world.book, state.book);
  setColumns(world.order, state.order);
  world.linkLamp.set(state.linkLamp);
  world.linkPedestrians.set(state.linkPedestrians);
  // Reckoned anew in the next step.
  world.roomStep.fill(-1);
};
