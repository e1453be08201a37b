import type { LanePermission, VehicleType } from '@songxanh/core';

type ClassDefaults = Omit<VehicleType, 'id' | 'vehicleClass' | 'carFollowing'>;

const defaults = (
  lengthM: number,
  widthM: number,
  maxSpeedKmph: number,
  accelMps2: number,
  decelMps2: number,
  deviation: number,
  persons: number,
  pcu: number,
  minGapM = 2.5,
): ClassDefaults => ({
  lengthM,
  widthM,
  minGapM,
  maxSpeedMps: maxSpeedKmph / 3.6,
  accelMps2,
  decelMps2,
  tauS: 1,
  sigma: 0.5,
  speedFactor: { mean: 1, deviation, min: 0.2, max: 2 },
  persons,
  pcu,
});

/**
 * What SUMO 1.15 assumes for a vType of each vClass (https://sumo.dlr.de/docs/Vehicle_Type_Parameter_Defaults.html), read from SUMO itself by TraCI;
 * a bicycle's speed is its desired one. Persons are our assumption; passenger-car units are Hanoi's measured equivalents with car = 1
 * (motorcycle 1/3.4, bicycle 1.4/3.4, bus 10.5/3.4), trucks as in HCM 2010 exhibit 18-13 (2.0).
 */
const CLASS_DEFAULTS: ReadonlyMap<string, ClassDefaults> = new Map([
  ['passenger', defaults(5, 1.8, 200, 2.6, 4.5, 0.1, 1.6, 1)],
  ['private', defaults(5, 1.8, 200, 2.6, 4.5, 0.1, 1.6, 1)],
  ['vip', defaults(5, 1.8, 200, 2.6, 4.5, 0.1, 1.6, 1)],
  ['hov', defaults(5, 1.8, 200, 2.6, 4.5, 0.1, 2, 1)],
  ['evehicle', defaults(5, 1.8, 200, 2.6, 4.5, 0.1, 1.6, 1)],
  ['custom1', defaults(5, 1.8, 200, 2.6, 4.5, 0.1, 1.6, 1)],
  ['custom2', defaults(5, 1.8, 200, 2.6, 4.5, 0.1, 1.6, 1)],
  ['taxi', defaults(5, 1.8, 200, 2.6, 4.5, 0.05, 2, 1)],
  ['authority', defaults(5, 1.8, 200, 2.6, 4.5, 0, 2, 1)],
  ['army', defaults(5, 1.8, 200, 2.6, 4.5, 0, 2, 1)],
  ['emergency', defaults(6.5, 2.16, 200, 2.6, 4.5, 0, 2, 1)],
  ['delivery', defaults(6.5, 2.16, 200, 2.6, 4.5, 0.05, 1.2, 1)],
  ['truck', defaults(7.1, 2.4, 130, 1.3, 4, 0.05, 1.2, 2)],
  ['trailer', defaults(16.5, 2.55, 130, 1.1, 4, 0.05, 1.2, 2)],
  ['bus', defaults(12, 2.5, 100, 1.2, 4, 0, 30, 3.09)],
  ['coach', defaults(14, 2.6, 100, 2, 4, 0.05, 30, 3.09)],
  ['motorcycle', defaults(2.2, 0.9, 200, 6, 10, 0.1, 1.2, 0.29)],
  ['moped', defaults(2.1, 0.78, 60, 1.1, 7, 0.1, 1.2, 0.29)],
  ['bicycle', defaults(1.6, 0.65, 20, 1.2, 3, 0.1, 1, 0.41, 0.5)],
]);

export const VEHICLE_CLASSES = [...CLASS_DEFAULTS.keys()];

/** The default type of a class, undefined for classes that do not drive on roads (rail, ship, pedestrian). */
export const defaultType = (id: string, vehicleClass: string): VehicleType | undefined => {
  const values = CLASS_DEFAULTS.get(vehicleClass);
  return values && { id, vehicleClass, carFollowing: 'krauss', ...values };
};

/** Whether a class may use a lane. A lane without an `allow` list is open to all but those it disallows and pedestrians. */
export const mayUse = ({ allow, disallow }: LanePermission, vehicleClass: string): boolean =>
  allow.length > 0
    ? allow.includes(vehicleClass)
    : !disallow.includes('all') && !disallow.includes(vehicleClass) && vehicleClass !== 'pedestrian';
