import type { JunctionDemand, LaneDemand, TurnShare } from '../demand/demand.ts';
import type { LaneId, MovementId } from '../ids.ts';
import type { Movement, Turn } from '../intersection/lane.ts';
import type { Site } from '../intersection/site.ts';
import type { Instant } from '../time.ts';
import { isGreen } from '../controller/lamp.ts';
import type { WaitingCall } from '../plan/validate-plan.ts';
import type { DecisionRecord, SignalView } from './planner.ts';
import type { SearchLane } from './search/types.ts';
import type { SiteTables } from './site-tables.ts';

/** Nothing may discharge into a blocked exit: its vehicles hold the lane. */
const BLOCKED = -1;

interface SiteLists {
  readonly movements: ReadonlyMap<MovementId, Movement>;
  readonly lanePosition: ReadonlyMap<LaneId, number>;
  readonly laneWeight: readonly number[];
}
const cache = new WeakMap<Site, SiteLists>();

function listsOf(site: Site): SiteLists {
  let lists = cache.get(site);
  if (lists === undefined) {
    const weights = new Map(site.weights.map(({ lane, weight }) => [lane, weight]));
    lists = {
      movements: new Map(site.movements.map((movement) => [movement.id, movement])),
      lanePosition: new Map(site.lanes.map((lane, i) => [lane.id, i])),
      laneWeight: site.lanes.map((lane) => weights.get(lane.id) ?? 1),
    };
    cache.set(site, lists);
  }
  return lists;
}

/** The demand as point queues in the order of the site's lanes, then one for each pedestrian call. Times are ms from `now`. */
export function searchLanes(
  site: Site,
  tables: SiteTables,
  demand: JunctionDemand,
  now: Instant,
  horizonMs: number,
): readonly SearchLane[] {
  const lists = listsOf(site);
  const blocked = new Set(demand.exits.filter((exit) => exit.blocked).map((exit) => exit.lane));
  const lanes: SearchLane[] = site.lanes.map(() => ({
    at: [],
    headwayMs: [],
    weight: [],
    group: [],
    stopped: [],
    expected: [],
    anyTurn: [],
    together: [],
    firstNeeds: [],
    startUp: true,
    gapHeadwayMs: 0,
  }));
  for (const lane of demand.lanes) {
    const position = lists.lanePosition.get(lane.lane);
    if (position !== undefined) lanes[position] = vehicleLane(lane, lists, position, tables, blocked, now, horizonMs);
  }
  for (const call of demand.pedestrians) {
    const group = tables.groupIndex.get(call.group);
    if (group === undefined) continue;
    lanes.push({
      at: [call.since - now],
      headwayMs: [0],
      weight: [call.persons],
      group: [group],
      stopped: [true],
      expected: [false],
      anyTurn: [false],
      together: [],
      firstNeeds: [],
      startUp: false,
      gapHeadwayMs: 0,
    });
  }
  return lanes;
}

function vehicleLane(
  lane: LaneDemand,
  lists: SiteLists,
  position: number,
  tables: SiteTables,
  blocked: ReadonlySet<LaneId>,
  now: Instant,
  horizonMs: number,
): SearchLane {
  const at: number[] = [];
  const headwayMs: number[] = [];
  const weight: number[] = [];
  const group: number[] = [];
  const stopped: boolean[] = [];
  const expected: boolean[] = [];
  const anyTurn: boolean[] = [];
  const shares = lane.turnShares ?? [];
  const holds = isHeldByTurns(shares, lists);
  // Error diffusion: unknown turns appear in the order that keeps to the shares best. Parts of unseen vehicles turn together up to a whole car.
  const owed = shares.map(() => 0);
  let turning: MovementId | undefined;
  let turningPcu = Infinity;
  let latest = -Infinity;
  for (const arrival of lane.arrivals) {
    if (arrival.at - now > horizonMs) break;
    let movement = arrival.movement ?? likeliest(arrival.oneOf, shares);
    if (movement === undefined && shares.length > 0) {
      if (!arrival.expected || turningPcu + arrival.pcu > 1 + SLACK_PCU) {
        turning = shares[mostOwed(owed, shares)]!.movement;
        turningPcu = 0;
      }
      turningPcu += arrival.pcu;
      movement = turning;
    }
    const known = movement === undefined ? undefined : lists.movements.get(movement);
    latest = Math.max(latest, arrival.at - now);
    at.push(latest);
    headwayMs.push((arrival.pcu * 1000) / lane.saturationPcuPerS);
    weight.push(arrival.persons * lists.laneWeight[position]!);
    const index = known && !blocked.has(known.toLane) ? tables.groupIndex.get(known.group) : tables.laneGroups[position]![0];
    group.push(known && blocked.has(known.toLane) ? BLOCKED : (index ?? BLOCKED));
    stopped.push(arrival.stopped);
    expected.push(arrival.expected === true);
    anyTurn.push(arrival.expected === true || (holds && arrival.movement === undefined && arrival.oneOf === undefined));
  }
  const firstNeeds = (lane.arrivals[0]?.oneOf ?? []).flatMap(
    (movement) => tables.groupIndex.get(lists.movements.get(movement)!.group) ?? [],
  );
  return {
    at,
    headwayMs,
    weight,
    group,
    stopped,
    expected,
    anyTurn,
    together: usualGroups(shares, lists, tables),
    firstNeeds,
    startUp: true,
    gapHeadwayMs: lane.gapHeadwayMs ?? 0,
  };
}

const likeliest = (movements: readonly MovementId[] | undefined, shares: readonly TurnShare[]): MovementId | undefined =>
  movements && shares.filter(({ movement }) => movements.includes(movement)).sort((a, b) => b.share - a.share)[0]?.movement;

/** A turn that fewer take does not hold a lane often. */
const USUAL_SHARE = 0.1;

/**
 * Who turns across the street usually turns from this lane, and whoever stands behind cannot pass: a green for a part of the lane is worth little
 * while nobody knows who comes first. Who turns to the near side is seldom held itself (docs/decisions/012; measured
 * where traffic keeps right).
 */
const isHeldByTurns = (shares: readonly TurnShare[], { movements }: SiteLists): boolean =>
  shares.some(({ movement, share }) => share >= USUAL_SHARE && CROSSING_TURNS.has(movements.get(movement)?.turn ?? 'through'));
const CROSSING_TURNS: ReadonlySet<Turn> = new Set<Turn>(['left', 'u-turn']);

/** The groups of a lane's usual turns; none where one is enough. */
function usualGroups(shares: readonly TurnShare[], lists: SiteLists, tables: SiteTables): readonly number[] {
  const usual = new Set<number>();
  for (const { movement, share } of shares) {
    const known = lists.movements.get(movement);
    const g = known && share >= USUAL_SHARE ? tables.groupIndex.get(known.group) : undefined;
    if (g !== undefined) usual.add(g);
  }
  return usual.size > 1 ? [...usual] : [];
}

/** Parts need not add up to a whole car exactly. */
const SLACK_PCU = 0.1;

/** The turn that is owed most once each has got its share of another one. */
function mostOwed(owed: number[], shares: readonly TurnShare[]): number {
  let most = 0;
  for (let i = 0; i < shares.length; i++) {
    owed[i]! += shares[i]!.share;
    if (owed[i]! > owed[most]!) most = i;
  }
  owed[most]! -= 1;
  return most;
}

/** Traffic this near will have called by the time a plan is judged. */
const SOON_MS = 4000;

/**
 * Since when each group has had traffic at the stop line, ms from now; Infinity where it has none. Where the turn is unknown every group of
 * the lane counts. Pedestrian calls count.
 */
export function waitingSince(site: Site, tables: SiteTables, demand: JunctionDemand, now: Instant): Float64Array {
  const lists = listsOf(site);
  const blocked = new Set(demand.exits.filter((exit) => exit.blocked).map((exit) => exit.lane));
  const since = new Float64Array(tables.groupCount).fill(Infinity);
  const wait = (g: number | undefined, at: Instant): void => {
    if (g !== undefined) since[g] = Math.min(since[g]!, at - now);
  };
  for (const lane of demand.lanes) {
    const position = lists.lanePosition.get(lane.lane);
    if (position === undefined) continue;
    for (const arrival of lane.arrivals) {
      if (arrival.at - now > SOON_MS && arrival.waitingSince === undefined) break;
      // A request's moments lie among what was seen.
      if (arrival.expected) continue;
      const since = Math.min(arrival.waitingSince ?? arrival.at, now) as Instant;
      const movement = arrival.movement === undefined ? undefined : lists.movements.get(arrival.movement);
      if (movement === undefined) for (const g of tables.laneGroups[position]!) wait(g, since);
      else if (!blocked.has(movement.toLane)) wait(tables.groupIndex.get(movement.group), since);
    }
  }
  for (const call of demand.pedestrians) wait(tables.groupIndex.get(call.group), call.since);
  return since;
}

/**
 * The calls a plan will be judged by: the controller's own, and one for each other red group that traffic will have reached by then. Where the
 * controller's are not known, a vehicle that just missed the green may have called first: the call can be as old as the red.
 */
export function foreseenCalls(site: Site, since: Float64Array, signals: SignalView, takenUp: Instant): readonly WaitingCall[] {
  const known = new Map((signals.calls ?? []).map((call) => [call.group, call]));
  return signals.lamps.flatMap((lamp, g): readonly WaitingCall[] => {
    const group = site.groups[g];
    if (group === undefined || isGreen(lamp.lamp)) return [];
    const call = known.get(group.id);
    if (call !== undefined) return [call];
    if (since[g] === Infinity) return [];
    const redFrom = lamp.lamp === 'red' ? lamp.since : lamp.since + group.clearance;
    return [{ group: group.id, since: signals.calls === undefined ? lamp.since : takenUp, greenBy: (redFrom + group.redCap) as Instant }];
  });
}

/** How far ahead traffic counts as arriving in a record. */
const RECORD_MS = 30_000;

/** The traffic a decision saw, by lane. */
export function seenDemand(demand: JunctionDemand, now: Instant): DecisionRecord['seen'] {
  return demand.lanes.map((lane) => {
    let queuePcu = 0;
    let arrivingPcu = 0;
    for (const arrival of lane.arrivals) {
      if (arrival.at <= now) queuePcu += arrival.pcu;
      else if (arrival.at - now <= RECORD_MS) arrivingPcu += arrival.pcu;
      else break;
    }
    return { movement: lane.lane, queuePcu: Math.round(queuePcu * 10) / 10, arrivingPcu: Math.round(arrivingPcu * 10) / 10 };
  });
}
