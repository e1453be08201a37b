import type { VehicleSighting } from '../detection/actuation.ts';
import type { LaneId, MovementId, SignalGroupId } from '../ids.ts';
import type { Movement } from '../intersection/lane.ts';
import type { Site } from '../intersection/site.ts';
import type { Duration, Instant } from '../time.ts';
import type { Arrival, LaneDemand, TurnShare } from './demand.ts';
import { TURN_MEMORY, TURN_PRIOR } from './turn-shares.ts';
import { expectedArrivals } from './expected-arrivals.ts';
import type { IndexedLane } from './lane-index.ts';
import { indexLanes } from './lane-index.ts';
import type { Green } from './lane-state.ts';
import type { MeanFlow } from './mean-flow.ts';
import { flowPerS, START_FLOW, updateFlow } from './mean-flow.ts';
import { travelTimeS } from './travel-time.ts';

interface SeenVehicle {
  readonly lane: LaneId;
  readonly stoppedSince: Instant | undefined;
}

/** What is remembered of vehicles whose positions are known. */
export interface VehicleState {
  readonly at: Instant;
  readonly sightings: readonly VehicleSighting[];
  readonly seen: ReadonlyMap<string, SeenVehicle>;
  readonly flows: ReadonlyMap<LaneId, MeanFlow>;
  /** Departures by movement, older ones count less. */
  readonly turns: ReadonlyMap<MovementId, number>;
  /** Farthest sighting so far per lane, m: behind it the mean flow is filled in. */
  readonly sightM: ReadonlyMap<LaneId, number>;
  /** Exits that hold a queue although it has had green, until when that is believed. */
  readonly stuck: readonly { readonly exit: LaneId; readonly until: Instant }[];
  readonly stuckExits: readonly LaneId[];
}

/** SUMO's own halting threshold is 0.1 m/s; crawling up in a queue counts as standing too. */
const STANDING_MPS = 1;
/** A first vehicle that stands this long at a protected green has no room to go to (a start takes 2 s). */
const STUCK_MS = 8000;
/** How long that belief lasts after it was last seen. */
const BELIEF_MS = 6000;
const HEAD_M = 12;
/** 1.9 s per passenger car in a moving queue (measured 2.0 with start-up, which the search adds itself). */
const SATURATION_PCU_PER_S = 1 / 1.9;

export function updateVehicles(
  site: Site,
  state: VehicleState | undefined,
  sightings: readonly VehicleSighting[],
  now: Instant,
  greens: ReadonlyMap<SignalGroupId, Green>,
): VehicleState {
  const seen = new Map<string, SeenVehicle>();
  const sightM = new Map(state?.sightM);
  for (const sighting of sightings) {
    const before = state?.seen.get(sighting.vehicle);
    const stopped = sighting.speedMps < STANDING_MPS;
    seen.set(sighting.vehicle, {
      lane: sighting.lane,
      stoppedSince: stopped ? (before?.stoppedSince ?? now) : undefined,
    });
    if (sighting.distanceM > (sightM.get(sighting.lane) ?? 0)) sightM.set(sighting.lane, sighting.distanceM);
  }
  const departures = new Map<LaneId, number>();
  const turns = new Map(state?.turns);
  for (const { vehicle, lane, movement } of state?.sightings ?? []) {
    if (seen.has(vehicle)) continue;
    departures.set(lane, (departures.get(lane) ?? 0) + 1);
    if (movement !== undefined) countTurn(turns, site, lane, movement);
  }
  const elapsed = (state ? now - state.at : 0) as Duration;
  const flows = new Map(site.lanes.map(({ id }) => [id, updateFlow(state?.flows.get(id) ?? START_FLOW, elapsed, departures.get(id) ?? 0)]));
  const stuck = findStuck(site, sightings, seen, state, now, greens);
  return { at: now, sightings, seen, flows, turns, sightM, stuck, stuckExits: stuck.map(({ exit }) => exit) };
}

/** Departures forget their forerunners of the same lane. */
function countTurn(turns: Map<MovementId, number>, site: Site, lane: LaneId, movement: MovementId): void {
  for (const { id, fromLane } of site.movements) if (fromLane === lane) turns.set(id, (turns.get(id) ?? 0) * TURN_MEMORY);
  turns.set(movement, (turns.get(movement) ?? 0) + 1);
}

function readShares({ movements }: IndexedLane, turns: ReadonlyMap<MovementId, number>): readonly TurnShare[] {
  const weights = movements.map(({ id, turn }) => (turns.get(id) ?? 0) + TURN_PRIOR[turn]);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return movements.map(({ id }, i) => ({ movement: id, share: weights[i]! / total }));
}

function findStuck(
  site: Site,
  sightings: readonly VehicleSighting[],
  seen: ReadonlyMap<string, SeenVehicle>,
  state: VehicleState | undefined,
  now: Instant,
  greens: ReadonlyMap<SignalGroupId, Green>,
): VehicleState['stuck'] {
  const stuck = new Map((state?.stuck ?? []).filter(({ until }) => until > now).map(({ exit, until }) => [exit, until]));
  for (const first of firstOfLanes(sightings)) {
    const since = seen.get(first.vehicle)?.stoppedSince;
    if (since === undefined || first.distanceM > HEAD_M) continue;
    const movement = findMovement(site, first);
    const green = movement && greens.get(movement.group);
    if (green?.protectedGreen === true && now - Math.max(green.since, since) >= STUCK_MS)
      stuck.set(movement!.toLane, (now + BELIEF_MS) as Instant);
  }
  return [...stuck].map(([exit, until]) => ({ exit, until }));
}

/** Who stands behind a first one that wants another turn tells nothing of its own exit. */
function firstOfLanes(sightings: readonly VehicleSighting[]): Iterable<VehicleSighting> {
  const firsts = new Map<LaneId, VehicleSighting>();
  for (const sighting of sightings)
    if (!(sighting.distanceM >= (firsts.get(sighting.lane)?.distanceM ?? Infinity))) firsts.set(sighting.lane, sighting);
  return firsts.values();
}

const findMovement = (site: Site, sighting: VehicleSighting): Movement | undefined =>
  sighting.movement === undefined ? undefined : site.movements.find((movement) => movement.id === sighting.movement);

/** Every vehicle in sight by its earliest arrival, first come first; behind the sight the mean flow. */
export function readVehicles(site: Site, state: VehicleState, now: Instant, until: Instant): readonly LaneDemand[] {
  const byLane = new Map<LaneId, VehicleSighting[]>();
  for (const sighting of state.sightings) {
    const lane = byLane.get(sighting.lane);
    if (lane) lane.push(sighting);
    else byLane.set(sighting.lane, [sighting]);
  }
  return indexLanes(site).map((lane) => readVehicleLane(lane, state, byLane.get(lane.lane.id) ?? [], now, until));
}

function readVehicleLane(lane: IndexedLane, state: VehicleState, sightings: VehicleSighting[], now: Instant, until: Instant): LaneDemand {
  const { id, speedMps } = lane.lane;
  sightings.sort((a, b) => a.distanceM - b.distanceM);
  let previous = 0;
  const arrivals: Arrival[] = sightings.map((sighting) => {
    const since = state.seen.get(sighting.vehicle)?.stoppedSince;
    const earliest = now + 1000 * travelTimeS(sighting.distanceM, sighting.speedMps, speedMps);
    previous = Math.max(previous, Math.round(earliest));
    return {
      at: previous as Instant,
      pcu: sighting.pcu,
      persons: sighting.persons,
      stopped: since !== undefined,
      ...(since === undefined ? {} : { waitingSince: since }),
      ...(sighting.movement === undefined ? {} : { movement: sighting.movement }),
    };
  });
  const sightEnd = Math.max(previous, now + ((state.sightM.get(id) ?? 0) / speedMps) * 1000) as Instant;
  const filled = expectedArrivals(flowPerS(state.flows.get(id) ?? START_FLOW), sightEnd, until, 1, 1);
  return {
    lane: id,
    arrivals: [...arrivals, ...filled],
    saturationPcuPerS: SATURATION_PCU_PER_S,
    turnShares: readShares(lane, state.turns),
    confidence: 1,
  };
}
