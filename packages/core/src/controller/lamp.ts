import type { SignalGroupId } from '../ids.ts';
import type { Instant } from '../time.ts';

/**
 * What a signal group shows. `permissive` is green that yields. `clearance` is a vehicle's yellow or a pedestrian's flashing clearance.
 * The three flash states belong to start-up, night and fault; `dark` to a lamp without power.
 */
export type Lamp = 'red' | 'green' | 'permissive' | 'clearance' | 'flash-yellow' | 'flash-red' | 'dark';

export const isGreen = (lamp: Lamp): boolean => lamp === 'green' || lamp === 'permissive';

export interface LampState {
  readonly group: SignalGroupId;
  readonly lamp: Lamp;
  /** When it began to show this. For green ↔ permissive, the begin of the first of them. */
  readonly since: Instant;
  /** Last end of green, where known: intergreens count from it. Otherwise it follows from `since` and the clearance. */
  readonly ended?: Instant;
}

/** A change the street has been told of by a countdown display; only safety, preemption and manual control may break it. */
export interface Commitment {
  readonly group: SignalGroupId;
  readonly change: 'to-green' | 'end-of-green';
  readonly at: Instant;
}
