import { arrivalTime, brakeGap, speedAfter } from './car-following.ts';
import { reckonTimes } from './intents.ts';
import { followSpeed, stopSpeed } from './leader.ts';
import { DARK, GREEN, STOP_THEN_GO } from './lamps.ts';
import type { World } from './world.ts';

/** Two vehicles do not use a node within this time of each other (SUMO's junction look-ahead), s. */
const HEADWAY_S = 1;
/** From here a driver on a minor approach sees whether the way is free (SUMO's foe visibility distance), m. */
export const VISIBILITY_M = 4.5;
/** Standing this long makes a driver fully impatient (SUMO's time-to-impatience), s. */
const IMPATIENCE_S = 180;
/** A driver who stops for somebody comes this much later (SUMO), s. */
const STOPPED_S = 30;
/** In a ring of vehicles that all wait for each other the longest waiting goes first, after this, s. */
const DEADLOCK_S = 5;
/** Who is slower than this inside a node is taken to stand, m/s. */
const SLOW_MPS = 1;
/** Kept between a stopped front and another vehicle's path, m. */
const PATH_GAP_M = 0.5;

/** May the vehicle of intent `i` pass its line now? */
export const mayPass = (world: World, i: number): boolean => {
  const { intents, street, fleet } = world;
  if (intents.request[i] === 0) return false;
  const link = intents.link[i]!;
  const v = intents.vehicle[i]!;
  if (world.linkPedestrians[link]! > 0) return false;
  if (intents.inside[i]) return !foeComes(world, i, link, v);
  const lamp = world.linkLamp[link]!;
  if (lamp === STOP_THEN_GO && fleet.standing[v] === 0) return false;
  if (street.linkAllway[link]) return isFirstInLine(world, link, v);
  const minor = lamp !== GREEN && (lamp !== DARK || street.yieldsTo[link]!.length > 0);
  if (minor && intents.distance[i]! > VISIBILITY_M) return false;
  // A turn with a waiting place inside the node is decided there.
  return street.linkWaitPos[link]! >= 0 || !foeComes(world, i, link, v);
};

/** Does somebody this vehicle must give way to need the node at about the same time? */
const foeComes = (world: World, i: number, link: number, v: number): boolean => {
  const { intents, street, fleet } = world;
  const impatience = Math.min(1, fleet.standing[v]! / IMPATIENCE_S);
  const foes = street.yieldsTo[link]!;
  // The file's order of links also serves a dark signal; a full green never gives way to a permissive one.
  const protectedNow = street.linkSignal[link]! >= 0 && world.linkLamp[link] === GREEN;
  for (let f = 0; f < foes.length; f++) {
    if (protectedNow && world.linkLamp[foes[f]!] !== GREEN) continue;
    for (let k = world.linkIntents[foes[f]!]!; k >= 0; k = intents.nextOnLink[k]!) {
      const foe = intents.vehicle[k]!;
      if (foe === v) continue;
      reckonTimes(world, i);
      reckonTimes(world, k);
      if (!isBlockedBy(world, i, k, impatience, street.linkTo[link] === street.linkTo[foes[f]!])) continue;
      if (standsLonger(world, v, foe)) continue;
      return true;
    }
  }
  return false;
};

/** Do intents `i` and `k` of a foe collide in time? Who merges also needs a speed that goes with the other's (SUMO `MSLink::blockedByFoe`). */
const isBlockedBy = (world: World, i: number, k: number, impatience: number, merges: boolean): boolean => {
  const { intents } = world;
  // Goes behind the foe.
  if (intents.leave[k]! < intents.arrive[i]!)
    return merges && (intents.arrive[i]! - intents.leave[k]! < HEADWAY_S || isUnsafeMerge(world, k, i));
  // Goes before the foe.
  return arrivalIfItBrakes(world, i, k, impatience) <= intents.leave[i]! + HEADWAY_S || (merges && isUnsafeMerge(world, i, k));
};

/** When foe `k` comes if it brakes, as hard as an impatient driver `i` expects, from the moment on when that one is at his line (SUMO), s. */
const arrivalIfItBrakes = ({ intents, fleet }: World, i: number, k: number, impatience: number): number => {
  const [mine, its] = [intents.arrive[i]!, intents.arrive[k]!];
  const decel = fleet.decel[intents.vehicle[k]!]! * impatience;
  if (decel === 0 || its <= mine) return its;
  const speed = intents.distance[k]! / its;
  const square = speed * speed - 2 * decel * speed * (its - mine);
  return square <= 0 ? its + STOPPED_S : mine + (speed - Math.sqrt(square)) / decel;
};

/** Would the follower have to brake harder than the leader to stay behind it? */
const isUnsafeMerge = ({ intents, fleet }: World, leader: number, follower: number): boolean => {
  const [first, then] = [intents.leaveSpeed[leader]!, intents.arriveSpeed[follower]!];
  return (first * first) / fleet.decel[intents.vehicle[leader]!]! <= (then * then) / fleet.decel[intents.vehicle[follower]!]!;
};

const standsLonger = (world: World, v: number, foe: number): boolean => {
  const { standing, trip } = world.fleet;
  return (
    standing[foe]! > 0 &&
    standing[v]! > DEADLOCK_S &&
    (standing[v]! > standing[foe]! || (standing[v] === standing[foe] && trip[v]! < trip[foe]!))
  );
};

const isFirstInLine = (world: World, link: number, v: number): boolean => {
  const { street, intents, fleet } = world;
  if (fleet.standing[v] === 0) return false;
  for (let c = street.conflictBegin[link]!; c < street.conflictBegin[link + 1]!; c++) {
    for (let k = world.linkIntents[street.conflicts.foe[c]!]!; k >= 0; k = intents.nextOnLink[k]!) {
      const other = intents.vehicle[k]!;
      const [mine, theirs] = [fleet.standing[v]!, fleet.standing[other]!];
      if (theirs > mine || (theirs === mine && fleet.trip[other]! < fleet.trip[v]!)) return false;
    }
  }
  return true;
};

/**
 * Speed that keeps `v`, whose front is `at` metres behind the stop line of `link` (negative: before it), clear of vehicles inside the node
 * whose paths meet its own; `vNext` is the speed it would take.
 */
export const speedInNode = (world: World, v: number, link: number, at: number, vNext: number): number => {
  const { street, fleet, order } = world;
  const { conflicts } = street;
  const end = street.conflictBegin[link + 1]!;
  let allowed = vNext;
  for (let c = street.conflictBegin[link]!; c < end; c++) {
    const begin = conflicts.begin[c]!;
    if (at >= begin) continue;
    const foe = conflicts.foe[c]!;
    const via = street.linkVia[foe]!;
    const second = street.linkSecondVia[foe]!;
    for (let lane = via; lane >= 0; lane = lane === via ? second : -1) {
      if (order.count[lane] === 0) continue;
      for (let k = order.first[lane]!; k >= 0; k = fleet.behind[k]!) {
        if (k === v) continue;
        const speed = speedAgainst(world, v, link, at, allowed, c, foe, k, street.lanePathOffset[lane]! + fleet.pos[k]!);
        if (speed < allowed) allowed = speed;
      }
    }
    // A foe that has left the node may still have its back in the shared end of both paths or in the crossing.
    const out = order.last[street.linkTo[foe]!]!;
    if (out >= 0 && fleet.pos[out]! < fleet.length[out]! && street.linkTo[foe] !== street.linkTo[link]) {
      const speed = speedAgainst(world, v, link, at, allowed, c, foe, out, street.linkLength[foe]! + fleet.pos[out]!);
      if (speed < allowed) allowed = speed;
    }
  }
  return allowed;
};

/**
 * Inside a node everybody has the place in the order in which they passed their lines: nobody waits for one who came later, so that no ring
 * of waiting vehicles can close. Who has yet to pass the line before the meeting place has no place in the order.
 */
const passedLineAt = (world: World, v: number, link: number, at: number, begin: number): number => {
  const wait = world.street.linkWaitPos[link]!;
  return at <= 0 || (at <= wait && begin >= wait) ? Infinity : world.fleet.passedLine[v]!;
};

const speedAgainst = (
  world: World,
  v: number,
  link: number,
  at: number,
  vNext: number,
  c: number,
  foe: number,
  k: number,
  foeAt: number,
): number => {
  const { street, fleet } = world;
  const { conflicts } = street;
  const begin = conflicts.begin[c]!;
  const end = conflicts.end[c]!;
  const foeBegin = conflicts.foeBegin[c]!;
  const foeEnd = conflicts.foeEnd[c]!;
  const back = foeAt - fleet.length[k]!;
  if (back > foeEnd) return vNext;
  const merges = street.linkTo[link] === street.linkTo[foe];
  if (!merges && fleet.standing[k]! >= world.ignoreBlockerS) return vNext;
  const toBegin = (begin - at) / Math.max(vNext, 1);
  const foeSpeed = fleet.speed[k]!;
  if (foeAt < foeBegin) {
    const mine = passedLineAt(world, v, link, at, begin);
    const its = passedLineAt(world, k, foe, foeAt, foeBegin);
    const isFirst = its > mine || its === Infinity || (its === mine && fleet.trip[v]! < fleet.trip[k]!);
    const canStop = stopsWithin(world, v, begin - at);
    const foeCanStop = stopsWithin(world, k, foeBegin - foeAt);
    // Who is first goes first, unless he can still stop and the other, whose path crosses his, cannot.
    if (isFirst ? merges || !canStop || foeCanStop : !merges && !canStop && foeCanStop) return vNext;
    const toEnd = (end - at + fleet.length[v]!) / Math.max(vNext, 2);
    if (toEnd < arrivalOfFirst(world, k, foe, foeBegin - foeAt, canStop)) return vNext;
  } else if (!merges && foeSpeed > SLOW_MPS && (foeEnd - back) / foeSpeed < toBegin) return vNext;
  if (merges) {
    const gap = street.linkLength[link]! - at - (street.linkLength[foe]! - foeAt) - fleet.length[k]! - fleet.minGap[v]!;
    if (gap >= 0 && foeAt >= foeBegin) return Math.min(vNext, followSpeed(world, v, gap, k));
  }
  return Math.min(vNext, stopSpeed(world, v, begin - at - PATH_GAP_M));
};

/** Can `v` still stop before another's path that begins `way` metres ahead? */
const stopsWithin = ({ fleet, stepS }: World, v: number, way: number): boolean =>
  way >= brakeGap(fleet.speed[v]!, fleet.decel[v]!, 0, stepS);

/**
 * When who yields must be behind the path of `k`, which goes first and is `way` metres from it along its link, s. A `k` that drives may accelerate all
 * the way, and who can still stop (`isCareful`) keeps a headway to it; one that stands can stop again after its first step.
 */
const arrivalOfFirst = ({ fleet, street, stepS }: World, k: number, link: number, way: number, isCareful: boolean): number => {
  const accel = fleet.accel[k]!;
  const limit = Math.max(fleet.speed[k]!, street.laneSpeed[street.linkTo[link]!]! * fleet.speedFactor[k]!);
  const speed = Math.min(limit, fleet.speed[k]! + accel * stepS);
  if (fleet.speed[k]! < SLOW_MPS) return way / Math.max(speed, 1);
  return arrivalTime(way, speed, Math.min(limit, speedAfter(way, speed, accel)), accel, fleet.decel[k]!) - (isCareful ? HEADWAY_S : 0);
};
