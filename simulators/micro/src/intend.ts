import { brakeGap, EPSILON_M, freeSpeed, KRAUSS } from './car-following.ts';
import { addIntent, INTENTS_PER_VEHICLE, STOP_GAP_M } from './intents.ts';
import { ROUTE_ENDS } from './lane-guide.ts';
import { ALL_SLOTS, mapSlot } from './lane-order.ts';
import { followLeader, followSpeed, followSpeedUpTo, leaderInSlots, leaderOnLane, overhang, stopSpeed } from './leader.ts';
import { roomBehind } from './room.ts';
import { nextStop } from './bus-stop.ts';
import { CLEARANCE, FLASH_RED, RED } from './lamps.ts';
import { VISIBILITY_M } from './right-of-way.ts';
import type { World } from './world.ts';

/**
 * Who must still change to the left waits this much before the end of the lane, so that one who must change to the right finds room there:
 * a bus of 12 m and its gaps. Without it two such vehicles side by side block each other forever.
 */
const PASSING_ROOM_M = 16;
/** A bus that cannot reach its stop's lane gives the stop up after this, s. */
const MISSED_STOP_S = 30;

/**
 * First half of a step for vehicle `v`: the speed its lanes, leaders and stops allow (`vPlan`), and an intent for each line ahead that needs
 * permission. Reads only the state at the begin of the step.
 */
export const intend = (world: World, v: number): void => {
  const { street, fleet, order, guides, intents, stepS: dt } = world;
  const speed = fleet.speed[v]!;
  const accel = fleet.accel[v]!;
  const decel = fleet.decel[v]!;
  const factor = fleet.speedFactor[v]!;
  const length = fleet.length[v]!;
  const minGap = fleet.minGap[v]!;
  let lane = fleet.lane[v]!;
  let step = fleet.step[v]!;
  let slots = fleet.slots[v]!;
  let slot = fleet.slot[v]!;

  let vNext = Math.min(
    speed + accel * dt,
    fleet.maxSpeed[v]!,
    street.laneSpeed[lane]! * factor,
    Math.max(fleet.vCourtesy[v]!, speed - decel * dt),
  );
  fleet.vCourtesy[v] = Infinity;
  const sight = vNext * dt + brakeGap(vNext, decel, fleet.tau[v]!, dt) + minGap;
  let laneBegin = -fleet.pos[v]!;
  let seen = laneBegin + street.laneLength[lane]!;
  fleet.planFirst[v] = intents.count;

  const leader = leaderOnLane(world, v);
  if (leader >= 0) {
    const gap = fleet.pos[leader]! - fleet.length[leader]! - minGap - fleet.pos[v]!;
    if (speed === 0 && gap <= EPSILON_M && seen >= sight && fleet.speed[leader] === 0 && fleet.model[v] === KRAUSS) {
      // Stands in a queue and sees no line: half of all vehicles in a city.
      fleet.vPlan[v] = 0;
      fleet.planEnd[v] = intents.count;
      return;
    }
    fleet.vPlan[v] = vNext;
    followLeader(world, v, leader);
    vNext = fleet.vPlan[v]!;
  }
  // Before a wide vehicle a motorcycle that drives on does not hide another, farther on, that stands beside its way.
  let open = (slots === ALL_SLOTS ? slotsOf(world, lane) : slots) & (leader < 0 ? ALL_SLOTS : ~fleet.slots[leader]!);
  if (leader >= 0 && open !== 0) {
    vNext = Math.min(vNext, followOthers(world, v, fleet.ahead[leader]!, laneBegin, open, sight, vNext));
    open = OTHERS.open;
  }
  const stops = fleet.stopLane[v]! >= 0;
  if (stops) vNext = Math.min(vNext, speedForStop(world, v, lane, laneBegin));
  if (street.laneLink[lane]! < 0 && fleet.link[v] === -1)
    vNext = Math.min(vNext, stopSpeed(world, v, endOfWrongLane(world, lane, fleet.offset[v]!, seen)));

  const isFarOff = seen >= sight;
  if (!isFarOff && fleet.narrow[v]) {
    const merging = mergingSlots(world, v, lane);
    if (merging !== slots) {
      // Whoever comes first to where two slots become one goes first.
      slots = merging;
      const first = leaderInSlots(world, v, merging);
      if (first >= 0 && first !== leader) {
        const gap = fleet.pos[first]! - fleet.length[first]! - minGap - fleet.pos[v]!;
        vNext = Math.min(vNext, Math.max(followSpeed(world, v, gap, first), stopSpeed(world, v, Math.max(0, seen - STOP_GAP_M))));
      }
    }
  }
  for (let depth = 0; depth < INTENTS_PER_VEHICLE && seen < sight; depth++) {
    if (open !== 0) {
      const hang = overhang(world, lane, slots);
      if (hang.vehicle >= 0 && hang.vehicle !== v && laneBegin + hang.back > -length) {
        const gap = laneBegin + hang.back - minGap;
        vNext = Math.min(vNext, gap < 0 && speed === 0 ? 0 : followSpeedUpTo(world, v, gap, hang.vehicle, vNext));
      }
    }
    let link = street.laneLink[lane]!;
    let next: number;
    let entersRoad = false;
    if (link >= 0) {
      const second = street.linkSecondVia[link]!;
      if (second >= 0 && lane !== second) {
        next = second;
        const i = addIntent(world, v, link, true, true);
        intents.distance[i] = seen;
        intents.speed[i] = vNext;
      } else {
        next = street.linkTo[link]!;
        entersRoad = true;
        // Whoever turns looks for people at the exit only from near by, and until then can still stop (SUMO's minor exit links).
        if (street.linkExitMinor[link] === 1 && seen > VISIBILITY_M && seen > brakeGap(speed, decel, 0, dt))
          vNext = Math.min(vNext, stopSpeed(world, v, seen - 0.1));
      }
    } else {
      // On the lane it is on its bearings tell, farther on the guides.
      const at = depth === 0 ? -1 : guides.start[step]! + lane - street.edgeFirstLane[guides.edge[step]!]!;
      link = depth === 0 ? fleet.link[v]! : guides.last[step] === 1 ? ROUTE_ENDS : guides.link[at]!;
      if (link === ROUTE_ENDS) break;
      if (link < 0) {
        if (depth > 0) vNext = Math.min(vNext, stopSpeed(world, v, endOfWrongLane(world, lane, guides.offset[at]!, seen)));
        break;
      }
      next = street.linkVia[link]!;
      if (next < 0) {
        next = street.linkTo[link]!;
        entersRoad = true;
      }
      const lamp = world.linkLamp[link]!;
      const canStop = seen >= brakeGap(speed, decel, 0, dt);
      const mustStop = lamp === RED || world.linkShut[link] === 1 || (lamp === CLEARANCE && canStop);
      const request =
        !mustStop &&
        (lamp !== FLASH_RED || fleet.standing[v]! > 0) &&
        (!canStop || street.conflictBegin[link] === street.conflictBegin[link + 1] || roomBehind(world, v, link) >= length + minGap);
      const i = addIntent(world, v, link, false, request);
      intents.distance[i] = seen;
      intents.speed[i] = vNext;
      if (!request && canStop) break;
    }
    const limit = street.laneSpeed[next]! * factor;
    if (limit < vNext) vNext = Math.min(vNext, freeSpeed(seen, limit, decel, dt));
    if (entersRoad) step++;
    if (fleet.narrow[v]) {
      slot = mapSlot(slot, street.laneSlots[lane]!, street.laneSlots[next]!);
      slots = 1 << slot;
    } else slots = ALL_SLOTS;
    lane = next;
    laneBegin = seen;
    seen += street.laneLength[lane]!;
    if (open !== 0) {
      vNext = Math.min(
        vNext,
        followOthers(world, v, order.last[lane]!, laneBegin, slots === ALL_SLOTS ? slotsOf(world, lane) : slots, sight, vNext),
      );
      open = OTHERS.open;
    }
    if (stops) vNext = Math.min(vNext, speedForStop(world, v, lane, laneBegin));
  }
  fleet.vPlan[v] = vNext;
  fleet.planEnd[v] = intents.count;
  if (isFarOff && vNext > 0) announce(world, v);
};

/** All slots of a lane. */
const slotsOf = ({ street }: World, lane: number): number => (1 << street.laneSlots[lane]!) - 1;

/**
 * Speed of `v` behind the first vehicle in each of the slots `open` of a lane that begins `laneBegin` ahead, from `a` on downstream; those slots in
 * which nobody is within `sight` are left in `OTHERS.open`.
 */
const followOthers = (world: World, v: number, a: number, laneBegin: number, open: number, sight: number, vNext: number): number => {
  const { fleet } = world;
  let allowed = vNext;
  for (; a >= 0 && open !== 0; a = fleet.ahead[a]!) {
    if ((fleet.slots[a]! & open) === 0 || a === v) continue;
    const gap = laneBegin + fleet.pos[a]! - fleet.length[a]! - fleet.minGap[v]!;
    if (gap > sight) break;
    allowed = Math.min(allowed, followSpeedUpTo(world, v, gap, a, allowed));
    open &= ~fleet.slots[a]!;
  }
  OTHERS.open = open;
  return allowed;
};
/** One result object for all calls: the step allocates nothing. */
const OTHERS = { open: 0 };

/** Slots of the lane `v` is on whose riders come together with it on the next lane, which may have fewer. */
const mergingSlots = ({ street, fleet }: World, v: number, lane: number): number => {
  const link = street.laneLink[lane]! < 0 ? fleet.link[v]! : street.laneLink[lane]!;
  if (link < 0) return fleet.slots[v]!;
  const [via, second] = [street.linkVia[link]!, street.linkSecondVia[link]!];
  const inside = lane === via ? second : lane === second ? -1 : via;
  const next = inside >= 0 ? inside : street.linkTo[link]!;
  const [from, to] = [street.laneSlots[lane]!, street.laneSlots[next]!];
  if (to >= from) return fleet.slots[v]!;
  const target = mapSlot(fleet.slot[v]!, from, to);
  let mask = 0;
  for (let slot = 0; slot < from; slot++) if (mapSlot(slot, from, to) === target) mask |= 1 << slot;
  return mask;
};

/** Tells those who must yield to `v` that it comes, long before it needs to decide anything about its line itself. */
const announce = (world: World, v: number): void => {
  const { fleet, street, intents } = world;
  const lane = fleet.lane[v]!;
  const link = fleet.link[v]!;
  if (street.laneLink[lane]! >= 0 || link < 0) return;
  const lamp = world.linkLamp[link]!;
  if (lamp === RED || lamp === CLEARANCE || lamp === FLASH_RED || !somebodyYields(world, link)) return;
  const i = addIntent(world, v, link, false, true);
  intents.distance[i] = street.laneLength[lane]! - fleet.pos[v]!;
  intents.speed[i] = fleet.vPlan[v]!;
};

/** May anybody look from before or from the waiting place of a link that yields to `link`? Over a short lane one sees from the lane before it. */
const somebodyYields = ({ order, street }: World, link: number): boolean => {
  if (street.linkSeenFromAfar[link] === 1) return true;
  const end = street.watchBegin[link + 1]!;
  for (let i = street.watchBegin[link]!; i < end; i++) if (order.count[street.watchLane[i]!]! > 0) return true;
  return false;
};

/** How far one may go on `lane`, whose end is `seen` ahead and from which its route does not go on: `offset` lanes to the left it does. */
const endOfWrongLane = (world: World, lane: number, offset: number, seen: number): number => {
  const reserve = offset > 0 ? Math.min(PASSING_ROOM_M, world.street.laneLength[lane]! / 2) : 0;
  return Math.max(0, seen - STOP_GAP_M - reserve);
};

/** Speed that brings `v`, which has a stop ahead, to it on `lane` (which begins `laneBegin` ahead); Infinity where the stop is not there. */
const speedForStop = (world: World, v: number, lane: number, laneBegin: number): number => {
  const { fleet, street } = world;
  const stopLane = fleet.stopLane[v]!;
  if (stopLane !== lane && (street.laneEdge[stopLane] !== street.laneEdge[lane] || fleet.standing[v]! > MISSED_STOP_S)) return Infinity;
  const way = laneBegin + nextStop(world, v).endPosM;
  return way < -0.1 ? Infinity : stopSpeed(world, v, Math.max(0, way));
};
