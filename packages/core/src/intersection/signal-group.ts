import type { SignalGroupId } from '../ids.ts';
import type { Duration } from '../time.ts';

/** Who looks at the lamps. */
export type SignalGroupKind = 'vehicle' | 'motorcycle' | 'transit' | 'pedestrian';

/** What a countdown display promises: the whole interval, its last `tailSeconds`, or nothing. */
export type CountdownKind = 'full' | 'tail' | 'none';

export interface Countdown {
  /** While green: seconds to the end of green. */
  readonly green: CountdownKind;
  /** While red: seconds to the next green. */
  readonly red: CountdownKind;
  /** Length of a tail display (Hanoi's newest corridor: the last 8–9 s). */
  readonly tail: Duration;
}

export const NO_COUNTDOWN: Countdown = { green: 'none', red: 'none', tail: 0 as Duration };

/** Lamps that always show the same: the unit of safety. */
export interface SignalGroup {
  readonly id: SignalGroupId;
  readonly kind: SignalGroupKind;
  readonly name?: string;
  /** Cabinet outputs (signal heads) this group drives; each head belongs to exactly one group. */
  readonly heads: readonly number[];
  /** Shortest green. A pedestrian group's is its walk interval (≥ 7 s). */
  readonly minGreen: Duration;
  /** Longest green while a conflicting call waits; enforced by `validatePlan`. */
  readonly maxGreen: Duration;
  /** Yellow of a vehicle group; for a pedestrian group its clearance (flashing) = crossing length / walking speed. Shown between green and red. */
  readonly clearance: Duration;
  /** Shortest red once the clearance has ended (red revert). */
  readonly minRed: Duration;
  /** With a call waiting, green must come before the group has been red this long. */
  readonly redCap: Duration;
  readonly countdown: Countdown;
  /** Leading interval: this pedestrian group turns green this long before the permissive vehicle groups that must yield to it. */
  readonly leadingInterval?: Duration;
}
