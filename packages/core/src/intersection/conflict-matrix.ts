import type { SignalGroupId } from '../ids.ts';
import type { Duration } from '../time.ts';

/**
 * Two signal groups whose paths meet.
 * `hard`: never green together. `permissive`: may be green together; `yields` gives way (shown as permissive green) to `to`.
 */
export type Conflict =
  | { readonly kind: 'hard'; readonly a: SignalGroupId; readonly b: SignalGroupId }
  | { readonly kind: 'permissive'; readonly yields: SignalGroupId; readonly to: SignalGroupId };

/**
 * Shortest time from the end of green of `from` (the begin of its yellow or pedestrian clearance) to the begin of green of `to`.
 * At least `from.clearance`; the rest is all-red for the clearing path. Every hard conflict has both directions;
 * so has every permissive pair (used when one of the two is green alone).
 */
export interface Intergreen {
  readonly from: SignalGroupId;
  readonly to: SignalGroupId;
  readonly duration: Duration;
}
