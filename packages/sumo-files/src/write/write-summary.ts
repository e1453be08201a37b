import { documentOf, emptyTag } from './xml-text.ts';

/** How all vehicles stand after one step, in SUMO's measures (https://sumo.dlr.de/docs/Simulation/Output/Summary.html). */
export interface SummaryRow {
  /** Begin of the step, s. */
  readonly timeS: number;
  readonly loaded: number;
  readonly inserted: number;
  readonly running: number;
  /** Due but without room so far. */
  readonly waiting: number;
  readonly arrived: number;
  readonly halting: number;
  /** At a bus stop. */
  readonly stopped: number;
  /** Of those inserted: how late, s; −1 while there is none. */
  readonly meanDepartDelayS: number;
  /** Of those arrived, s; −1 while there is none. */
  readonly meanTravelTimeS: number;
  /** Of those running; −1 while there is none. */
  readonly meanSpeedMps: number;
  readonly meanSpeedRelative: number;
}

/** `summary.xml`; without SUMO's wall time per step, so that the same run gives the same bytes. */
export const writeSummary = (rows: readonly SummaryRow[]): string =>
  documentOf(
    'summary',
    rows.map((row) =>
      emptyTag('step', {
        time: row.timeS,
        loaded: String(row.loaded),
        inserted: String(row.inserted),
        running: String(row.running),
        waiting: String(row.waiting),
        ended: String(row.arrived),
        arrived: String(row.arrived),
        collisions: '0',
        teleports: '0',
        halting: String(row.halting),
        stopped: String(row.stopped),
        meanWaitingTime: row.meanDepartDelayS,
        meanTravelTime: row.meanTravelTimeS,
        meanSpeed: row.meanSpeedMps,
        meanSpeedRelative: row.meanSpeedRelative,
      }),
    ),
  );
