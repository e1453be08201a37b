import { isGreen } from '../controller/lamp.ts';
import type { LaneId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Timeline } from '../plan/timeline.ts';
import type { Instant } from '../time.ts';
import type { Arrival, JunctionDemand } from './demand.ts';
import type { LaneInflow } from './demand-state.ts';

/** From the begin of green to the first departure (measured in SUMO: 1.4 s). */
const START_UP_MS = 1400;

/**
 * What a junction's timeline will send on, as arrivals at the stop lines downstream: each seen vehicle of a known movement leaves in its green,
 * one headway after the one before, and drives the exit road at the speed of its approach.
 */
export function predictOutflow(site: Site, timeline: Timeline, demand: JunctionDemand, until: Instant): readonly LaneInflow[] {
  const movements = new Map(site.movements.map((movement) => [movement.id, movement]));
  const speeds = new Map(site.lanes.map((lane) => [lane.id, lane.speedMps]));
  const inflows = new Map<LaneId, Arrival[]>();
  for (const lane of demand.lanes) {
    let ready = 0;
    for (const arrival of lane.arrivals) {
      const movement = arrival.movement === undefined ? undefined : movements.get(arrival.movement);
      if (movement === undefined) break;
      const green = timeline
        .get(movement.group)
        ?.find(({ lamp, from, to }) => isGreen(lamp) && Math.max(arrival.at, ready, from + START_UP_MS, demand.at) < to);
      if (green === undefined) break;
      const leaves = Math.max(arrival.at, ready, green.from + START_UP_MS, demand.at);
      ready = leaves + (arrival.pcu * 1000) / lane.saturationPcuPerS;
      if (movement.downstreamLane === undefined || leaves > until) continue;
      const at = leaves + (movement.exitLengthM / speeds.get(lane.lane)!) * 1000;
      const { pcu, persons } = arrival;
      const there = inflows.get(movement.downstreamLane) ?? [];
      inflows.set(movement.downstreamLane, [...there, { at: Math.round(at) as Instant, pcu, persons, stopped: false, expected: true }]);
    }
  }
  return [...inflows].map(([lane, arrivals]) => ({ lane, until, arrivals: arrivals.sort((a, b) => a.at - b.at) }));
}
