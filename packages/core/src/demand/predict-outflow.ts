import { isGreen } from '../controller/lamp.ts';
import type { LaneId, MovementId } from '../ids.ts';
import type { Movement } from '../intersection/lane.ts';
import type { Site } from '../intersection/site.ts';
import type { Timeline } from '../plan/timeline.ts';
import type { Instant } from '../time.ts';
import type { Arrival, JunctionDemand, LaneDemand } from './demand.ts';
import type { LaneInflow } from './demand-state.ts';
import type { SentTraffic } from './sent-traffic.ts';
import { travelMs } from './sent-traffic.ts';

/** From the begin of green to the first departure (measured in SUMO: 1.4 s). */
const START_UP_MS = 1400;
/** Arrivals downstream are told in slots of this length: finer than any headway of a platoon, coarse enough to search. */
const SLOT_MS = 2000;

interface Load {
  readonly pcu: number;
  readonly persons: number;
}
type Slots = Map<number, Load>;

/**
 * What a junction sends on, as arrivals at the stop lines downstream: the traffic that has crossed its stop lines, and what its timeline will
 * let go up to `until`, split by turn shares where movements are not known.
 */
export function predictOutflow(
  site: Site,
  timeline: Timeline,
  demand: JunctionDemand,
  sent: readonly SentTraffic[],
  until: Instant,
): readonly LaneInflow[] {
  const movements = new Map(site.movements.map((movement) => [movement.id, movement]));
  const speeds = new Map(site.lanes.map((lane) => [lane.id, lane.speedMps]));
  const inflows = new Map<LaneId, { slots: Slots; until: number }>();
  for (const movement of site.movements) {
    if (movement.downstreamLane === undefined) continue;
    const known = until + travelMs(movement, speeds.get(movement.fromLane)!);
    const there = inflows.get(movement.downstreamLane);
    inflows.set(movement.downstreamLane, {
      slots: there?.slots ?? new Map<number, Load>(),
      until: Math.min(there?.until ?? Infinity, known),
    });
  }
  const add = (lane: LaneId | undefined, at: number, pcu: number, persons: number): void => {
    const slots = lane === undefined ? undefined : inflows.get(lane)?.slots;
    if (slots === undefined || at <= demand.at) return;
    const slot = Math.floor(at / SLOT_MS);
    const there = slots.get(slot) ?? { pcu: 0, persons: 0 };
    slots.set(slot, { pcu: there.pcu + pcu, persons: there.persons + persons });
  };
  for (const { lane, at, pcu, persons } of sent) add(lane, at, pcu, persons);
  for (const lane of demand.lanes) {
    for (const { movement, leaves, pcu, persons } of departures(lane, movements, timeline, demand.at, until))
      add(movement.downstreamLane, leaves + travelMs(movement, speeds.get(lane.lane)!), pcu, persons);
  }
  return [...inflows].map(([lane, { slots, until: known }]) => ({
    lane,
    until: Math.round(known) as Instant,
    arrivals: [...slots]
      .sort(([a], [b]) => a - b)
      .map(([slot, load]): Arrival => ({ at: ((slot + 0.5) * SLOT_MS) as Instant, ...load, stopped: false, expected: true })),
  }));
}

interface Departure {
  readonly movement: Movement;
  readonly leaves: number;
  readonly pcu: number;
  readonly persons: number;
}

/** A lane's traffic in its greens, one headway after the other, in the order of its arrival. */
function* departures(
  lane: LaneDemand,
  movements: ReadonlyMap<MovementId, Movement>,
  timeline: Timeline,
  now: Instant,
  until: Instant,
): Generator<Departure> {
  const shares = (lane.turnShares ?? []).flatMap(({ movement, share }) => {
    const known = movements.get(movement);
    return known === undefined ? [] : [{ movement: known, share }];
  });
  const usual = shares.reduce<(typeof shares)[number] | undefined>(
    (best, one) => (best && best.share >= one.share ? best : one),
    undefined,
  );
  let ready = 0;
  for (const arrival of lane.arrivals) {
    const own = arrival.movement === undefined ? undefined : movements.get(arrival.movement);
    const leading = own ?? usual?.movement;
    if (leading === undefined) return;
    const earliest = Math.max(arrival.at, ready, now);
    const green = timeline.get(leading.group)?.find(({ lamp, from, to }) => isGreen(lamp) && Math.max(earliest, from + START_UP_MS) < to);
    if (green === undefined) return;
    const leaves = Math.max(earliest, green.from + START_UP_MS);
    if (leaves > until) return;
    ready = leaves + (arrival.pcu * 1000) / lane.saturationPcuPerS;
    for (const { movement, share } of own ? [{ movement: own, share: 1 }] : shares)
      yield { movement, leaves, pcu: arrival.pcu * share, persons: arrival.persons * share };
  }
}
