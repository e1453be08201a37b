import type { TrafficDemand } from '@songxanh/core';
import type { StreetMessage } from '@songxanh/store';
import type { LiveKpis } from '@songxanh/wire';
import { drawnAs, VEHICLE_CLASSES, VEHICLE_STRIDE } from '@songxanh/wire';
import type { Simulation } from '../simulation.ts';

/** The map's class of each of the simulation's types, by type index. */
export const classesOf = (simulation: Simulation, demand: TrafficDemand): readonly number[] =>
  simulation.types.map((id) => drawnAs(demand.types.get(id)?.vehicleClass ?? ''));

export const liveKpis = (simulation: Simulation, at: number): LiveKpis => {
  const kpis = simulation.kpis();
  return {
    at,
    meanDelayPerPersonS: Math.round(kpis.meanDelayPerPersonS * 100) / 100,
    personDelayH: Math.round((kpis.personDelayS / 3600) * 100) / 100,
    throughput: kpis.arrived,
    stops: kpis.stops,
    running: kpis.running,
    waitingToEnter: kpis.notInserted,
  };
};

/** What the street looks like now, in whole numbers (see `StreetMessage`). */
export const streetMessage = (simulation: Simulation, classes: readonly number[], at: number): StreetMessage => {
  const seen = simulation.vehicles();
  const vehicles = new Array<number>(seen.count * VEHICLE_STRIDE);
  for (let i = 0; i < seen.count; i += 1) {
    const k = i * VEHICLE_STRIDE;
    vehicles[k] = seen.index[i]!;
    vehicles[k + 1] = Math.round(seen.x[i]! * 100);
    vehicles[k + 2] = Math.round(seen.y[i]! * 100);
    vehicles[k + 3] = Math.round((seen.angle[i]! + 360) % 360);
    vehicles[k + 4] = classes[seen.type[i]!] ?? VEHICLE_CLASSES.length - 1;
    vehicles[k + 5] = Math.round(seen.speed[i]! * 10);
  }
  const queues = Object.fromEntries(simulation.queues().flatMap(({ lane, standing }) => (standing > 0 ? [[lane, standing]] : [])));
  return { at, vehicles, queues, kpis: liveKpis(simulation, at) };
};
