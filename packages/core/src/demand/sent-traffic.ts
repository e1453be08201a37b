import type { LaneId, SignalGroupId } from '../ids.ts';
import type { Movement } from '../intersection/lane.ts';
import type { Instant } from '../time.ts';
import type { IndexedLane } from './lane-index.ts';
import type { LaneState } from './lane-state.ts';
import type { TrafficMix } from '../intersection/traffic-mix.ts';

/** Traffic that has crossed a stop line and is on its way to the next one. */
export interface SentTraffic {
  /** Lane at whose stop line it would arrive. */
  readonly lane: LaneId;
  readonly at: Instant;
  readonly pcu: number;
  readonly persons: number;
}

/**
 * A platoon's mean takes this much longer than its first vehicle, which goes at the speed limit: Robertson's T = 0.8 t (TRANSYT). The corridor's
 * mixed traffic was measured at 1.15 to 1.3 (docs/decisions/006).
 */
const PLATOON_FACTOR = 1.25;

/** Time of a platoon over the exit road; the approach's speed limit stands for the exit's. */
export const travelMs = (movement: Movement, speedMps: number): number => (movement.exitLengthM / speedMps) * 1000 * PLATOON_FACTOR;

/** Lanes of one approach share their name up to the last underscore, as streets from SUMO name them (`edge_0`, `edge_1`, …). */
export const approachOf = (lane: LaneId): string => lane.slice(0, Math.max(0, lane.lastIndexOf('_'))) || lane;

/** Adds the departures just counted, split over the movements that had green by their turn shares, and drops what has arrived. */
export function sendOn(
  sent: readonly SentTraffic[],
  lanes: readonly IndexedLane[],
  states: readonly LaneState[],
  isGreen: (group: SignalGroupId) => boolean,
  now: Instant,
  { mean }: TrafficMix,
): readonly SentTraffic[] {
  const left = lanes.flatMap(({ lane, movements }, i): readonly SentTraffic[] => {
    const { departedPcu, turns } = states[i]!;
    if (departedPcu <= 0) return [];
    const weights = movements.map(({ group }, m) => (isGreen(group) ? turns[m]! : 0));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (total <= 0) return [];
    return movements.flatMap((movement, m) => {
      const pcu = (departedPcu * weights[m]!) / total;
      if (movement.downstreamLane === undefined || pcu === 0) return [];
      const at = Math.round(now + travelMs(movement, lane.speedMps)) as Instant;
      return [{ lane: movement.downstreamLane, at, pcu, persons: (pcu * mean.persons) / mean.pcu }];
    });
  });
  return [...sent.filter(({ at }) => at > now), ...left];
}
