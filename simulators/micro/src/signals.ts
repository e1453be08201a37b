import type { Lamp, SignalProgram } from '@songxanh/core';
import { CLEARANCE, DARK, FLASH_RED, FLASH_YELLOW, GREEN, PERMISSIVE, RED, STOP_THEN_GO } from './world.ts';

/** Lamp code of one of SUMO's signal state letters. */
export const lampOfLetter = (letter: string): number => {
  switch (letter) {
    case 'G':
      return GREEN;
    case 'g':
      return PERMISSIVE;
    case 'y':
    case 'Y':
      return CLEARANCE;
    case 's':
      return STOP_THEN_GO;
    case 'o':
      return FLASH_YELLOW;
    case 'O':
      return DARK;
    default:
      return RED;
  }
};

const LAMP_CODES: Readonly<Record<Lamp, number>> = {
  red: RED,
  green: GREEN,
  permissive: PERMISSIVE,
  clearance: CLEARANCE,
  'flash-yellow': FLASH_YELLOW,
  'flash-red': FLASH_RED,
  dark: DARK,
};

/** Lamp code of a core lamp (the numbers of `Lamp` in signal.proto). */
export const lampCode = (lamp: Lamp): number => LAMP_CODES[lamp];

/** What a link without a signal tells its traffic, from SUMO's link state letter. */
export const lampOfPriority = (letter: string): number => {
  switch (letter) {
    case 'M':
      return GREEN;
    case 's':
    case 'w':
      return STOP_THEN_GO;
    default:
      return PERMISSIVE;
  }
};

/** A program's lamps, interval by interval. */
export interface ProgramRunner {
  readonly cycleS: number;
  readonly offsetS: number;
  readonly ends: Float64Array;
  readonly lamps: readonly Uint8Array[];
}

export const prepareProgram = (program: SignalProgram): ProgramRunner => {
  const ends = new Float64Array(program.intervals.length);
  program.intervals.forEach((interval, i) => (ends[i] = (i > 0 ? ends[i - 1]! : 0) + interval.durationS));
  return {
    cycleS: ends[ends.length - 1] ?? 0,
    offsetS: program.offsetS,
    ends,
    lamps: program.intervals.map((interval) => Uint8Array.from(interval.state, lampOfLetter)),
  };
};

/** Number of the program's interval at `timeS`: SUMO counts its cycle from midnight of the scenario, less the offset. */
export const intervalAt = (runner: ProgramRunner, timeS: number): number => {
  const at = (((timeS - runner.offsetS) % runner.cycleS) + runner.cycleS) % runner.cycleS;
  let i = 0;
  while (i < runner.ends.length - 1 && runner.ends[i]! <= at + 1e-9) i++;
  return i;
};
