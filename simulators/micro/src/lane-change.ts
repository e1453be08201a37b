import { brakeGap, followsFreely, KRAUSS, secureGap } from './car-following.ts';
import { RED } from './lamps.ts';
import { ROUTE_ENDS, takeBearings } from './lane-guide.ts';
import { ALL_SLOTS, insertBehind, leaveLane, mapSlot } from './lane-order.ts';
import { nextStop } from './bus-stop.ts';
import { followSpeed, lastOnLane, overhang } from './leader.ts';
import { RUNNING } from './trip-book.ts';
import type { World } from './world.ts';

// Constants of SUMO's LC2013 (MSLCM_LC2013.cpp).
/** Time ahead for which a needed change is planned, s; doubled for changes to the left. */
const LOOK_FORWARD_S = 10;
const GAIN_THRESHOLD_LEFT = 0.2;
const GAIN_THRESHOLD_RIGHT = 2;
const GAIN_MIN_SPEED_MPS = 10;
const KEEP_RIGHT_S = 5;
/** Another lane is only worth it when it can be kept this long, s. */
const GAIN_KEEP_S = 20;
/** Followers farther away than this are not asked for a gap, m. */
const ASK_GAP_M = 60;
/** Nobody farther away than this has to brake for a changer, m: the way to stop from 100 km/h. */
const FAR_M = 120;
/** Two vehicles side by side that each need the other's lane change places after standing this long, s. */
const SWAP_AFTER_S = 5;
/** A lane changer plans at least as if driving this fast, m/s: in a standing queue it still looks some lengths ahead. */
const LOOK_AHEAD_MIN_MPS = 5;

const MAX_LANES = 16;
/** Per lane of the edge at hand: the first vehicle behind the one considered. */
const cursor = new Int32Array(MAX_LANES);

/** Lane and slot changes of all vehicles on roads, edge by edge, downstream first. */
export const changeLanes = (world: World): void => {
  const { street, order } = world;
  for (const edge of street.roads) {
    const first = street.edgeFirstLane[edge]!;
    const count = street.edgeLaneCount[edge]!;
    let vehicles = 0;
    for (let j = 0; j < count; j++) {
      cursor[j] = order.first[first + j]!;
      vehicles += order.count[first + j]!;
    }
    if (vehicles > 0) changeOnEdge(world, first, count);
  }
};

const changeOnEdge = (world: World, first: number, count: number): void => {
  const { fleet } = world;
  for (;;) {
    let from = -1;
    for (let j = 0; j < count; j++) if (cursor[j]! >= 0 && (from < 0 || fleet.pos[cursor[j]!]! > fleet.pos[cursor[from]!]!)) from = j;
    if (from < 0) return;
    const v = cursor[from]!;
    cursor[from] = fleet.behind[v]!;
    if (fleet.dwellUntil[v]! >= 0) continue;
    if (count > 1 && considerLanes(world, v, first, count, from)) continue;
    if (fleet.narrow[v]) considerSlots(world, v);
  }
};

/** Decides for `v` on lane `from` of its edge; true when it has changed lanes. */
const considerLanes = (world: World, v: number, first: number, count: number, from: number): boolean => {
  const { fleet, street } = world;
  const pos = fleet.pos[v]!;
  let offset = fleet.offset[v]!;
  let remaining = fleet.reach[v]! - pos;
  const stopLane = fleet.stopLane[v]! < 0 ? -1 : fleet.stopLane[v]! - first;
  const forStop = stopLane >= 0 && stopLane < count && nextStop(world, v).endPosM > pos - 1;
  if (forStop) {
    offset = stopLane - from;
    if (offset !== 0) remaining = nextStop(world, v).endPosM - pos;
  }
  const extra = 2 * (fleet.length[v]! + fleet.minGap[v]!);

  if (offset !== 0) {
    const side = offset > 0 ? 1 : -1;
    const look = Math.max(fleet.speed[v]!, LOOK_AHEAD_MIN_MPS) * LOOK_FORWARD_S;
    const usable = remaining - world.order.occupied[first + from + offset]!;
    if (usable / Math.abs(offset) < look * (side > 0 ? 2 : 1) + extra) {
      if (tryChange(world, v, first, from, from + side)) return true;
      return askForGap(world, v, first, from, from + side);
    }
  }
  if (forStop) return false;
  const desired = Math.min(fleet.maxSpeed[v]!, street.laneSpeed[first + from]! * fleet.speedFactor[v]!);
  const next = fleet.speed[v]! + fleet.accel[v]! * world.stepS;
  const left = from + 1;
  const right = from - 1;
  let gain = fleet.speedGain[v]!;
  const ahead = nearest(world, fleet.ahead[v]!, fleet.slots[v]!);
  if (left < count && mayKeep(world, v, first + from, 1)) {
    const beside = nearest(world, aheadOn(world, first, left), sideSlots(world, v, first + from, first + left));
    const top = isStarting(world, ahead, beside) ? Math.min(desired, next) : desired;
    prospects[TOP] = top;
    prospect(world, v, ahead, HERE);
    const here = prospects[HERE]!;
    // Nobody drives faster than that anywhere.
    prospects[THERE] = here;
    if (here < top) prospect(world, v, beside, THERE);
    const there = prospects[THERE];
    if (there > here) gain = Math.max(gain, 0) + (world.stepS * (there - here)) / Math.max(there, GAIN_MIN_SPEED_MPS);
    else gain *= 0.5;
    if (gain > GAIN_THRESHOLD_LEFT && there > here + 0.1 && tryChange(world, v, first, from, left)) return true;
  } else if (gain > 0) gain *= 0.5;
  if (right >= 0 && mayKeep(world, v, first + from, -1)) {
    const beside = nearest(world, aheadOn(world, first, right), sideSlots(world, v, first + from, first + right));
    const top = isStarting(world, ahead, beside) ? Math.min(desired, next) : desired;
    prospects[TOP] = top;
    prospect(world, v, ahead, HERE);
    prospect(world, v, beside, THERE);
    const [here, there] = [prospects[HERE]!, prospects[THERE]!];
    if (there > here + 0.1) gain -= (world.stepS * (there - here)) / Math.max(there, GAIN_MIN_SPEED_MPS);
    else if (gain < 0) gain *= 0.5;
    fleet.keepRight[v]! += there >= top - 0.1 ? world.stepS / KEEP_RIGHT_S : -fleet.keepRight[v]! * 0.5;
    const wished =
      gain < -GAIN_THRESHOLD_RIGHT || (gain < -GAIN_THRESHOLD_LEFT && fleet.standing[v]! > 0) || fleet.keepRight[v]! > GAIN_THRESHOLD_RIGHT;
    if (wished && tryChange(world, v, first, from, right)) return true;
  } else fleet.keepRight[v] = 0;
  fleet.speedGain[v] = gain;
  return false;
};

/** Can `v` drive on the lane to the left (`side` 1) or right (−1) of `lane` long enough, and come back in time where it must? */
const mayKeep = (world: World, v: number, lane: number, side: number): boolean => {
  const { fleet, order } = world;
  const reach = side > 0 ? fleet.leftReach[v]! : fleet.rightReach[v]!;
  if (reach <= GAIN_KEEP_S * fleet.speed[v]!) return false;
  if ((side > 0 ? fleet.leftOffset[v] : fleet.rightOffset[v]) === 0) return true;
  // The way back must not be jammed either.
  const jam = Math.max(order.occupied[lane]!, order.occupied[lane + side]!);
  const usable = reach - fleet.pos[v]! - jam;
  const lookForward = fleet.lookSpeed[v]! * LOOK_FORWARD_S * (side > 0 ? 2 : 1);
  return usable >= (Math.abs(fleet.offset[v]!) + 2) * (lookForward + 2 * (fleet.length[v]! + fleet.minGap[v]!));
};

/** First vehicle of lane `j` level with or ahead of the one considered. */
const aheadOn = (world: World, first: number, j: number): number =>
  cursor[j]! >= 0 ? world.fleet.ahead[cursor[j]!]! : world.order.last[first + j]!;

/** The slots `v` would take first on the lane `to` beside it. */
const sideSlots = (world: World, v: number, from: number, to: number): number => {
  if (!world.fleet.narrow[v]) return ALL_SLOTS;
  return 1 << (to > from ? 0 : world.street.laneSlots[to]! - 1);
};

/** First vehicle of the chain `ahead` that shares `slots`, −1 where there is none. */
const nearest = ({ fleet }: World, ahead: number, slots: number): number => {
  let a = ahead;
  while (a >= 0 && (fleet.slots[a]! & slots) === 0) a = fleet.ahead[a]!;
  return a;
};

/** Is a leader on one of the lanes compared still gaining speed? Then only the next step counts (SUMO): else everybody would change lanes when a queue starts. */
const isStarting = ({ fleet }: World, ahead: number, beside: number): boolean =>
  (ahead >= 0 && fleet.speedsUp[ahead] === 1) || (beside >= 0 && fleet.speedsUp[beside] === 1);

/**
 * Speeds of the vehicle considered: the top up to which lanes are compared, and what it could drive here and there. Handed over in an array because
 * numbers that a call passes lie on the heap, unless the compiler inlines the call.
 */
const prospects = new Float64Array(3);
const [TOP, HERE, THERE] = [0, 1, 2];

/** Puts the speed up to the top that `v` could drive behind `leader` into `prospects[place]`. */
const prospect = (world: World, v: number, leader: number, place: number): void => {
  const { fleet, stepS } = world;
  const top = prospects[TOP]!;
  prospects[place] = top;
  if (leader < 0) return;
  const gap = fleet.pos[leader]! - fleet.length[leader]! - fleet.minGap[v]! - fleet.pos[v]!;
  const decel = fleet.decel[v]!;
  if (fleet.model[v] === KRAUSS && followsFreely(gap, top, decel, fleet.tau[v]!, fleet.speed[leader]!, fleet.decel[leader]!, stepS)) return;
  prospects[place] = Math.min(top, followSpeed(world, v, gap, leader));
};

const tryChange = (world: World, v: number, first: number, from: number, to: number): boolean => {
  const { fleet, street } = world;
  if ((to > from ? fleet.leftReach[v]! : fleet.rightReach[v]!) < 0) return false;
  const lane = first + to;
  if (!fleet.narrow[v]) {
    if (!isFree(world, v, first, to, ALL_SLOTS)) return false;
    moveTo(world, v, first, to, fleet.slot[v]!, ALL_SLOTS);
    return true;
  }
  const slots = street.laneSlots[lane]!;
  for (let i = 0; i < slots; i++) {
    const slot = to > from ? i : slots - 1 - i;
    if (!isFree(world, v, first, to, 1 << slot)) continue;
    moveTo(world, v, first, to, slot, 1 << slot);
    return true;
  }
  return false;
};

const moveTo = (world: World, v: number, first: number, to: number, slot: number, slots: number): void => {
  const { fleet, order } = world;
  const ahead = aheadOn(world, first, to);
  leaveLane(order, fleet, v);
  fleet.lane[v] = first + to;
  fleet.slot[v] = slot;
  fleet.slots[v] = slots;
  insertBehind(order, fleet, v, first + to, ahead);
  takeBearings(world, v);
  fleet.speedGain[v] = 0;
  fleet.keepRight[v] = 0;
};

/** Is there a safe gap for `v` beside it on lane `to`, in `slots`? */
const isFree = (world: World, v: number, first: number, to: number, slots: number): boolean => {
  const { fleet, street, order, intents, stepS: dt } = world;
  const [pos, length] = [fleet.pos[v]!, fleet.length[v]!];
  const lane = first + to;
  if (comesTooLate(world, v, lane)) return false;
  const wanted = slots & ((1 << street.laneSlots[lane]!) - 1);
  let open = wanted;
  for (let a = aheadOn(world, first, to); a >= 0 && open !== 0; a = fleet.ahead[a]!) {
    if ((fleet.slots[a]! & open) === 0) continue;
    if (fleet.pos[a]! - fleet.length[a]! - pos > FAR_M) break;
    if (!leaderGap(world, v, a, fleet.pos[a]! - fleet.length[a]! - pos)) return false;
    open &= ~fleet.slots[a]!;
  }
  if (open !== 0 && !isFreeBeyond(world, v, lane, slots)) return false;
  open = wanted;
  for (let b = cursor[to]!; b >= 0 && open !== 0; b = fleet.behind[b]!) {
    if ((fleet.slots[b]! & open) === 0) continue;
    if (pos - length - fleet.pos[b]! > FAR_M) return true;
    if (!followerGap(world, v, b, pos - length - fleet.pos[b]!)) return false;
    open &= ~fleet.slots[b]!;
  }
  if (open === 0) return true;
  for (const link of street.linksInto[lane]!) {
    for (let via = street.linkVia[link]!; via >= 0; via = via === street.linkVia[link]! ? street.linkSecondVia[link]! : -1) {
      const k = order.first[via]!;
      if (k < 0) continue;
      const way = street.linkLength[link]! - street.lanePathOffset[via]! - fleet.pos[k]!;
      if (!followerGap(world, v, k, pos - length + way)) return false;
    }
    for (let i = world.linkIntents[link]!; i >= 0; i = intents.nextOnLink[i]!) {
      const k = intents.vehicle[i]!;
      if (fleet.state[k] !== RUNNING || k === v || street.laneLink[fleet.lane[k]!]! >= 0) continue;
      const way = street.linkLength[link]! + intents.distance[i]! - fleet.speed[k]! * dt;
      if (!followerGap(world, v, k, pos - length + way)) return false;
    }
  }
  return true;
};

/** Would `v`, first in `slots` of `lane`, have room to those who have left that lane before it? */
const isFreeBeyond = (world: World, v: number, lane: number, slots: number): boolean => {
  const { fleet, street, stepS: dt } = world;
  const sight = brakeGap(fleet.speed[v]!, fleet.decel[v]!, fleet.tau[v]!, dt) + fleet.minGap[v]!;
  let way = street.laneLength[lane]! - fleet.pos[v]!;
  if (way > sight) return true;
  const hang = overhang(world, lane, slots);
  if (hang.vehicle >= 0 && !leaderGap(world, v, hang.vehicle, hang.back - fleet.pos[v]!)) return false;
  const link = linkFrom(world, v, lane);
  if (link < 0) return true;
  const [via, second, to] = [street.linkVia[link]!, street.linkSecondVia[link]!, street.linkTo[link]!];
  let before = lane;
  let slot = slots === ALL_SLOTS ? -1 : 31 - Math.clz32(slots);
  for (let next = via >= 0 ? via : to; ; next = next === via && second >= 0 ? second : to) {
    if (slot >= 0) slot = mapSlot(slot, street.laneSlots[before]!, street.laneSlots[next]!);
    const a = lastOnLane(world, next, slot < 0 ? ALL_SLOTS : 1 << slot);
    if (a >= 0) return leaderGap(world, v, a, way + fleet.pos[a]! - fleet.length[a]!);
    way += street.laneLength[next]!;
    if (next === to || way > sight) return true;
    before = next;
  }
};

/** Where `v` would go on from `lane` of its edge, −1 where that is not on its way, −2 where its route ends. */
const linkFrom = ({ fleet, street, guides }: World, v: number, lane: number): number => {
  const step = fleet.step[v]!;
  return guides.last[step] === 1 ? ROUTE_ENDS : guides.link[guides.start[step]! + lane - street.edgeFirstLane[guides.edge[step]!]!]!;
};

/** Can `v` no longer stop before the line of `lane`, behind which somebody is on a path that meets it, or which is red? */
const comesTooLate = (world: World, v: number, lane: number): boolean => {
  const { fleet, street, order, stepS: dt } = world;
  if (street.laneLength[lane]! - fleet.pos[v]! >= brakeGap(fleet.speed[v]!, fleet.decel[v]!, 0, dt)) return false;
  const link = linkFrom(world, v, lane);
  if (link < 0) return false;
  if (world.linkLamp[link] === RED) return true;
  for (let c = street.conflictBegin[link]!; c < street.conflictBegin[link + 1]!; c++) {
    const foe = street.conflicts.foe[c]!;
    const [via, second] = [street.linkVia[foe]!, street.linkSecondVia[foe]!];
    if ((via >= 0 && order.count[via]! > 0) || (second >= 0 && order.count[second]! > 0)) return true;
  }
  return false;
};

const leaderGap = (world: World, v: number, a: number, frontToBack: number): boolean => {
  const { fleet, stepS: dt } = world;
  const gap = frontToBack - fleet.minGap[v]!;
  return gap >= 0 && gap >= secureGap(fleet.speed[v]!, fleet.decel[v]!, fleet.tau[v]!, fleet.speed[a]!, fleet.decel[a]!, dt);
};

const followerGap = (world: World, v: number, k: number, backToFront: number): boolean => {
  const { fleet, stepS: dt } = world;
  const gap = backToFront - fleet.minGap[k]!;
  return gap >= 0 && gap >= secureGap(fleet.speed[k]!, fleet.decel[k]!, fleet.tau[k]!, fleet.speed[v]!, fleet.decel[v]!, dt);
};

/** `v` must change to lane `to` but has no gap: its follower there makes one, and `v` falls in behind its leader. True when two have swapped. */
const askForGap = (world: World, v: number, first: number, from: number, to: number): boolean => {
  const { fleet } = world;
  const mine = fleet.narrow[v] ? sideSlots(world, v, first + from, first + to) : ALL_SLOTS;
  let b = cursor[to]!;
  const a = nearest(world, aheadOn(world, first, to), mine);
  // Those alongside pass; the first one behind in each slot keeps clear as if the changer were ahead of it already.
  let asked = 0;
  for (; b >= 0 && (mine & ~asked) !== 0; b = fleet.behind[b]!) {
    if ((fleet.slots[b]! & mine & ~asked) === 0) continue;
    const gap = fleet.pos[v]! - fleet.length[v]! - fleet.minGap[b]! - fleet.pos[b]!;
    if (gap < 0) {
      if (swap(world, v, b)) return true;
      continue;
    }
    asked |= fleet.slots[b]!;
    if (gap > ASK_GAP_M) break;
    fleet.vCourtesy[b] = Math.min(fleet.vCourtesy[b]!, followSpeed(world, b, gap, v));
  }
  if (a >= 0) {
    const gap = fleet.pos[a]! - fleet.length[a]! - fleet.minGap[v]! - fleet.pos[v]!;
    if (gap < 0 && fleet.speed[a]! > 0.1) fleet.vCourtesy[v] = Math.min(fleet.vCourtesy[v]!, Math.max(0, fleet.speed[a]! - 1));
    if (gap < 0 && swap(world, v, a)) return true;
  }
  return false;
};

/** Exchanges the places of two standing vehicles of one size that need each other's lane: nothing else can free either of them. */
const swap = (world: World, v: number, k: number): boolean => {
  const { fleet, order, street } = world;
  if (fleet.standing[v]! < SWAP_AFTER_S || fleet.standing[k]! < SWAP_AFTER_S || fleet.dwellUntil[k]! >= 0) return false;
  if (fleet.narrow[v] !== fleet.narrow[k] || Math.abs(fleet.length[v]! - fleet.length[k]!) > 0.01) return false;
  const [mine, theirs] = [fleet.lane[v]!, fleet.lane[k]!];
  if (Math.sign(fleet.offset[k]!) !== Math.sign(mine - theirs)) return false;
  const aheadOfV = fleet.ahead[v]!;
  leaveLane(order, fleet, v);
  const aheadOfK = fleet.ahead[k]!;
  leaveLane(order, fleet, k);
  [fleet.pos[v], fleet.pos[k]] = [fleet.pos[k]!, fleet.pos[v]!];
  [fleet.slot[v], fleet.slot[k]] = [fleet.slot[k]!, fleet.slot[v]!];
  [fleet.slots[v], fleet.slots[k]] = [fleet.slots[k]!, fleet.slots[v]!];
  fleet.lane[v] = theirs;
  fleet.lane[k] = mine;
  insertBehind(order, fleet, v, theirs, aheadOfK);
  insertBehind(order, fleet, k, mine, aheadOfV);
  takeBearings(world, v);
  takeBearings(world, k);
  const edgeFirst = street.edgeFirstLane[street.laneEdge[mine]!]!;
  if (cursor[theirs - edgeFirst] === k) cursor[theirs - edgeFirst] = fleet.behind[v]!;
  if (cursor[mine - edgeFirst] === v) cursor[mine - edgeFirst] = fleet.behind[k]!;
  return true;
};

/** A motorcycle moves over by one slot within its lane where it gets on better. */
const considerSlots = (world: World, v: number): void => {
  const { fleet, street, stepS: dt } = world;
  const lane = fleet.lane[v]!;
  const slots = street.laneSlots[lane]!;
  const slot = Math.min(fleet.slot[v]!, slots - 1);
  const desired = Math.min(fleet.maxSpeed[v]!, street.laneSpeed[lane]! * fleet.speedFactor[v]!);
  prospects[TOP] = desired;
  prospect(world, v, nearest(world, fleet.ahead[v]!, 1 << slot), HERE);
  let best = prospects[HERE]! + 0.3;
  if (best >= desired) return;
  let chosen = -1;
  for (let d = -1; d <= 1; d += 2) {
    const to = slot + d;
    if (to < 0 || to >= slots) continue;
    const a = nearest(world, fleet.ahead[v]!, 1 << to);
    prospect(world, v, a, THERE);
    const there = prospects[THERE]!;
    if (there <= best || there < fleet.speed[v]! - fleet.decel[v]! * dt) continue;
    if (a >= 0 ? fleet.pos[a]! - fleet.length[a]! < fleet.pos[v]! + 0.2 : !isFreeBeyond(world, v, lane, 1 << to)) continue;
    let b = fleet.behind[v]!;
    while (b >= 0 && (fleet.slots[b]! & (1 << to)) === 0) b = fleet.behind[b]!;
    const gap = b < 0 ? Infinity : fleet.pos[v]! - fleet.length[v]! - fleet.pos[b]! - fleet.minGap[b]!;
    if (b >= 0 && (gap < 0 || gap < secureGap(fleet.speed[b]!, fleet.decel[b]!, fleet.tau[b]!, fleet.speed[v]!, fleet.decel[v]!, dt)))
      continue;
    if (b < 0 && fleet.pos[v]! < 2 * fleet.length[v]! && inflow(world, lane)) continue;
    best = there;
    chosen = to;
  }
  if (chosen < 0) return;
  fleet.slot[v] = chosen;
  fleet.slots[v] = 1 << chosen;
};

/** Somebody inside the node is about to enter the lane. */
const inflow = (world: World, lane: number): boolean => {
  const { street, order } = world;
  for (const link of street.linksInto[lane]!) {
    const [via, second] = [street.linkVia[link]!, street.linkSecondVia[link]!];
    if ((via >= 0 && order.count[via]! > 0) || (second >= 0 && order.count[second]! > 0)) return true;
  }
  return false;
};
