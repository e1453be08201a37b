import type { Instant } from '../time.ts';
import type { Arrival } from './demand.ts';

/** Flows below one vehicle in five minutes are left out. */
const LEAST_FLOW_PER_S = 1 / 300;
/** Finer spacing adds work to the search and no information. */
const SHORTEST_SPACING_S = 3;

/** Traffic to expect in [from, until) at a mean flow: evenly spaced, the first half a spacing after `from`. */
export function expectedArrivals(
  flowPerS: number,
  from: Instant,
  until: Instant,
  pcuEach: number,
  personsEach: number,
): readonly Arrival[] {
  if (flowPerS < LEAST_FLOW_PER_S) return [];
  const spacingS = Math.max(1 / flowPerS, SHORTEST_SPACING_S);
  const vehicles = spacingS * flowPerS;
  const arrivals: Arrival[] = [];
  for (let t = from + spacingS * 500; t < until; t += spacingS * 1000) {
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
