import { VEHICLE_CLASSES } from './live.ts';

/** SUMO's vehicle classes in the map's fewer ones. */
const DRAWN_AS: Readonly<Record<string, (typeof VEHICLE_CLASSES)[number]>> = {
  passenger: 'passenger',
  private: 'passenger',
  taxi: 'passenger',
  evehicle: 'passenger',
  motorcycle: 'motorcycle',
  moped: 'motorcycle',
  bus: 'bus',
  coach: 'bus',
  truck: 'truck',
  trailer: 'truck',
  delivery: 'truck',
  bicycle: 'bicycle',
  emergency: 'emergency',
};

/** Index in `VEHICLE_CLASSES` of one of SUMO's vehicle classes. */
export const drawnAs = (vehicleClass: string): number => VEHICLE_CLASSES.indexOf(DRAWN_AS[vehicleClass] ?? 'other');
