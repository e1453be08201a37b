import { documentOf, emptyTag } from './xml-text.ts';

export interface TlsStateRow {
  readonly timeS: number;
  readonly id: string;
  readonly programId: string;
  /** Number of the program's interval; −1 under outside control. */
  readonly interval: number;
  /** One letter per link index. */
  readonly state: string;
}

/** SUMO's `SaveTLSStates` output. */
export const writeTlsStates = (rows: readonly TlsStateRow[]): string =>
  documentOf(
    'tlsStates',
    rows.map(({ timeS, id, programId, interval, state }) =>
      emptyTag('tlsState', { time: timeS, id, programID: programId, phase: String(interval), state }),
    ),
  );
