import type { Lamp } from '@songxanh/core';

/**
 * Which of a head's lamps have voltage, as the monitor's sense wires see it. Unlike a `Lamp`, it can be wrong: two at once, or none.
 * The yellow bit is a pedestrian head's flashing clearance too.
 */
export const RED = 1;
export const YELLOW = 2;
export const GREEN = 4;
export type Outputs = Uint8Array;

export const outputsOf = (lamp: Lamp): number => {
  switch (lamp) {
    case 'red':
    case 'flash-red':
      return RED;
    case 'clearance':
    case 'flash-yellow':
      return YELLOW;
    case 'green':
    case 'permissive':
      return GREEN;
    case 'dark':
      return 0;
  }
};
