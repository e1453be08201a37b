import type { Instant } from '../time.ts';
import type { Arrival } from './demand.ts';

/** Flows below one vehicle in five minutes are left out. */
const LEAST_FLOW_PER_S = 1 / 300;
/**
 * Spacing, whatever the flow: nobody knows where the gaps of unseen traffic are. Whole vehicles a headway apart would show the search gaps that move
 * on with the clock, and it would put off every change to the next of them. Finer spacing adds work and no information.
 */
const SPACING_S = 3;

/** Traffic to expect in [from, until) at a mean flow: a stream of parts of vehicles, evenly spaced, the first half a spacing after `from`. */
export function expectedArrivals(
  flowPerS: number,
  from: Instant,
  until: Instant,
  pcuEach: number,
  personsEach: number,
): readonly Arrival[] {
  if (flowPerS < LEAST_FLOW_PER_S) return [];
  const vehicles = SPACING_S * flowPerS;
  const arrivals: Arrival[] = [];
  for (let t = from + SPACING_S * 500; t < until; t += SPACING_S * 1000) {
    arrivals.push({
      at: Math.round(t) as Instant,
      pcu: vehicles * pcuEach,
      persons: vehicles * personsEach,
      stopped: false,
      expected: true,
    });
  }
  return arrivals;
}
