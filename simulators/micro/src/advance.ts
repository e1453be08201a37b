import type { DetectorField } from './detectors.ts';
import { noteVehicle } from './fleet.ts';
import { ROUTE_ENDS, takeBearings } from './lane-guide.ts';
import { ALL_SLOTS, enterLane, leaveLane, mapSlot, noteLeaver, reorder } from './lane-order.ts';
import { waitSpeed } from './intents.ts';
import { drawUniform } from './random.ts';
import { mayPass, speedInNode } from './right-of-way.ts';
import { ARRIVED, RUNNING } from './trip-book.ts';
import { GREEN } from './lamps.ts';
import type { World } from './world.ts';

/** Hardest braking of who normally brakes less, m/s² (SUMO's emergencyDecel of cars: 9). */
const EMERGENCY_DECEL_MPS2 = 9;
/** Below this a vehicle waits, m/s (SUMO). */
const WAITING_MPS = 0.1;
/** How fast a driver forgets having been faster (SUMO's LOOK_AHEAD_SPEED_MEMORY). */
const FORGETTING_PER_S = 0.1;
/** A vehicle this near to the end of its route has arrived, m (SUMO's POSITION_EPS). */
const ARRIVAL_EPSILON_M = 0.1;

/** Second half of a step, before anybody moves: the speed of `v` after right of way, in `vPlan`. */
export const decide = (world: World, v: number): void => {
  const { fleet, street, intents, stepS: dt } = world;
  const hardest = Math.max(EMERGENCY_DECEL_MPS2, fleet.decel[v]!) * dt;
  let vNext = fleet.vPlan[v]!;
  // Who plans to stand stands, whoever has right of way.
  if (vNext === 0 && fleet.speed[v]! <= hardest) return;
  const own = street.laneLink[fleet.lane[v]!]!;
  const pathAt = own >= 0 ? street.lanePathOffset[fleet.lane[v]!]! + fleet.pos[v]! : 0;
  if (own >= 0) vNext = Math.min(vNext, speedInNode(world, v, own, pathAt, vNext));
  const end = fleet.planEnd[v]!;
  for (let i = fleet.planFirst[v]!; i < end; i++) {
    if (!mayPass(world, i)) {
      vNext = Math.min(vNext, waitSpeed(world, i));
      break;
    }
    if (intents.inside[i]) continue;
    const link = intents.link[i]!;
    const clear = Math.min(vNext, speedInNode(world, v, link, -intents.distance[i]!, vNext));
    // Who gives way does not go to stand on others' paths: held up inside without a waiting place, it stays at the line.
    if (clear < vNext && world.linkLamp[link] !== GREEN && street.linkWaitPos[link]! < 0) {
      vNext = Math.min(clear, waitSpeed(world, i));
      break;
    }
    vNext = clear;
  }
  const speed = fleet.speed[v]!;
  const sigma = fleet.sigma[v]!;
  const least = Math.max(0, speed - fleet.decel[v]! * dt);
  if (vNext > least && sigma > 0) {
    const dawdle = sigma * drawUniform(fleet.random, v) * Math.min(vNext, fleet.accel[v]! * dt);
    vNext = Math.max(least, vNext - dawdle);
  }
  fleet.vPlan[v] = Math.max(0, speed - hardest, vNext);
};

/** Those whose front has come to the end of their lane in the running step. */
let atEnd = new Int32Array(256);

/** Moves all running vehicles by their decided speeds; returns how many arrived. `detectors` see each vehicle's way before lanes change. */
export const advanceAll = (world: World, detectors: DetectorField): number => {
  const { fleet, stepS: dt } = world;
  const { end } = fleet;
  const { watched } = detectors;
  if (atEnd.length < end) atEnd = new Int32Array(2 * end);
  let ending = 0;
  for (let v = 0; v < end; v++) {
    if (fleet.state[v] !== RUNNING) continue;
    const speed = fleet.dwellUntil[v]! >= 0 ? 0 : fleet.vPlan[v]!;
    fleet.speedsUp[v] = speed > fleet.speed[v]! ? 1 : 0;
    fleet.speed[v] = speed;
    account(world, v, speed);
    if (speed > 0) {
      const from = fleet.pos[v]!;
      fleet.pos[v] = from + speed * dt;
      fleet.odometer[v]! += speed * dt;
      if (watched[fleet.lane[v]!] === 1) detectors.moved(world, v, from, fleet.pos[v]!);
    }
    if (endsLane(world, v)) atEnd[ending++] = v;
  }
  let arrived = 0;
  for (let i = 0; i < ending; i++) {
    const v = atEnd[i]!;
    changeOver(world, v, detectors);
    if (!arrives(world, v)) continue;
    arrive(world, v);
    arrived++;
  }
  // Only who shares a lane overtakes within it.
  let changed = fleet.hasNarrow;
  for (let pass = 0; changed && pass < 8; pass++) {
    changed = false;
    for (let v = 0; v < end; v++) if (fleet.state[v] === RUNNING && reorder(world.order, fleet, v)) changed = true;
  }
  return arrived;
};

const endsLane = ({ fleet, street }: World, v: number): boolean => fleet.pos[v]! > street.laneLength[fleet.lane[v]!]! - ARRIVAL_EPSILON_M;

const arrives = (world: World, v: number): boolean => {
  const { fleet, street } = world;
  return street.laneLink[fleet.lane[v]!]! < 0 && fleet.link[v] === ROUTE_ENDS && endsLane(world, v);
};

const arrive = (world: World, v: number): void => {
  const { book, fleet, street, order } = world;
  const [t, lane] = [fleet.trip[v]!, fleet.lane[v]!];
  leaveLane(order, fleet, v);
  fleet.odometer[v]! -= fleet.pos[v]! - street.laneLength[lane]!;
  fleet.state[v] = ARRIVED;
  fleet.running--;
  noteVehicle(fleet, book, v);
  book.state[t] = ARRIVED;
  book.arrived[t] = world.now;
  book.arrivalLane[t] = lane;
  book.arrivalSpeed[t] = fleet.speed[v]!;
};

/** Takes a vehicle whose front is past the end of its lane to the lane it is on now. */
const changeOver = (world: World, v: number, detectors: DetectorField): void => {
  const { fleet, street, order } = world;
  for (;;) {
    const lane = fleet.lane[v]!;
    const beyond = fleet.pos[v]! - street.laneLength[lane]!;
    if (beyond <= 0) return;
    let next: number;
    let step = fleet.step[v]!;
    const link = street.laneLink[lane]!;
    if (link >= 0) {
      const second = street.linkSecondVia[link]!;
      next = second >= 0 && lane !== second ? second : street.linkTo[link]!;
      if (next === street.linkTo[link]) step++;
    } else {
      const way = fleet.link[v]!;
      if (way === ROUTE_ENDS) return;
      if (way < 0) {
        fleet.pos[v] = street.laneLength[lane]!;
        return;
      }
      next = street.linkVia[way]!;
      if (next < 0) {
        next = street.linkTo[way]!;
        step++;
      }
    }
    leaveLane(order, fleet, v);
    noteLeaver(order, fleet, v, lane, beyond);
    if (fleet.narrow[v]) {
      fleet.slot[v] = mapSlot(fleet.slot[v]!, street.laneSlots[lane]!, street.laneSlots[next]!);
      fleet.slots[v] = 1 << fleet.slot[v];
    } else fleet.slots[v] = ALL_SLOTS;
    if (street.laneLink[next]! >= 0) fleet.passedLine[v] = world.now - beyond / Math.max(fleet.speed[v]!, WAITING_MPS);
    fleet.step[v] = step;
    fleet.lane[v] = next;
    fleet.pos[v] = beyond;
    enterLane(order, fleet, v);
    takeBearings(world, v);
    if (detectors.watched[next] === 1) detectors.moved(world, v, beyond - fleet.speed[v]! * world.stepS, beyond);
  }
};

const account = (world: World, v: number, speed: number): void => {
  const { fleet, street, stepS: dt } = world;
  const look = fleet.lookSpeed[v]!;
  fleet.lookSpeed[v] = speed > look ? speed : look + (speed - look) * FORGETTING_PER_S * dt;
  if (fleet.dwellUntil[v]! >= 0) {
    fleet.stopTime[v]! += dt;
    fleet.standing[v] = 0;
    return;
  }
  if (speed <= WAITING_MPS) {
    if (fleet.standing[v] === 0) fleet.waitingCount[v]!++;
    fleet.standing[v]! += dt;
    fleet.waitingTime[v]! += dt;
  } else fleet.standing[v] = 0;
  if (speed === 0) {
    fleet.timeLoss[v]! += dt;
    return;
  }
  const desired = Math.min(fleet.maxSpeed[v]!, street.laneSpeed[fleet.lane[v]!]! * fleet.speedFactor[v]!);
  fleet.timeLoss[v]! += Math.max(0, dt * (1 - speed / desired));
};
