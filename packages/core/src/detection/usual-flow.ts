import type { Duration, Instant } from '../time.ts';

/** A quarter hour: short enough to follow the peak, long enough for a mean. */
const SLOT_MS = 900_000;
const SLOTS_PER_DAY = 86_400_000 / SLOT_MS;
/** Weight of the newest day in a slot's mean: about a week's memory. */
const NEWEST_SHARE = 0.2;

/** Ons per second a detector usually has, by quarter hour of the day (UTC: only that it is the same quarter matters). */
export interface UsualFlow {
  /** Mean of each quarter hour; -1 where never seen. */
  readonly slots: readonly number[];
  readonly slot: number;
  readonly count: number;
  readonly observed: number;
}

const slotOf = (at: Instant): number => Math.floor(at / SLOT_MS);
const UNSEEN = -1;

export const startUsualFlow = (at: Instant): UsualFlow => ({
  slots: Array<number>(SLOTS_PER_DAY).fill(UNSEEN),
  slot: slotOf(at),
  count: 0,
  observed: 0,
});

/** Takes up what a healthy detector counted in a period that ends at `at`. */
export const learnUsualFlow = (flow: UsualFlow, at: Instant, count: number, period: Duration): UsualFlow => {
  if (slotOf(at) === flow.slot) return { ...flow, count: flow.count + count, observed: flow.observed + period };
  const k = flow.slot % SLOTS_PER_DAY;
  const rate = flow.observed > 0 ? (flow.count * 1000) / flow.observed : UNSEEN;
  const known = flow.slots[k]!;
  const mean = rate === UNSEEN ? known : known === UNSEEN ? rate : known + NEWEST_SHARE * (rate - known);
  return { slots: flow.slots.with(k, mean), slot: slotOf(at), count, observed: period };
};

/** Ons per second to expect now: this quarter hour on other days, else the last quarter hours seen; undefined where nothing is known. */
export const usualRate = (flow: UsualFlow, at: Instant): number | undefined => {
  const now = slotOf(at) % SLOTS_PER_DAY;
  for (let back = 0; back < SLOTS_PER_DAY; back++) {
    const mean = flow.slots[(now - back + SLOTS_PER_DAY) % SLOTS_PER_DAY]!;
    if (mean !== UNSEEN) return mean;
  }
  return flow.observed > 0 ? (flow.count * 1000) / flow.observed : undefined;
};
