import type { LiveSignals } from '@songxanh/wire';

/** An hour of minutes. */
const KEPT = 60;
const STEP_MS = 60_000;

/** Longest wait at each junction in each of the last minutes of street time. */
export interface WaitHistory {
  readonly see: (at: number, signals: Readonly<Record<string, LiveSignals>>) => void;
  readonly of: (junction: string) => readonly number[];
}

export const keepWaitHistory = (): WaitHistory => {
  let minute = -1;
  let history = new Map<string, readonly number[]>();
  return {
    see: (at, signals) => {
      const now = Math.floor(at / STEP_MS);
      if (now < minute) history = new Map();
      const isNew = now !== minute;
      minute = now;
      for (const [junction, { worstWaitS }] of Object.entries(signals)) {
        const before = history.get(junction) ?? [];
        const last = before.at(-1);
        history.set(
          junction,
          isNew || last === undefined ? [...before, worstWaitS].slice(-KEPT) : [...before.slice(0, -1), Math.max(last, worstWaitS)],
        );
      }
    },
    of: (junction) => history.get(junction) ?? [],
  };
};
