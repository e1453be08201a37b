import { after, milliseconds, type Instant } from '@songxanh/core';

/** Street time between the street's own steps, reckoned by the wall clock. */
export interface StreetClock {
  /** The street has said what time it is. */
  readonly set: (now: Instant) => void;
  /** Never as late as the next step. Undefined where nobody could tell: before the second step, and on a street that moves faster than this is good for. */
  readonly read: () => Instant | undefined;
}

/** Below this much wall time between its steps a street is soon enough with the next one. */
const LEAST_GAP_MS = 200;

/** `wall`: ms of a clock that never goes back. */
export const openStreetClock = (wall: () => number): StreetClock => {
  let last: { readonly now: Instant; readonly heard: number } | undefined;
  let every = 0;
  let wallEvery = 0;
  return {
    set: (now) => {
      const heard = wall();
      every = last === undefined ? 0 : now - last.now;
      wallEvery = last === undefined ? 0 : heard - last.heard;
      last = { now, heard };
    },
    read: () => {
      if (last === undefined || every <= 1 || wallEvery < LEAST_GAP_MS) return undefined;
      const passed = Math.floor(((wall() - last.heard) * every) / wallEvery);
      return after(last.now, milliseconds(Math.min(Math.max(passed, 1), every - 1)));
    },
  };
};
