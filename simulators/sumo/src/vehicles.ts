import { defaultType } from '@songxanh/sumo-files';
import { TraciCommandError, VARIABLE, type ObjectValues, type TraciClient } from '@songxanh/traci';
import type { VehicleType } from '@songxanh/core';

/** A vehicle on the street with its subscribed values. */
export interface TrackedVehicle {
  readonly id: string;
  readonly values: ObjectValues;
  readonly persons: number;
  readonly pcu: number;
  readonly lengthM: number;
}

/** Order of the subscribed variables. */
export const LANE = 0;
export const POSITION = 1;
export const SPEED = 2;
export const NEXT_SIGNALS = 3;
const SUBSCRIBED = [VARIABLE.laneId, VARIABLE.lanePosition, VARIABLE.speed, VARIABLE.nextTls];

/** Place of the departed vehicles' ids among the simulation's subscribed values. */
const DEPARTED = 1;

const UNKNOWN_TYPE = { persons: 1, pcu: 1, lengthM: 5 };

/** A trip so short that it ended in the step it began. */
const unlessGone = (error: unknown): void => {
  if (!(error instanceof TraciCommandError)) throw error;
};

/** Follows every vehicle from its departure to its arrival. `types` gives persons and PCU by vType; else they are those of the class. */
export const createVehicleTracker = async (client: TraciClient, clock: ObjectValues, types: ReadonlyMap<string, VehicleType>) => {
  const vehicles = new Map<string, TrackedVehicle>();

  const track = async (id: string): Promise<void> => {
    const [values, type, vehicleClass] = await Promise.all([
      client.vehicle.subscribe(id, SUBSCRIBED),
      client.vehicle.getType(id),
      client.vehicle.getVehicleClass(id),
    ]);
    const { persons, pcu, lengthM } = types.get(type) ?? defaultType(type, vehicleClass) ?? UNKNOWN_TYPE;
    vehicles.set(id, { id, values, persons, pcu, lengthM });
  };

  await Promise.all((await client.vehicle.listIds()).map(track));

  /** All vehicles on the street now. To be called after each step. */
  return async (): Promise<Iterable<TrackedVehicle>> => {
    for (const [id, { values }] of vehicles) {
      if (values.updatedAt === client.answers) continue;
      vehicles.delete(id);
      client.vehicle.forget(id);
    }
    const departed = clock.value(DEPARTED) as readonly string[];
    if (departed.length > 0) await Promise.all(departed.filter((id) => !vehicles.has(id)).map((id) => track(id).catch(unlessGone)));
    return vehicles.values();
  };
};
