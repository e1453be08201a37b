import { documentOf, emptyTag } from './xml-text.ts';

/** One vehicle's journey in SUMO's measures (https://sumo.dlr.de/docs/Simulation/Output/TripInfo.html). */
export interface TripInfoRow {
  readonly id: string;
  readonly departS: number;
  readonly departLane: string;
  readonly departPosM: number;
  readonly departSpeedMps: number;
  readonly departDelayS: number;
  /** Undefined while under way. */
  readonly arrivalS?: number | undefined;
  readonly arrivalLane?: string | undefined;
  readonly arrivalPosM?: number | undefined;
  readonly arrivalSpeedMps?: number | undefined;
  readonly durationS: number;
  readonly routeLengthM: number;
  readonly waitingTimeS: number;
  readonly waitingCount: number;
  readonly stopTimeS: number;
  readonly timeLossS: number;
  readonly vType: string;
  readonly speedFactor: number;
  /** As SUMO's emissions device tells them, mg; carbon monoxide, hydrocarbons and electricity are left out where they are not reckoned. */
  readonly emissionsMg?: { readonly co2: number; readonly nox: number; readonly pm: number; readonly fuel: number } | undefined;
}

/** `tripinfo.xml`; unfinished journeys as SUMO writes them with `--tripinfo-output.write-unfinished` (arrival −1). */
export const writeTripInfo = (rows: readonly TripInfoRow[]): string =>
  documentOf(
    'tripinfos',
    rows.map((row) => {
      const tag = emptyTag('tripinfo', {
        id: row.id,
        depart: row.departS,
        departLane: row.departLane,
        departPos: row.departPosM,
        departSpeed: row.departSpeedMps,
        departDelay: row.departDelayS,
        arrival: row.arrivalS ?? -1,
        arrivalLane: row.arrivalLane ?? '',
        arrivalPos: row.arrivalPosM ?? -1,
        arrivalSpeed: row.arrivalSpeedMps ?? -1,
        duration: row.durationS,
        routeLength: row.routeLengthM,
        waitingTime: row.waitingTimeS,
        waitingCount: String(row.waitingCount),
        stopTime: row.stopTimeS,
        timeLoss: row.timeLossS,
        rerouteNo: '0',
        devices: row.emissionsMg === undefined ? '' : `emissions_${row.id}`,
        vType: row.vType,
        speedFactor: row.speedFactor,
        vaporized: '',
      });
      if (row.emissionsMg === undefined) return tag;
      const { co2, nox, pm, fuel } = row.emissionsMg;
      return `${tag.replace(/\/>$/, '>')}${emptyTag('emissions', { CO2_abs: co2, PMx_abs: pm, NOx_abs: nox, fuel_abs: fuel })}</tripinfo>`;
    }),
  );
