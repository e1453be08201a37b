import type { TrafficPreview } from '@songxanh/wire/room';

type Approach = TrafficPreview['approaches'][number];

/** An approach where the order makes a difference. */
export interface Touched extends Approach {
  /** Longest queue foreseen, with the order and without, PCU. */
  readonly most: number;
  readonly usualMost: number;
  /** The queue outgrows its road: it stands in the junction behind. */
  readonly isFull: boolean;
}

/** Less than this nobody on the street would notice, nor could it be foretold. */
const NOTICED_PCU = 2;
const NOTICED_S = 5;

/** Who gains or loses by an order, the worst first. */
export const touched = (approaches: readonly Approach[]): readonly Touched[] =>
  approaches
    .map((approach): Touched => {
      const most = Math.max(...approach.with.queuePcu);
      return {
        ...approach,
        most,
        usualMost: Math.max(...approach.without.queuePcu),
        isFull: approach.roomPcu > 0 && most > approach.roomPcu,
      };
    })
    .filter(
      ({ most, usualMost, with: given, without }) =>
        Math.abs(most - usualMost) >= NOTICED_PCU ||
        (Math.abs(given.meanWaitS - without.meanWaitS) >= NOTICED_S && Math.max(most, usualMost) >= 1),
    )
    .sort((a, b) => b.most - b.usualMost - (a.most - a.usualMost));
