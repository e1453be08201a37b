import { FUEL_PER_CO2, type Emissions } from './emissions.ts';
import { noteVehicle } from './fleet.ts';
import type { PedestrianRow } from './pedestrians.ts';
import { ARRIVED, RUNNING, WAITING } from './trip-book.ts';
import type { World } from './world.ts';

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
  /** Where the simulation reckons them. */
  readonly emissions?: TripEmissions;
}

/** What a trip has emitted and burnt, g. */
export interface TripEmissions {
  readonly co2G: number;
  readonly noxG: number;
  readonly pmG: number;
  readonly fuelG: number;
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

/** How far a run has come. */
export interface Progress {
  /** Trips due so far. */
  nextTrip: number;
  /** Due, but without room so far. */
  waiting: number[];
  arrived: number;
  vehicleSeconds: number;
}

const noteAll = ({ book, fleet }: World): void => {
  for (let v = 0; v < fleet.end; v++) if (fleet.state[v] === RUNNING) noteVehicle(fleet, book, v);
};

const emittedBy = ({ co2, nox, pm }: Emissions, t: number): TripEmissions => ({
  co2G: co2[t]!,
  noxG: nox[t]!,
  pmG: pm[t]!,
  fuelG: co2[t]! * FUEL_PER_CO2,
});

/** All trips that have begun. */
export const tripRows = (world: World, emissions?: Emissions): TripRow[] => {
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
      ...(emissions === undefined ? {} : { emissions: emittedBy(emissions, t) }),
    });
  });
  return rows;
};

export const measure = (world: World, { nextTrip, waiting, arrived, vehicleSeconds }: Progress, people: readonly PedestrianRow[]): Kpis => {
  const { book, fleet } = world;
  noteAll(world);
  let [delay, persons, stops, vehicleDelay] = [0, 0, 0, 0];
  for (let t = 0; t < nextTrip; t++) {
    const late = (book.state[t] === WAITING ? world.now : book.departed[t]!) - book.trips[t]!.departS;
    const own = book.timeLoss[t]! + late;
    const inside = fleet.types[book.typeOf[t]!]!.persons;
    delay += own * inside;
    vehicleDelay += own;
    persons += inside;
    stops += book.waitingCount[t]!;
  }
  for (const row of people) {
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
    meanDelayPerVehicleS: nextTrip > 0 ? vehicleDelay / nextTrip : 0,
  };
};
