import type { RoomState } from '@songxanh/wire/room';

/** Junctions that somebody holds, and those with an open alarm that matters. */
export interface Marks {
  readonly held: ReadonlySet<string>;
  readonly alarmed: ReadonlySet<string>;
}

export const NO_MARKS: Marks = { held: new Set(), alarmed: new Set() };

export const marksOf = (state: RoomState | undefined): Marks =>
  state === undefined
    ? NO_MARKS
    : {
        held: new Set(state.locks.map(({ junction }) => junction)),
        alarmed: new Set(
          state.alarms.flatMap(({ junction, severity }) => (junction !== undefined && severity !== 'info' ? [junction] : [])),
        ),
      };
