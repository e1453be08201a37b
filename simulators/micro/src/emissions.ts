import type { VehicleType } from '@songxanh/core';
import { ARRIVED, RUNNING } from './trip-book.ts';
import type { World } from './world.ts';

/**
 * Emissions by speed and acceleration: Int Panis, Broekx, Liu, "Modelling instantaneous traffic emission and the influence of traffic speed
 * limits", Science of the Total Environment 371 (2006) 270–285: max(0, f1 + f2 v + f3 v² + f4 a + f5 a² + f6 v a) in g/s, v in m/s, a in m/s².
 * NOx of petrol cars has coefficients of its own where they brake. Not yet checked against the paper's own table (docs/simulator.md).
 */
interface Polynomial {
  readonly f: readonly [number, number, number, number, number, number];
  /** Below −0.5 m/s². */
  readonly braking?: readonly [number, number, number, number, number, number];
}

export interface EmissionClass {
  readonly co2: Polynomial;
  readonly nox: Polynomial;
  readonly pm: Polynomial;
  /** Share of these for the vehicle meant. */
  readonly scale: { readonly co2: number; readonly nox: number; readonly pm: number };
}

const BRAKING_MPS2 = -0.5;
const WHOLE = { co2: 1, nox: 1, pm: 1 };

const PETROL_CAR: EmissionClass = {
  co2: { f: [5.53e-1, 1.61e-1, -2.89e-3, 2.66e-1, 5.11e-1, 1.83e-1] },
  nox: { f: [6.19e-4, 8.0e-5, -4.03e-6, -4.13e-4, 3.8e-4, 1.77e-4], braking: [2.17e-4, 0, 0, 0, 0, 0] },
  pm: { f: [0, 1.57e-5, -9.21e-7, 0, 3.75e-5, 1.89e-5] },
  scale: WHOLE,
};
const HEAVY: EmissionClass = {
  co2: { f: [1.52, 1.88, -6.95e-2, 4.71, 5.88, 2.09] },
  nox: { f: [3.56e-2, 9.71e-3, -2.4e-4, 3.26e-2, 1.33e-2, 1.15e-2] },
  pm: { f: [2.14e-4, 3.35e-4, -2.22e-5, 2.07e-3, 1.8e-3, 2.27e-4] },
  scale: WHOLE,
};
const BUS: EmissionClass = {
  co2: { f: [9.04e-1, 1.13, -4.27e-2, 2.81, 3.45, 1.22] },
  nox: { f: [2.36e-2, 6.51e-3, -1.7e-4, 2.17e-2, 8.94e-3, 7.57e-3] },
  pm: { f: [2.23e-4, 3.47e-4, -2.38e-5, 2.08e-3, 1.76e-3, 2.23e-4] },
  scale: WHOLE,
};
/**
 * A petrol car's, brought down to what Hanoi's motorcycles were measured to emit when idling: 534.3 g/h of CO2, 1.8 g/h of NOx (International
 * Journal of Urban Sciences 25 (2021) 522–541). Particles have no such measurement there and follow CO2.
 */
const MOTORCYCLE: EmissionClass = {
  ...PETROL_CAR,
  scale: { co2: 534.3 / 3600 / 5.53e-1, nox: 1.8 / 3600 / 6.19e-4, pm: 534.3 / 3600 / 5.53e-1 },
};

/** Grams of fuel burnt for a gram of CO2 (petrol and diesel 3.17 within 1 %; EMEP/EEA guidebook, 1.A.3.b). */
export const FUEL_PER_CO2 = 1 / 3.17;

/** What vehicles of a type emit; undefined: nothing. */
export const emissionClassOf = ({ vehicleClass }: VehicleType): EmissionClass | undefined => {
  switch (vehicleClass) {
    case 'bicycle':
    case 'evehicle':
    case 'pedestrian':
    case 'rail_electric':
    case 'rail_urban':
    case 'rail_fast':
    case 'tram':
      return undefined;
    case 'bus':
    case 'coach':
      return BUS;
    case 'truck':
    case 'trailer':
      return HEAVY;
    case 'motorcycle':
    case 'moped':
      return MOTORCYCLE;
    default:
      return PETROL_CAR;
  }
};

/** Emission of one pollutant now, g/s. */
export const emissionRate = ({ f, braking }: Polynomial, speed: number, acceleration: number): number => {
  const [f1, f2, f3, f4, f5, f6] = braking !== undefined && acceleration < BRAKING_MPS2 ? braking : f;
  return Math.max(
    0,
    f1 + f2 * speed + f3 * speed * speed + f4 * acceleration + f5 * acceleration * acceleration + f6 * speed * acceleration,
  );
};

/** What each trip has emitted so far, g, by its number. */
export interface Emissions {
  readonly co2: Float64Array;
  readonly nox: Float64Array;
  readonly pm: Float64Array;
  /** Speed at the end of the step before, −1 before the first, m/s. */
  readonly speed: Float64Array;
}

export const noEmissions = (trips: number): Emissions => ({
  co2: new Float64Array(trips),
  nox: new Float64Array(trips),
  pm: new Float64Array(trips),
  speed: new Float64Array(trips).fill(-1),
});

/** Adds what everybody on the street has emitted in the step that ends now. */
export const noteEmissions = (
  { fleet, stepS }: World,
  { co2, nox, pm, speed }: Emissions,
  classes: readonly (EmissionClass | undefined)[],
): void => {
  for (let v = 0; v < fleet.end; v++) {
    const kind = classes[fleet.typeOf[v]!];
    if (kind === undefined || (fleet.state[v] !== RUNNING && fleet.state[v] !== ARRIVED)) continue;
    const t = fleet.trip[v]!;
    const now = fleet.speed[v]!;
    const acceleration = speed[t]! < 0 ? 0 : (now - speed[t]!) / stepS;
    // Who has arrived keeps its place until the fleet is sorted, but drives no more.
    speed[t] = fleet.state[v] === ARRIVED ? Infinity : now;
    if (acceleration === -Infinity) continue;
    co2[t]! += kind.scale.co2 * emissionRate(kind.co2, now, acceleration) * stepS;
    nox[t]! += kind.scale.nox * emissionRate(kind.nox, now, acceleration) * stepS;
    pm[t]! += kind.scale.pm * emissionRate(kind.pm, now, acceleration) * stepS;
  }
};
