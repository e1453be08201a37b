import { arrivalTime, brakeGap, speedAfter } from './car-following.ts';
import { reckonTimes } from './intents.ts';
import { mapSlot } from './lane-order.ts';
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
    const foe = conflicts.foe[c]!;
    if (at >= conflicts.begin[c]! && street.linkTo[foe] !== street.linkTo[link]) continue;
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
  /** How far `v` has to go farther than `k` to the end of a merge. */
  const behind = street.linkLength[link]! - at - (street.linkLength[foe]! - foeAt);
  if (at >= begin) {
    // Where paths have come together already, who is behind falls back.
    if (
      foeAt < foeBegin ||
      !sharesSlot(world, v, k, street.linkTo[link]!) ||
      behind < 0 ||
      (behind === 0 && fleet.trip[v]! < fleet.trip[k]!)
    )
      return vNext;
    return followMerged(world, v, k, behind, vNext);
  }
  if (!merges && fleet.standing[k]! >= world.ignoreBlockerS) return vNext;
  if (foeAt < foeBegin) {
    const isFirst = goesFirst(world, v, link, at, begin, k, foe, foeAt, foeBegin);
    const canStop = stopsWithin(world, v, begin - at);
    const foeCanStop = stopsWithin(world, k, foeBegin - foeAt);
    // Who is first goes first, unless he can still stop and the other cannot.
    if (isFirst ? !canStop || foeCanStop : !canStop && foeCanStop) return vNext;
    if (isHeldUp(world, v, k, foeBegin - foeAt)) return vNext;
    const toEnd = (end - at + fleet.length[v]!) / Math.max(vNext, 2);
    if (toEnd < arrivalOfFirst(world, k, foe, foeBegin - foeAt, canStop)) return vNext;
  } else if (!merges && clearedAfter(world, k, foeEnd - back) < soonest(world, v, link, begin - at, vNext)) return vNext;
  if (merges && foeAt >= foeBegin && behind - fleet.length[k]! - fleet.minGap[v]! >= 0) return followMerged(world, v, k, behind, vNext);
  return Math.min(vNext, stopSpeed(world, v, begin - at - PATH_GAP_M));
};

/**
 * Does `v` go before `k`, `way` metres before their meeting place, although that one is first? Where both stand, `k` is held up by others, maybe by a ring
 * that only `v` can open; should it start in the same step, it must still be able to stop.
 */
const isHeldUp = ({ fleet, stepS }: World, v: number, k: number, way: number): boolean => {
  if (fleet.standing[v]! <= DEADLOCK_S || fleet.standing[k]! <= DEADLOCK_S) return false;
  const start = fleet.accel[k]! * stepS;
  return way > start * stepS + brakeGap(start, fleet.decel[k]!, 0, stepS) + 2 * PATH_GAP_M;
};

/** Will `v` and `k` be in one slot of `lane`, to which both are on their way? */
const sharesSlot = ({ fleet, street }: World, v: number, k: number, lane: number): boolean => {
  if (!fleet.narrow[v] || !fleet.narrow[k]) return true;
  const slotOf = (one: number): number => mapSlot(fleet.slot[one]!, street.laneSlots[fleet.lane[one]!]!, street.laneSlots[lane]!);
  return slotOf(v) === slotOf(k);
};

/** Speed of `v` up to `vNext` behind `k`, whose front is `behind` metres nearer to where both come out. */
const followMerged = (world: World, v: number, k: number, behind: number, vNext: number): number => {
  const gap = behind - world.fleet.length[k]! - world.fleet.minGap[v]!;
  return gap < 0 ? 0 : Math.min(vNext, followSpeed(world, v, gap, k));
};

/**
 * Does `v` go before `k`, which is inside the node and not yet where their paths meet? They go in the order in which they passed the line before that
 * place. Where neither has, the one who may; where both may, the one who drives, then in the order in which they came into the node.
 */
const goesFirst = (
  world: World,
  v: number,
  link: number,
  at: number,
  begin: number,
  k: number,
  foe: number,
  foeAt: number,
  foeBegin: number,
): boolean => {
  const { fleet, intents } = world;
  let mine = passedLineAt(world, v, link, at, begin);
  let its = passedLineAt(world, k, foe, foeAt, foeBegin);
  if (its === Infinity) {
    if (mine < Infinity) return true;
    const i = fleet.planFirst[k]!;
    if (i === fleet.planEnd[k] || intents.inside[i] === 0 || !mayPass(world, i)) return true;
    const [isSlow, isItSlow] = [fleet.speed[v]! < SLOW_MPS, fleet.speed[k]! < SLOW_MPS];
    if (at > 0 && isSlow !== isItSlow) return isItSlow;
    mine = at <= 0 ? Infinity : fleet.passedLine[v]!;
    its = fleet.passedLine[k]!;
  }
  return its > mine || (its === mine && fleet.trip[v]! < fleet.trip[k]!);
};

/** Can `v` still stop before another's path that begins `way` metres ahead? */
const stopsWithin = ({ fleet, stepS }: World, v: number, way: number): boolean =>
  way >= brakeGap(fleet.speed[v]!, fleet.decel[v]!, 0, stepS);

/**
 * When who yields must be behind the path of `k`, which goes first and is `way` metres from it along its link, s. A `k` that drives may accelerate all
 * the way, and who can still stop (`isCareful`) keeps a headway to it; one that stands can stop again after its first step.
 */
const arrivalOfFirst = (world: World, k: number, link: number, way: number, isCareful: boolean): number => {
  const { fleet, stepS } = world;
  const speed = Math.min(limitBehind(world, k, link), fleet.speed[k]! + fleet.accel[k]! * stepS);
  if (fleet.speed[k]! < SLOW_MPS) return way / Math.max(speed, 1);
  return soonest(world, k, link, way, speed) - (isCareful ? HEADWAY_S : 0);
};

/** Highest speed of `v` on its way out by `link`. */
const limitBehind = ({ fleet, street }: World, v: number, link: number): number =>
  Math.max(fleet.speed[v]!, street.laneSpeed[street.linkTo[link]!]! * fleet.speedFactor[v]!);

/** Shortest time of `v` over `way` metres of `link` if it drives with `speed` in this step, s. */
const soonest = (world: World, v: number, link: number, way: number, speed: number): number => {
  const { fleet } = world;
  const accel = fleet.accel[v]!;
  return arrivalTime(way, speed, Math.min(limitBehind(world, v, link), speedAfter(way, speed, accel)), accel, fleet.decel[v]!);
};

/** After how long `v` has surely driven `way` metres, even if it brakes from now on, s; Infinity where it might stop before. */
const clearedAfter = ({ fleet, stepS }: World, v: number, way: number): number => {
  const decel = fleet.decel[v]!;
  const speed = Math.max(0, fleet.speed[v]! - decel * stepS);
  const square = speed * speed - 2 * decel * way;
  return square < 0 ? Infinity : (speed - Math.sqrt(square)) / decel;
};
