import { arrivalTime, brakeGap, freeSpeed, speedAfter } from './car-following.ts';
import { ALL_SLOTS, mapSlot } from './lane-order.ts';
import { followSpeed, lastOnLane, leaderOnLane, overhang, stopSpeed } from './leader.ts';
import { roomBehind } from './room.ts';
import { CLEARANCE, FLASH_RED, INTENTS_PER_VEHICLE, RED, type World } from './world.ts';

/** Vehicles stop this far before a line (SUMO's stop line gap), m. */
const STOP_GAP_M = 1;
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
  const { street, fleet, intents, stepS: dt } = world;
  const speed = fleet.speed[v]!;
  const [accel, decel, factor, length] = [fleet.accel[v]!, fleet.decel[v]!, fleet.speedFactor[v]!, fleet.length[v]!];
  const guide = world.guides[fleet.guide[v]!]!;
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
  const sight = vNext * dt + brakeGap(vNext, decel, fleet.tau[v]!, dt) + fleet.minGap[v]!;

  let leader = leaderOnLane(world, v);
  if (leader >= 0) {
    const gap = fleet.pos[leader]! - fleet.length[leader]! - fleet.minGap[v]! - fleet.pos[v]!;
    vNext = Math.min(vNext, followSpeed(world, v, gap, leader));
  }
  let laneBegin = -fleet.pos[v]!;
  let seen = laneBegin + street.laneLength[lane]!;
  fleet.planFirst[v] = intents.count;
  vNext = Math.min(vNext, speedForStop(world, v, lane, laneBegin));
  if (street.laneLink[lane]! < 0) vNext = Math.min(vNext, stopSpeed(world, v, endOfWrongLane(world, v, lane, step, seen)));

  for (let depth = 0; depth < INTENTS_PER_VEHICLE && seen < sight; depth++) {
    if (leader < 0) {
      const hang = overhang(world, lane, slots);
      if (hang.vehicle >= 0 && hang.vehicle !== v && laneBegin + hang.back > -length) {
        const gap = laneBegin + hang.back - fleet.minGap[v]!;
        vNext = Math.min(vNext, gap < 0 && speed === 0 ? 0 : followSpeed(world, v, gap, hang.vehicle));
      }
    }
    let link = street.laneLink[lane]!;
    let next: number;
    let entersRoad = false;
    if (link >= 0) {
      const second = street.linkSecondVia[link]!;
      if (second >= 0 && lane !== second) {
        next = second;
        addIntent(world, v, link, true, seen, Math.min(vNext, stopSpeed(world, v, seen - 0.1)), vNext, true);
      } else {
        next = street.linkTo[link]!;
        entersRoad = true;
      }
    } else {
      if (step === guide.edges.length - 1) break;
      link = guide.link[guide.start[step]! + lane - street.edgeFirstLane[street.laneEdge[lane]!]!]!;
      if (link < 0) {
        vNext = Math.min(vNext, stopSpeed(world, v, endOfWrongLane(world, v, lane, step, seen)));
        break;
      }
      next = street.linkVia[link]!;
      if (next < 0) {
        next = street.linkTo[link]!;
        entersRoad = true;
      }
      const lamp = world.linkLamp[link]!;
      const canStop = seen >= brakeGap(speed, decel, 0, dt);
      const mustStop = lamp === RED || (lamp === CLEARANCE && canStop);
      const boxFree = street.conflicts[link]!.foe.length === 0 || !canStop || roomBehind(world, v, link) >= length + fleet.minGap[v]!;
      const vWait = Math.min(vNext, stopSpeed(world, v, Math.max(0, seen - STOP_GAP_M)));
      const request = !mustStop && boxFree && (lamp !== FLASH_RED || fleet.standing[v]! > 0);
      addIntent(world, v, link, false, seen, vWait, vNext, request);
      if (!request && canStop) break;
    }
    vNext = Math.min(vNext, freeSpeed(seen, street.laneSpeed[next]! * factor, decel, dt));
    if (entersRoad) step++;
    if (fleet.narrow[v]) {
      slot = mapSlot(slot, street.laneSlots[lane]!, street.laneSlots[next]!);
      slots = 1 << slot;
    } else slots = ALL_SLOTS;
    lane = next;
    laneBegin = seen;
    seen += street.laneLength[lane]!;
    if (leader < 0) {
      leader = lastOnLane(world, lane, slots);
      if (leader === v) leader = -1;
      if (leader >= 0) {
        const gap = laneBegin + fleet.pos[leader]! - fleet.length[leader]! - fleet.minGap[v]!;
        vNext = Math.min(vNext, followSpeed(world, v, gap, leader));
      }
    }
    vNext = Math.min(vNext, speedForStop(world, v, lane, laneBegin));
  }
  fleet.vPlan[v] = vNext;
  fleet.planEnd[v] = intents.count;
};

/** How far `v` may go on `lane`, whose end is `seen` ahead: Infinity where its route goes on from there. */
const endOfWrongLane = (world: World, v: number, lane: number, step: number, seen: number): number => {
  const { street, fleet } = world;
  const guide = world.guides[fleet.guide[v]!]!;
  const at = guide.start[step]! + lane - street.edgeFirstLane[street.laneEdge[lane]!]!;
  if (step === guide.edges.length - 1 || guide.link[at]! >= 0) return Infinity;
  const reserve = guide.offset[at]! > 0 ? Math.min(PASSING_ROOM_M, street.laneLength[lane]! / 2) : 0;
  return Math.max(0, seen - STOP_GAP_M - reserve);
};

/** Speed that brings a bus to its stop on `lane` (which begins `laneBegin` ahead), Infinity where it has none there. */
const speedForStop = (world: World, v: number, lane: number, laneBegin: number): number => {
  const { fleet, street } = world;
  const stop = fleet.trips[v]!.stops[fleet.nextStop[v]!];
  if (stop === undefined) return Infinity;
  const stopLane = street.laneIndex.get(stop.lane)!;
  if (stopLane !== lane && (street.laneEdge[stopLane] !== street.laneEdge[lane] || fleet.standing[v]! > MISSED_STOP_S)) return Infinity;
  const way = laneBegin + stop.endPosM;
  return way < -0.1 ? Infinity : stopSpeed(world, v, Math.max(0, way));
};

const addIntent = (
  world: World,
  v: number,
  link: number,
  inside: boolean,
  distance: number,
  vWait: number,
  vNext: number,
  request: boolean,
): void => {
  const { intents, fleet, street } = world;
  const i = intents.count++;
  const accel = fleet.accel[v]!;
  const arrivalSpeed = Math.max(0.5, Math.min(street.laneSpeed[street.linkTo[link]!]!, speedAfter(distance, vNext, accel)));
  const way = (inside ? street.linkLength[link]! - street.linkWaitPos[link]! : street.linkLength[link]!) + fleet.length[v]!;
  const leaveSpeed = Math.max(arrivalSpeed, Math.min(street.laneSpeed[street.linkTo[link]!]!, speedAfter(way, arrivalSpeed, accel)));
  const arrive = arrivalTime(distance, vNext, arrivalSpeed, accel, fleet.decel[v]!);
  intents.link[i] = link;
  intents.inside[i] = inside ? 1 : 0;
  intents.distance[i] = distance;
  intents.vWait[i] = vWait;
  intents.arrive[i] = arrive;
  intents.leave[i] = arrive + (2 * way) / (arrivalSpeed + leaveSpeed);
  intents.request[i] = request ? 1 : 0;
  intents.vehicle[i] = v;
  if (request && !inside) {
    intents.nextOnLink[i] = world.linkIntents[link]!;
    world.linkIntents[link] = i;
  }
};
