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
import { advanceAll, decide } from './advance.ts';
import { DetectorField } from './detectors.ts';
import { serveStop } from './bus-stop.ts';
import { emptyFleet, noteVehicle, sortFleet, type Fleet } from './fleet.ts';
import { insertVehicle } from './insertion.ts';
import { intend } from './intend.ts';
import { changeLanes } from './lane-change.ts';
import { layGuide, roomForGuides, type Guides } from './lane-guide.ts';
import { emptyLanes } from './lane-order.ts';
import { Footways, type PedestrianRow } from './pedestrians.ts';
import { allowedLanes } from './permissions.ts';
import { intervalAt, lampCode, lampOfPriority, prepareProgram, type ProgramRunner } from './signals.ts';
import type { SummaryRow } from '@songxanh/sumo-files';
import { summarizeStep } from './summary.ts';
import { compileStreet, type Street } from './street.ts';
import { ARRIVED, openTripBook, RUNNING, WAITING, type TripBook } from './trip-book.ts';
import { emptyIntents, INTENTS_PER_VEHICLE, RED, type World } from './world.ts';

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
}

/** One trip's result in SUMO's tripinfo terms; unfinished ones have arrival −1 and are measured until now. */
export interface TripRow {
  readonly id: string;
  readonly vType: string;
  readonly depart: number;
  readonly departLane: string;
  readonly departPos: number;
  readonly departSpeed: number;
  readonly departDelay: number;
  readonly arrival: number;
  readonly arrivalLane: string;
  readonly arrivalPos: number;
  readonly arrivalSpeed: number;
  readonly duration: number;
  readonly routeLength: number;
  readonly waitingTime: number;
  readonly waitingCount: number;
  readonly stopTime: number;
  readonly timeLoss: number;
  readonly speedFactor: number;
  readonly persons: number;
}

/** Where the whole run stands; delays are timeLoss + departDelay (vehicles) and waiting (pedestrians). */
export interface Kpis {
  readonly now: number;
  readonly running: number;
  readonly arrived: number;
  /** Due but without room so far. */
  readonly notInserted: number;
  readonly vehicleSeconds: number;
  readonly stops: number;
  readonly personDelayS: number;
  readonly persons: number;
  readonly meanDelayPerPersonS: number;
  readonly meanDelayPerVehicleS: number;
}

/** What a map needs to draw all running vehicles; entry i of each array belongs to one vehicle. The arrays are reused. */
export interface VehicleSnapshot {
  readonly count: number;
  readonly index: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Degrees, 0 = north, clockwise. */
  readonly angle: Float64Array;
  readonly speed: Float64Array;
  /** Index into `types`. */
  readonly type: Int32Array;
}

export interface LaneQueue {
  readonly lane: string;
  readonly standing: number;
  readonly vehicles: number;
  /** From the stop line to the back of the last standing vehicle, m. */
  readonly lengthM: number;
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
  /** Gives the signal back to the network's program. */
  release(signal: string): void;
  /** Lamp codes shown now. */
  heads(signal: string): Uint8Array;
  takeActuations(): DetectorActuation[];
  detectorJams(): { detector: string; vehicles: number; jammed: number }[];
  vehicles(): VehicleSnapshot;
  vehicleId(index: number): string;
  queues(): LaneQueue[];
  waitingPedestrians(): ReadonlyMap<string, number>;
  kpis(): Kpis;
  /** How all trips stand after the last step. */
  summary(): SummaryRow;
  trips(): TripRow[];
  pedestrians(): PedestrianRow[];
  /** For tests and studies: the engine's state. Do not write to it. */
  readonly world: World;
}

const IDLE = new Uint8Array(0);
/** How often neighbours on the street are made neighbours in memory again. */
const SORT_EVERY_STEPS = 32;

/** Prepares a run; refuses demand that the network cannot carry, naming the vehicle and the edges. */
export const createSimulation = (options: SimulationOptions): Result<Simulation> => {
  const { network, demand, beginS, endS } = options;
  const stepS = options.stepLengthS ?? 1;
  if (!(stepS >= 0.1) || Math.abs(stepS * 10 - Math.round(stepS * 10)) > 1e-6)
    return refuse('bad-step', `step-length ${String(stepS)}: expected whole tenths of a second`);
  // Detections of a step are stamped towards its end: the step from t to t + 1 s gives stamps in (t, t + 1 s].
  const stampMs = (options.epochMs ?? 0) + stepS * 1000;
  const street = compileStreet(network);
  const trips = demand.trips.filter((trip) => trip.departS >= beginS && trip.departS < endS);
  for (const trip of trips) {
    if (!demand.types.has(trip.type)) return refuse('unknown-type', `vehicle ${trip.id}: vType ${trip.type} is not defined`);
  }
  const planned = planRoutes(network, street, demand, trips);
  if (!planned.ok) return planned;
  const { guides, firstStep, allowedOf } = planned.value;
  const book = openTripBook(demand, trips, options.seed);
  book.firstStep.set(firstStep);
  trips.forEach(({ stops: [stop] }, t) => (book.firstStopLane[t] = stop === undefined ? -1 : street.laneIndex.get(stop.lane)!));
  const fleet = emptyFleet(demand);
  const world = makeWorld(street, book, fleet, guides, stepS, beginS, options.ignoreJunctionBlockerS ?? Infinity);

  const runners = new Map<number, ProgramRunner>();
  const heads: Uint8Array[] = street.signalIds.map((id) => {
    const program = network.programs.get(id);
    if (program && program.intervals.length > 0) runners.set(street.signalIndex.get(id)!, prepareProgram(program));
    return new Uint8Array(program?.intervals[0]?.state.length ?? 0).fill(RED);
  });
  const outside = new Uint8Array(street.signalIds.length);
  const detectors = new DetectorField(world, options.furniture?.detectors ?? []);
  const footways = new Footways(network, street, demand.walks, heads, options.crossingButtons ?? new Map(), beginS);
  const onMove = (v: number, from: number, to: number): void => {
    detectors.moved(world, v, from, to);
  };

  let nextTrip = 0;
  let waiting: number[] = [];
  let arrived = 0;
  let vehicleSeconds = 0;
  let snapshot = emptySnapshot(64);

  const shown = new Int32Array(street.signalIds.length).fill(-1);
  const showHeads = (signal: number): void => {
    for (const link of street.signalLinks[signal]!) world.linkLamp[link] = heads[signal]![street.linkSignalIndex[link]!] ?? RED;
  };
  const showPrograms = (): void => {
    for (const [signal, runner] of runners) {
      const interval = outside[signal] ? shown[signal]! : intervalAt(runner, world.now);
      if (interval === shown[signal]) continue;
      shown[signal] = interval;
      heads[signal]!.set(runner.lamps[interval]!);
      showHeads(signal);
    }
  };
  const insertDue = (): void => {
    while (nextTrip < trips.length && trips[nextTrip]!.departS <= world.now + 1e-9) waiting.push(nextTrip++);
    if (waiting.length === 0) return;
    // Who finds no room holds up those who want to start on the same edge in this step (SUMO without eager-insert).
    const full = new Set<number>();
    waiting = waiting.filter((t) => {
      const edge = guides.edge[book.firstStep[t]!]!;
      if (full.has(edge)) return true;
      if (insertVehicle(world, t, allowedOf[book.typeOf[t]!]!)) return false;
      full.add(edge);
      return true;
    });
  };

  const isEmpty = (): boolean => nextTrip === trips.length && waiting.length === 0 && fleet.running === 0 && footways.isEmpty();

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
      showPrograms();
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
      vehicleSeconds += fleet.running * stepS;
      arrived += advanceAll(world, onMove);
      changeLanes(world);
      detectors.settle(world);
      insertDue();
      world.now = Math.round((world.now + stepS) * 1000) / 1000;
    },
    run() {
      while (!simulation.done) simulation.step();
    },
    setHeads(signal, states) {
      const s = street.signalIndex.get(signal);
      if (s === undefined) return;
      outside[s] = 1;
      if (states instanceof Uint8Array) heads[s]!.set(states.subarray(0, heads[s]!.length));
      else if (typeof states === 'string') heads[s]!.set(prepareLetters(states).subarray(0, heads[s]!.length));
      else states.forEach((lamp, i) => (heads[s]![i] = lampCode(lamp)));
      shown[s] = -1;
      showHeads(s);
    },
    release(signal) {
      const s = street.signalIndex.get(signal);
      if (s !== undefined) outside[s] = 0;
    },
    heads: (signal) => heads[street.signalIndex.get(signal) ?? -1] ?? IDLE,
    takeActuations: () => [...detectors.take(stampMs), ...footways.take()].sort((a, b) => a.at - b.at),
    detectorJams: () => detectors.jams(world),
    vehicles() {
      if (snapshot.x.length < fleet.running) snapshot = emptySnapshot(2 * fleet.running);
      snapshot = fillSnapshot(world, snapshot);
      return snapshot;
    },
    vehicleId: (index) => trips[index]?.id ?? '',
    queues: () => laneQueues(world),
    waitingPedestrians: () => footways.waiting(),
    kpis() {
      noteAll(world);
      let [delay, persons, stops, vehicleDelay, vehicles] = [0, 0, 0, 0, 0];
      for (let t = 0; t < nextTrip; t++) {
        const late = (book.state[t] === WAITING ? world.now : book.departed[t]!) - trips[t]!.departS;
        const own = book.timeLoss[t]! + late;
        const people = fleet.types[book.typeOf[t]!]!.persons;
        delay += own * people;
        vehicleDelay += own;
        persons += people;
        stops += book.waitingCount[t]!;
        vehicles++;
      }
      for (const row of footways.rows(world.now)) {
        delay += row.waitingTime;
        persons++;
      }
      return {
        now: world.now,
        running: fleet.running,
        arrived,
        notInserted: waiting.length,
        vehicleSeconds,
        stops,
        personDelayS: delay,
        persons,
        meanDelayPerPersonS: persons > 0 ? delay / persons : 0,
        meanDelayPerVehicleS: vehicles > 0 ? vehicleDelay / vehicles : 0,
      };
    },
    summary: () => summarizeStep(world, nextTrip, waiting.length),
    trips: () => tripRows(world),
    pedestrians: () => footways.rows(world.now),
  };
  insertDue();
  return accept(simulation);
};

const makeWorld = (
  street: Street,
  book: TripBook,
  fleet: Fleet,
  guides: Guides,
  stepS: number,
  beginS: number,
  ignoreBlockerS: number,
): World => ({
  street,
  book,
  fleet,
  order: emptyLanes(street),
  guides,
  stepS,
  ignoreBlockerS,
  now: beginS,
  intents: emptyIntents(fleet.state.length),
  linkIntents: new Int32Array(street.linkFrom.length).fill(-1),
  linkLamp: Uint8Array.from(street.linkLetter, (letter, link) =>
    street.linkSignal[link]! >= 0 ? RED : lampOfPriority(String.fromCharCode(letter)),
  ),
  linkPedestrians: new Int32Array(street.linkFrom.length),
  roomWide: new Float64Array(street.laneIds.length),
  roomNarrow: new Float64Array(street.laneIds.length),
  roomStep: new Int32Array(street.laneIds.length).fill(-1),
  stepNumber: 0,
});

interface PlannedRoutes {
  readonly guides: Guides;
  readonly firstStep: Int32Array;
  readonly allowedOf: Uint8Array[];
}

/** A way through the network that one trip or many follow. */
interface Way {
  readonly number: number;
  readonly allowed: Uint8Array;
  readonly edges: Int32Array;
  readonly stopLane: Int32Array;
}

const planRoutes = (network: Network, street: Street, demand: TrafficDemand, trips: readonly Trip[]): Result<PlannedRoutes> => {
  const classes = new Map<string, Uint8Array>();
  const types = [...demand.types.values()];
  const allowedOf = types.map((type) => {
    const found = classes.get(type.vehicleClass) ?? allowedLanes(network, street, type.vehicleClass);
    classes.set(type.vehicleClass, found);
    return found;
  });
  const ways = new Map<string, Way>();
  const wayOf = new Int32Array(trips.length);
  for (const [t, trip] of trips.entries()) {
    const { vehicleClass } = demand.types.get(trip.type)!;
    const key = `${vehicleClass}|${trip.edges.join(' ')}|${trip.stops.map((stop) => stop.lane).join(' ')}`;
    let way = ways.get(key);
    if (way === undefined) {
      const allowed = classes.get(vehicleClass)!;
      const edges = numberEdges(street, allowed, trip);
      if (!edges.ok) return edges;
      for (const stop of trip.stops) {
        if (!street.laneIndex.has(stop.lane))
          return refuse('unknown-lane', `vehicle ${trip.id}: stop on lane ${stop.lane}, which is not in the network`);
      }
      const stopLane = Int32Array.from(edges.value, (edge) => {
        const stop = trip.stops.find((s) => street.laneEdge[street.laneIndex.get(s.lane)!] === edge);
        return stop ? street.laneIndex.get(stop.lane)! : -1;
      });
      way = { number: ways.size, allowed, edges: Int32Array.from(edges.value), stopLane };
      ways.set(key, way);
    }
    wayOf[t] = way.number;
  }
  const guides = roomForGuides(
    street,
    [...ways.values()].map(({ edges }) => edges),
  );
  const front = { step: 0, entry: 0 };
  const begins = Int32Array.from(ways.values(), ({ allowed, edges, stopLane }) => {
    const begin = front.step;
    layGuide(guides, front, street, allowed, edges, stopLane);
    return begin;
  });
  return accept({ guides, firstStep: wayOf.map((way) => begins[way]!), allowedOf });
};

/** The edges of a trip by number; each must touch the next for the trip's class. */
const numberEdges = (street: Street, allowed: Uint8Array, trip: Trip): Result<number[]> => {
  const path: number[] = [];
  for (const id of trip.edges) {
    const edge = street.edgeIndex.get(id);
    if (edge === undefined) return refuse('unknown-edge', `vehicle ${trip.id}: edge ${id} is not in the network`);
    const last = path.at(-1);
    if (last !== undefined && !touches(street, allowed, last, edge))
      return refuse('no-way', `vehicle ${trip.id}: no connection from edge ${street.edgeIds[last]!} to edge ${id} for its class`);
    path.push(edge);
  }
  return path.length > 0 ? accept(path) : refuse('empty-route', `vehicle ${trip.id}: its route has no edge`);
};

const touches = (street: Street, allowed: Uint8Array, from: number, to: number): boolean => {
  const first = street.edgeFirstLane[from]!;
  for (let lane = first; lane < first + street.edgeLaneCount[from]!; lane++)
    if (allowed[lane] && street.linksFrom[lane]!.some((link) => street.laneEdge[street.linkTo[link]!] === to)) return true;
  return false;
};

const prepareLetters = (letters: string): Uint8Array =>
  prepareProgram({ id: '', programId: '', kind: '', offsetS: 0, intervals: [{ durationS: 1, state: letters }] }).lamps[0]!;

const noteAll = ({ book, fleet }: World): void => {
  for (let v = 0; v < fleet.end; v++) if (fleet.state[v] === RUNNING) noteVehicle(fleet, book, v);
};

const tripRows = (world: World): TripRow[] => {
  const { book, fleet, street, now } = world;
  noteAll(world);
  const rows: TripRow[] = [];
  book.trips.forEach((trip, t) => {
    if (book.state[t] === WAITING) return;
    const done = book.state[t] === ARRIVED;
    const depart = book.departed[t]!;
    const lane = done ? book.arrivalLane[t]! : -1;
    rows.push({
      id: trip.id,
      vType: trip.type,
      depart,
      departLane: street.laneIds[book.departLane[t]!]!,
      departPos: book.departPos[t]!,
      departSpeed: book.departSpeed[t]!,
      departDelay: depart - trip.departS,
      arrival: done ? book.arrived[t]! : -1,
      arrivalLane: lane < 0 ? '' : street.laneIds[lane]!,
      arrivalPos: lane < 0 ? -1 : street.laneLength[lane]!,
      arrivalSpeed: done ? book.arrivalSpeed[t]! : -1,
      duration: (done ? book.arrived[t]! : now) - depart,
      routeLength: book.routeLength[t]!,
      waitingTime: book.waitingTime[t]!,
      waitingCount: book.waitingCount[t]!,
      stopTime: book.stopTime[t]!,
      timeLoss: book.timeLoss[t]!,
      speedFactor: book.speedFactor[t]!,
      persons: fleet.types[book.typeOf[t]!]!.persons,
    });
  });
  return rows;
};

const emptySnapshot = (size: number): VehicleSnapshot => ({
  count: 0,
  index: new Int32Array(size),
  x: new Float64Array(size),
  y: new Float64Array(size),
  angle: new Float64Array(size),
  speed: new Float64Array(size),
  type: new Int32Array(size),
});

const fillSnapshot = (world: World, snapshot: VehicleSnapshot): VehicleSnapshot => {
  const { fleet, street } = world;
  let a = 0;
  for (let v = 0; v < fleet.end; v++) {
    if (fleet.state[v] !== RUNNING) continue;
    const lane = fleet.lane[v]!;
    const shape = street.laneShapes[lane]!;
    let left = fleet.pos[v]!;
    let i = 0;
    let span = 0;
    for (; i < shape.length - 1; i++) {
      span = Math.hypot(shape[i + 1]![0] - shape[i]![0], shape[i + 1]![1] - shape[i]![1]);
      if (left <= span || i === shape.length - 2) break;
      left -= span;
    }
    const [from, to] = [shape[i]!, shape[i + 1] ?? shape[i]!];
    const [dx, dy] = span > 0 ? [(to[0] - from[0]) / span, (to[1] - from[1]) / span] : [0, 1];
    // Motorcycles are drawn in their slot, counted from the right edge of the lane.
    const side = fleet.narrow[v] ? (street.laneSlots[lane]! / 2 - 0.5 - fleet.slot[v]!) * 0.8 : 0;
    snapshot.index[a] = fleet.trip[v]!;
    snapshot.x[a] = from[0] + dx * left + dy * side;
    snapshot.y[a] = from[1] + dy * left - dx * side;
    snapshot.angle[a] = (Math.atan2(dx, dy) * 180) / Math.PI;
    snapshot.speed[a] = fleet.speed[v]!;
    snapshot.type[a] = fleet.typeOf[v]!;
    a++;
  }
  return { ...snapshot, count: a };
};

/** Vehicles slower than this stand in a queue, m/s (SUMO's lane-area jam speed, 5 km/h). */
const QUEUED_MPS = 5 / 3.6;

const laneQueues = (world: World): LaneQueue[] => {
  const { fleet, street, order } = world;
  const queues: LaneQueue[] = [];
  for (let lane = 0; lane < street.laneIds.length; lane++) {
    if (street.laneLink[lane]! >= 0 || order.count[lane] === 0) continue;
    let standing = 0;
    let lengthM = 0;
    for (let v = order.first[lane]!; v >= 0; v = fleet.behind[v]!) {
      if (fleet.speed[v]! >= QUEUED_MPS) continue;
      standing++;
      lengthM = street.laneLength[lane]! - fleet.pos[v]! + fleet.length[v]!;
    }
    queues.push({ lane: street.laneIds[lane]!, standing, vehicles: order.count[lane]!, lengthM });
  }
  return queues;
};
