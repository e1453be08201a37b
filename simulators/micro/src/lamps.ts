import type { Lamp } from '@songxanh/core';

/** What a link shows its traffic: the codes of `Lamp` in signal.proto, and one of the simulator's own. */
export const RED = 1;
export const GREEN = 2;
export const PERMISSIVE = 3;
export const CLEARANCE = 4;
export const FLASH_YELLOW = 5;
export const FLASH_RED = 6;
export const DARK = 7;
/** Stop sign, or SUMO's right turn on red: stop first, then give way. */
export const STOP_THEN_GO = 8;

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

/** SUMO's letter for a lamp code; it has none for flashing red, nor for a dark signal whose traffic gives way by its right of way. */
export const letterOfLamp = (code: number): string => ['', 'r', 'G', 'g', 'y', 'o', 'r', 'O', 's'][code] ?? 'r';

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
