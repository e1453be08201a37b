import type { Instant, TrafficDemand, VehicleType } from '@songxanh/core';
import { defaultType } from '@songxanh/sumo-files';
import type { StreetMessage } from '@songxanh/store';
import { TraciCommandError, VARIABLE, type ObjectValues, type TraciClient } from '@songxanh/traci';
import { drawnAs } from '@songxanh/wire';

interface Seen {
  readonly values: ObjectValues;
  readonly number: number;
  readonly drawnAs: number;
  readonly persons: number;
  /** Waited before it could enter. */
  readonly lateS: number;
  timeLossS: number;
  stands: boolean;
}

/** Order of the subscribed variables. */
const [POSITION, ANGLE, SPEED, LANE, TIME_LOSS] = [0, 1, 2, 3, 4];
const SUBSCRIBED = [VARIABLE.position, VARIABLE.angle, VARIABLE.speed, VARIABLE.laneId, VARIABLE.timeLoss];
/** Places among the simulation's subscribed values. */
const [TIME, DEPARTED] = [0, 1];
/** SUMO's own limit below which a vehicle waits (m/s). */
const STANDS_MPS = 0.1;
const SECONDS_PER_HOUR = 3600;

export interface LiveView {
  /** Takes in the step that SUMO has just made. */
  readonly follow: () => Promise<void>;
  readonly message: (at: Instant) => StreetMessage;
}

/** What the page shows of a SUMO: every vehicle, the queues, and the measures of the run so far. People on foot are not counted. */
export const openLiveView = async (client: TraciClient, clock: ObjectValues, demand: TrafficDemand): Promise<LiveView> => {
  const departS = new Map(demand.trips.map((trip) => [trip.id, trip.departS]));
  const dueS = demand.trips.map((trip) => trip.departS).sort((a, b) => a - b);
  const vehicles = new Map<string, Seen>();
  const done = { vehicles: 0, persons: 0, personDelayS: 0 };
  let [departed, stops, due] = [0, 0, 0];

  const typeOf = async (id: string): Promise<Pick<VehicleType, 'persons' | 'vehicleClass'>> => {
    const [type, vehicleClass] = await Promise.all([client.vehicle.getType(id), client.vehicle.getVehicleClass(id)]);
    return demand.types.get(type) ?? defaultType(type, vehicleClass) ?? { persons: 1, vehicleClass };
  };

  const enter = async (id: string): Promise<void> => {
    const number = departed++;
    const nowS = clock.number(TIME);
    try {
      const [values, type] = await Promise.all([client.vehicle.subscribe(id, SUBSCRIBED), typeOf(id)]);
      const lateS = Math.max(0, nowS - Math.max(departS.get(id) ?? nowS, beginS));
      vehicles.set(id, { values, number, drawnAs: drawnAs(type.vehicleClass), persons: type.persons, lateS, timeLossS: 0, stands: false });
    } catch (error) {
      // A trip so short that it ended in the step it began.
      if (!(error instanceof TraciCommandError)) throw error;
      done.vehicles += 1;
    }
  };

  const delayOf = ({ persons, lateS, timeLossS }: Seen): number => persons * (lateS + timeLossS);

  const leave = (id: string, seen: Seen): void => {
    vehicles.delete(id);
    client.vehicle.forget(id);
    done.vehicles += 1;
    done.persons += seen.persons;
    done.personDelayS += delayOf(seen);
  };

  const beginS = clock.number(TIME);
  await Promise.all((await client.vehicle.listIds()).map(enter));

  const kpis = (at: Instant): StreetMessage['kpis'] => {
    let { persons, personDelayS } = done;
    for (const seen of vehicles.values()) {
      persons += seen.persons;
      personDelayS += delayOf(seen);
    }
    return {
      at,
      meanDelayPerPersonS: persons === 0 ? 0 : Math.round((personDelayS / persons) * 100) / 100,
      personDelayH: Math.round((personDelayS / SECONDS_PER_HOUR) * 100) / 100,
      throughput: done.vehicles,
      stops,
      running: vehicles.size,
      waitingToEnter: Math.max(0, due - departed),
    };
  };

  return {
    follow: async () => {
      for (const [id, seen] of vehicles) {
        if (seen.values.updatedAt !== client.answers) {
          leave(id, seen);
          continue;
        }
        seen.timeLossS = seen.values.number(TIME_LOSS);
        const stands = seen.values.number(SPEED) < STANDS_MPS;
        if (stands && !seen.stands) stops += 1;
        seen.stands = stands;
      }
      const nowS = clock.number(TIME);
      while (due < dueS.length && dueS[due]! < nowS) due += 1;
      const entered = clock.value(DEPARTED) as readonly string[];
      await Promise.all(entered.filter((id) => !vehicles.has(id)).map(enter));
    },
    message: (at) => {
      const queues: Record<string, number> = {};
      const flat: number[] = [];
      for (const { values, number, drawnAs: drawn, stands } of vehicles.values()) {
        const [x, y] = values.value(POSITION) as readonly [number, number];
        const numbers = [x * 100, y * 100, values.number(ANGLE), drawn, values.number(SPEED) * 10];
        flat.push(number, ...numbers.map(Math.round));
        const lane = values.string(LANE);
        if (stands && !lane.startsWith(':')) queues[lane] = (queues[lane] ?? 0) + 1;
      }
      return { at, vehicles: flat, queues, kpis: kpis(at) };
    },
  };
};
