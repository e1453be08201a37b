import type { JunctionObservation } from '@songxanh/wire';

interface Waiting {
  readonly observation: JunctionObservation;
  /** Wall time (`performance.now`) from which it waits for nobody. */
  readonly until: number;
}

/** Observations in the order in which they came, some of which wait for what neighbours tell. */
export interface Inbox {
  readonly put: (observations: readonly JunctionObservation[]) => void;
  /** The next that can be answered; undefined when there is none now. */
  readonly next: () => JunctionObservation | undefined;
  /** Ms until the first of those that wait has waited long enough; undefined when none waits. */
  readonly untilNext: () => number | undefined;
}

/** Wall time an observation may wait for its neighbours, ms: below the 1.5 s after which an agent goes on without its answer. */
const WAIT_MS = 1000;

/** `isReady`: everything is there that the answer builds on; `giveUp`: the answer is made without what is missing. */
export const openInbox = (
  isReady: (observation: JunctionObservation) => boolean,
  giveUp: (observation: JunctionObservation) => void,
): Inbox => {
  const waiting: Waiting[] = [];
  return {
    put: (observations) => {
      const until = performance.now() + WAIT_MS;
      for (const observation of observations) waiting.push({ observation, until });
    },
    next: () => {
      const now = performance.now();
      const place = waiting.findIndex(({ observation, until }) => isReady(observation) || now >= until);
      const [found] = place < 0 ? [] : waiting.splice(place, 1);
      if (found !== undefined && !isReady(found.observation)) giveUp(found.observation);
      return found?.observation;
    },
    untilNext: () => (waiting[0] === undefined ? undefined : Math.max(0, waiting[0].until - performance.now())),
  };
};
