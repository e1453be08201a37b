/** Traffic as a queue sees it: how much discharge it needs, and how many people wait in it. */
export interface Load {
  /** Passenger-car units. */
  readonly pcu: number;
  readonly persons: number;
}

/** Pulses of a loop that are as long as a kind of vehicle. */
export interface PulseClass extends Load {
  /** Longest way over the loop, m: time on × speed, the loop's own length included. */
  readonly upToM: number;
}

/** What passes a junction's loops, and what one pulse of it stands for: several motorcycles that ride abreast make one pulse. */
export interface TrafficMix {
  /** Ascending by `upToM`. */
  readonly classes: readonly PulseClass[];
  /** A pulse longer than all classes: traffic that crawls or stands on the loop. */
  readonly slow: Load;
  /** The first row of a queue, which stands on the stop-line loop and leaves it with the green. */
  readonly row: Load;
  /** Mean of all pulses: what traffic not yet seen is taken to be. */
  readonly mean: Load;
  /** Saturation flow per metre of lane width before any is measured, PCU/s. */
  readonly saturationPcuPerSPerM: number;
  /** PCU that stand on a metre of a lane. */
  readonly jamPcuPerM: number;
}

const CAR: Load = { pcu: 1, persons: 1.6 };

/**
 * Cars only: a pulse is a car however long it lasts. 1.6 persons are in one (the traffic files' default); 0.53 PCU/s on a 3.2 m lane
 * (headway 1.9 s, measured in SUMO); 7.5 m for each standing car.
 */
const CARS: TrafficMix = { classes: [], slow: CAR, row: CAR, mean: CAR, saturationPcuPerSPerM: 0.53 / 3.2, jamPcuPerM: 1 / 7.5 };

/**
 * Four motorcycles to each car. Equivalents and occupants as in Hanoi (motorcycle 0.29 PCU and 1.2 persons, truck 2.44 PCU, bus 3.09 PCU and 30 persons);
 * how many vehicles a pulse covers, and so its mean load, was measured in the simulator on `scenarios/corridor` (`bench/src/demand`):
 * motorcycle pulses cover 1.2 vehicles, the standing first row 2.7. Saturation measured there: 0.33–0.44 PCU/s on 3.3 m lanes.
 */
const HANOI: TrafficMix = {
  classes: [
    { upToM: 3, pcu: 0.36, persons: 1.46 },
    { upToM: 6.1, pcu: 0.97, persons: 1.67 },
    { upToM: 9, pcu: 1.5, persons: 1.6 },
    { upToM: 15, pcu: 2.4, persons: 18 },
  ],
  slow: { pcu: 1.15, persons: 3.3 },
  row: { pcu: 0.8, persons: 3.2 },
  mean: { pcu: 0.55, persons: 1.8 },
  saturationPcuPerSPerM: 0.4 / 3.3,
  jamPcuPerM: 0.21,
};

export const TRAFFIC_MIXES = { cars: CARS, hanoi: HANOI } as const;
export type TrafficMixName = keyof typeof TRAFFIC_MIXES;

/** What a pulse of `onMs` stands for, passed at `speedMps`. */
export function weighPulse(mix: TrafficMix, onMs: number, speedMps: number): Load {
  const wayM = (onMs / 1000) * speedMps;
  return mix.classes.find(({ upToM }) => wayM <= upToM) ?? mix.slow;
}
