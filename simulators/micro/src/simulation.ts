import {
  accept,
  refuse,
  type DetectorActuation,
  type Lamp,
  type Network,
  type Result,
  type StreetFurniture,
  type TrafficDemand,
  type Trip,
} from '@songxanh/core';
import type { SummaryRow } from '@songxanh/sumo-files';
import { advanceAll, decide } from './advance.ts';
import { serveStop } from './bus-stop.ts';
import { copyColumns, setColumns } from './columns.ts';
import { DetectorField } from './detectors.ts';
import { emissionClassOf, noEmissions, noteEmissions } from './emissions.ts';
import { sortFleet } from './fleet.ts';
import { insertVehicle } from './insertion.ts';
import { intend } from './intend.ts';
import { emptyIntents, INTENTS_PER_VEHICLE } from './intents.ts';
import { changeLanes } from './lane-change.ts';
import { laneQueues, type LaneQueue } from './lane-queues.ts';
import { emptyMapView, fillMapView, type MapView } from './map-view.ts';
import { Footways, planWalks, type PedestrianRow, type PlannedWalk } from './pedestrians.ts';
import { findClosedEdges, type ClosedEdges } from './closures.ts';
import { planRoutes, type PlannedRoutes } from './plan-routes.ts';
import { streamState } from './random.ts';
import { measure, tripRows, type Kpis, type Progress, type TripRow } from './results.ts';
import { SignalBoard } from './signals.ts';
import { restoreWorld, saveWorld, type Snapshot } from './snapshot.ts';
import { compileStreet, type Street } from './street.ts';
import { summarizeStep } from './summary.ts';
import { openTripBook, RUNNING } from './trip-book.ts';
import { openWays } from './ways.ts';
import { openWorld, type World } from './world.ts';

export interface SimulationOptions {
  readonly network: Network;
  readonly demand: TrafficDemand;
  readonly furniture?: StreetFurniture;
  readonly beginS: number;
  /** Infinity: until everybody has arrived. */
  readonly endS: number;
  /** Whole tenths of a second; 1 s is what SUMO's benchmarks use. */
  readonly stepLengthS?: number;
  /** SUMO's `ignore-junction-blocker`, s; never where absent. */
  readonly ignoreJunctionBlockerS?: number;
  readonly seed: number;
  /** Street time of scenario second 0, ms since 1970. */
  readonly epochMs?: number;
  /** Push button (detector id) of each crossing (edge id); `btn_<node>_<head>` where absent. */
  readonly crossingButtons?: ReadonlyMap<string, string>;
  /** Reckon what each trip emits. */
  readonly emissions?: boolean;
}

export interface Simulation {
  /** Scenario second reached. */
  readonly nowS: number;
  readonly done: boolean;
  readonly signals: readonly string[];
  readonly types: readonly string[];
  /** Advances by one step; signals nobody has set run the network's own program. */
  step(): void;
  run(): void;
  /** Lamps by head, as `Lamp` codes of signal.proto, `Lamp` words or SUMO letters; from now on the signal is controlled from outside. */
  setHeads(signal: string, states: Uint8Array | readonly Lamp[] | string): void;
  /**
   * Works close these edges from now on, instead of those before; ids that the street does not have are left. Drivers go around, who has no way around
   * stays at home; buses, and who is under way without another way, are let through.
   */
  fence(edges: readonly string[]): void;
  /** Gives the signal back to the network's program. */
  release(signal: string): void;
  /** Lamp codes shown now. */
  heads(signal: string): Uint8Array;
  takeActuations(): DetectorActuation[];
  detectorJams(): { detector: string; vehicles: number; jammed: number }[];
  vehicles(): MapView;
  vehicleId(index: number): string;
  queues(): LaneQueue[];
  waitingPedestrians(): ReadonlyMap<string, number>;
  kpis(): Kpis;
  /** How all trips stand after the last step. */
  summary(): SummaryRow;
  trips(): TripRow[];
  pedestrians(): PedestrianRow[];
  /** All that changes, copied: plain data that can be sent to another thread. */
  save(): Snapshot;
  /** Goes on from there, bit for bit; the snapshot must be of the same scenario. */
  restore(snapshot: Snapshot): void;
  /** Another simulation that goes on from the present state; with a seed of its own its drivers behave differently from now on. */
  fork(seed?: number): Simulation;
  /** For tests and studies: the engine's state. Do not write to it. */
  readonly world: World;
}

const IDLE = new Uint8Array(0);
/** How often neighbours on the street are made neighbours in memory again. */
const SORT_EVERY_STEPS = 32;

/** What all simulations of one scenario share. */
interface Prepared {
  readonly options: SimulationOptions;
  readonly stepS: number;
  readonly street: Street;
  readonly trips: readonly Trip[];
  readonly routes: PlannedRoutes;
  readonly walks: readonly PlannedWalk[];
  readonly closures: readonly ClosedEdges[];
}

/** Prepares a run; refuses demand that the network cannot carry, naming the vehicle and the edges. */
export const createSimulation = (options: SimulationOptions): Result<Simulation> => {
  const { network, demand, beginS, endS } = options;
  const stepS = options.stepLengthS ?? 1;
  if (!(stepS >= 0.1) || Math.abs(stepS * 10 - Math.round(stepS * 10)) > 1e-6)
    return refuse('bad-step', `step-length ${String(stepS)}: expected whole tenths of a second`);
  const street = compileStreet(network);
  const trips = demand.trips.filter((trip) => trip.departS >= beginS && trip.departS < endS);
  for (const trip of trips) {
    if (!demand.types.has(trip.type)) return refuse('unknown-type', `vehicle ${trip.id}: vType ${trip.type} is not defined`);
  }
  const routes = planRoutes(network, street, demand, trips);
  if (!routes.ok) return routes;
  const closures = findClosedEdges(street, options.furniture?.closures ?? []);
  if (!closures.ok) return closures;
  const walks = planWalks(network, street, demand.walks, options.crossingButtons ?? new Map(), beginS);
  const { simulation, insertDue } = assemble({ options, stepS, street, trips, routes: routes.value, walks, closures: closures.value });
  insertDue();
  return accept(simulation);
};

/** A simulation at its begin, before anybody is inserted. */
const assemble = (prepared: Prepared): { readonly simulation: Simulation; readonly insertDue: () => void } => {
  const { options, stepS, street, trips, routes, walks, closures } = prepared;
  const { network, demand, beginS, endS } = options;
  const { guides, allowedOf } = routes;
  // Detections of a step are stamped towards its end: the step from t to t + 1 s gives stamps in (t, t + 1 s].
  const stampMs = (options.epochMs ?? 0) + stepS * 1000;
  const book = openTripBook(demand, trips, options.seed);
  book.firstStep.set(routes.firstStep);
  trips.forEach(({ stops: [stop] }, t) => (book.firstStopLane[t] = stop === undefined ? -1 : street.laneIndex.get(stop.lane)!));
  const world = openWorld(street, guides, book, demand, beginS, { stepS, ignoreBlockerS: options.ignoreJunctionBlockerS ?? Infinity });
  const { fleet } = world;
  const signals = new SignalBoard(network.programs, street.signalIds);
  const detectors = new DetectorField(world, options.furniture?.detectors ?? []);
  const footways = new Footways(walks, signals.heads);
  const ways = openWays(world, network, demand, trips, routes, closures);
  const emissions = options.emissions === true ? noEmissions(trips.length) : undefined;
  const emissionClasses = fleet.types.map(emissionClassOf);
  const progress: Progress = { nextTrip: 0, waiting: [], arrived: 0, vehicleSeconds: 0 };
  let view = emptyMapView(64);

  const insertDue = (): void => {
    while (progress.nextTrip < trips.length && trips[progress.nextTrip]!.departS <= world.now + 1e-9)
      progress.waiting.push(progress.nextTrip++);
    if (progress.waiting.length === 0) return;
    // Who finds no room holds up those who want to start on the same edge in this step (SUMO without eager-insert).
    const full = new Set<number>();
    progress.waiting = progress.waiting.filter((t) => {
      const edge = world.guides.edge[book.firstStep[t]!]!;
      if (full.has(edge) || !ways.depart(t)) return true;
      if (!insertVehicle(world, t, allowedOf[book.typeOf[t]!]!)) {
        full.add(edge);
        return true;
      }
      detectors.inserted(world, book.vehicle[t]!);
      return false;
    });
  };
  const isEmpty = (): boolean =>
    progress.nextTrip === trips.length && progress.waiting.length === 0 && fleet.running === 0 && footways.isEmpty();

  const simulation: Simulation = {
    get nowS() {
      return world.now;
    },
    get done() {
      return world.now >= endS - 1e-9 || (endS === Infinity && isEmpty());
    },
    signals: street.signalIds,
    types: fleet.types.map((type) => type.id),
    world,
    step() {
      if (world.stepNumber++ % SORT_EVERY_STEPS === 0) sortFleet(fleet, book, world.order);
      if (world.intents.vehicle.length < INTENTS_PER_VEHICLE * fleet.state.length) world.intents = emptyIntents(fleet.state.length);
      signals.step(world);
      ways.begin();
      footways.step(world, stampMs);
      world.intents.count = 0;
      world.linkIntents.fill(-1);
      const { end } = fleet;
      for (let v = 0; v < end; v++) {
        if (fleet.state[v] !== RUNNING) continue;
        if (fleet.stopLane[v]! >= 0) serveStop(world, v);
        intend(world, v);
      }
      for (let v = 0; v < end; v++) if (fleet.state[v] === RUNNING) decide(world, v);
      progress.vehicleSeconds += fleet.running * stepS;
      progress.arrived += advanceAll(world, detectors);
      if (emissions !== undefined) noteEmissions(world, emissions, emissionClasses);
      changeLanes(world);
      detectors.settle(world);
      insertDue();
      ways.end();
      world.now = Math.round((world.now + stepS) * 1000) / 1000;
    },
    run() {
      while (!simulation.done) simulation.step();
    },
    setHeads(signal, states) {
      const s = street.signalIndex.get(signal);
      if (s !== undefined) signals.set(world, s, states);
    },
    fence(edges) {
      const fenced = new Uint8Array(street.edgeIds.length);
      for (const id of edges) {
        const edge = street.edgeIndex.get(id);
        if (edge !== undefined) fenced[edge] = 1;
      }
      ways.fence(fenced);
    },
    release(signal) {
      const s = street.signalIndex.get(signal);
      if (s !== undefined) signals.release(s);
    },
    heads: (signal) => signals.heads[street.signalIndex.get(signal) ?? -1] ?? IDLE,
    takeActuations: () => [...detectors.take(stampMs), ...footways.take()].sort((a, b) => a.at - b.at),
    detectorJams: () => detectors.jams(world),
    vehicles() {
      if (view.x.length < fleet.running) view = emptyMapView(2 * fleet.running);
      view = fillMapView(world, view);
      return view;
    },
    vehicleId: (index) => trips[index]?.id ?? '',
    queues: () => laneQueues(world),
    waitingPedestrians: () => footways.waiting(),
    kpis: () => measure(world, progress, footways.rows(world.now)),
    summary: () => summarizeStep(world, progress.nextTrip, progress.waiting.length),
    trips: () => tripRows(world, emissions),
    pedestrians: () => footways.rows(world.now),
    save: () => ({
      ...saveWorld(world),
      progress: { ...progress, waiting: [...progress.waiting] },
      signals: signals.save(),
      detectors: detectors.save(),
      footways: footways.save(),
      ways: ways.save(),
      emissions: copyColumns(emissions ?? {}),
    }),
    restore(snapshot) {
      restoreWorld(world, snapshot);
      ways.restore(snapshot.ways);
      if (emissions !== undefined && snapshot.emissions['co2'] !== undefined) setColumns(emissions, snapshot.emissions);
      Object.assign(progress, { ...snapshot.progress, waiting: [...snapshot.progress.waiting] });
      signals.restore(snapshot.signals);
      detectors.restore(snapshot.detectors);
      footways.restore(snapshot.footways);
    },
    fork(seed) {
      const { simulation: other } = assemble(prepared);
      other.restore(simulation.save());
      if (seed === undefined) return other;
      const { book: trips, fleet: vehicles } = other.world;
      trips.random.forEach((_, t) => (trips.random[t] = streamState(seed, t)));
      for (let v = 0; v < vehicles.end; v++) vehicles.random[v] = streamState(seed, vehicles.trip[v]!);
      return other;
    },
  };
  return { simulation, insertDue };
};
