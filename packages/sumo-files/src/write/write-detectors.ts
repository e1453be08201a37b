import { documentOf, emptyTag } from './xml-text.ts';

/** What one loop counted in one interval, in SUMO's measures (https://sumo.dlr.de/docs/Simulation/Output/Induction_Loops_Detectors_(E1).html). */
export interface DetectorRow {
  readonly id: string;
  readonly beginS: number;
  readonly endS: number;
  /** Vehicles that have left the loop in the interval. */
  readonly vehicles: number;
  /** 0…1 of the interval. */
  readonly occupancyRatio: number;
}

/** Output of induction loops; speeds and lengths, which an actuation does not tell, are left out. */
export const writeDetectors = (rows: readonly DetectorRow[]): string =>
  documentOf(
    'detector',
    rows.map(({ id, beginS, endS, vehicles, occupancyRatio }) =>
      emptyTag('interval', {
        begin: beginS,
        end: endS,
        id,
        nVehContrib: String(vehicles),
        flow: (vehicles * 3600) / (endS - beginS),
        occupancy: 100 * occupancyRatio,
      }),
    ),
  );
