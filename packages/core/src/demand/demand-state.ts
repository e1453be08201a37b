import type { VehicleSighting } from '../detection/actuation.ts';
import type { JunctionCounts } from '../detection/counts.ts';
import type { LampState } from '../controller/lamp.ts';
import { isGreen } from '../controller/lamp.ts';
import type { LaneId, SignalGroupId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Instant } from '../time.ts';
import { between, seconds } from '../time.ts';
import type { Arrival, ExitStorage, JunctionDemand, LaneDemand, PedestrianCall } from './demand.ts';
import type { DemandSettings } from './demand-settings.ts';
import { demandSettings } from './demand-settings.ts';
import { indexLanes } from './lane-index.ts';
import type { LaneState } from './lane-state.ts';
import { readLane, startLane, updateLane } from './lane-state.ts';
import { flowPerS } from './mean-flow.ts';
import { approachOf, sendOn, type SentTraffic } from './sent-traffic.ts';
import type { PedestrianState } from './pedestrian-calls.ts';
import { readPedestrians, startPedestrians, updatePedestrians } from './pedestrian-calls.ts';
import type { VehicleState } from './vehicle-queue.ts';
import { readVehicles, updateVehicles } from './vehicle-queue.ts';

/** Plain data; one per junction, replaced at each update. */
export interface DemandState {
  /** On the way to the next junctions. */
  readonly sent: readonly SentTraffic[];
  readonly settings: DemandSettings;
  readonly at: Instant;
  readonly lanes: readonly LaneState[];
  readonly vehicles: VehicleState | undefined;
  readonly pedestrians: readonly PedestrianState[];
  readonly exits: readonly ExitStorage[];
}

/** Arrivals at one stop line that the junction upstream expects to send (`predictOutflow`). */
export interface LaneInflow {
  readonly lane: LaneId;
  readonly arrivals: readonly Arrival[];
  /** Nothing is known of the time behind this. */
  readonly until: Instant;
}

export interface DemandInput {
  readonly now: Instant;
  /** What the loops and push buttons saw since the last update. */
  readonly counts?: JunctionCounts;
  /** All vehicles in sight, where positions are known: they replace the loops' estimate. */
  readonly sightings?: readonly VehicleSighting[];
  /** What the street was shown since the last update. */
  readonly lamps: readonly LampState[];
  readonly exits?: readonly ExitStorage[];
  readonly inflow?: readonly LaneInflow[];
}

/** Nothing is known yet: mean flows start from a cautious guess and give way to what is measured. */
export function startDemand(site: Site, now: Instant, settings: DemandSettings = demandSettings(site)): DemandState {
  return {
    settings,
    at: now,
    lanes: indexLanes(site).map((lane) => startLane(lane, now, settings.mix)),
    vehicles: undefined,
    pedestrians: startPedestrians(site, now),
    exits: [],
    sent: [],
  };
}

/** Folds what was seen since the last update into the estimate. */
export function updateDemand(site: Site, state: DemandState, input: DemandInput): DemandState {
  const greens = greenSince(input.lamps);
  const actuations = input.counts?.actuations ?? [];
  const failed = new Set<string>(input.counts?.counts.filter((count) => count.quality === 'failed').map((count) => count.detector));
  const sighted = input.sightings !== undefined;
  const inflows = mergeByApproach(input.inflow ?? []);
  const lanes = sighted
    ? state.lanes
    : indexLanes(site).map((lane, i) =>
        updateLane(lane, state.lanes[i]!, between(state.at, input.now), {
          now: input.now,
          actuations,
          failed,
          greens,
          inflow: inflows.get(approachOf(lane.lane.id)),
          mix: state.settings.mix,
        }),
      );
  return {
    settings: state.settings,
    at: input.now,
    lanes,
    sent: sighted ? [] : sendOn(state.sent, indexLanes(site), lanes, (group) => greens.has(group), input.now, state.settings.mix),
    vehicles: input.sightings ? updateVehicles(site, state.vehicles, input.sightings, input.now, greens) : undefined,
    pedestrians: updatePedestrians(site, state.pedestrians, actuations, input.lamps, between(state.at, input.now), input.now),
    exits: input.exits ?? [],
  };
}

/** The picture a planner works on. */
export function readDemand(site: Site, state: DemandState, now: Instant): JunctionDemand {
  const until = (now + seconds(state.settings.horizonS)) as Instant;
  const lanes: readonly LaneDemand[] = state.vehicles
    ? readVehicles(site, state.vehicles, now, until)
    : indexLanes(site).map((lane, i) => readLane(lane, state.lanes[i]!, now, until, state.settings.mix, shareOfApproach(site, state, i)));
  const pedestrians: readonly PedestrianCall[] = readPedestrians(state.pedestrians, now);
  return {
    junction: site.id,
    at: now,
    lanes,
    pedestrians,
    exits: state.vehicles ? mergeExits(state.exits, state.vehicles.stuckExits) : state.exits,
  };
}

/** A lane's part of its approach's mean flow. */
function shareOfApproach(site: Site, state: DemandState, lane: number): number {
  const lanes = indexLanes(site);
  const approach = approachOf(lanes[lane]!.lane.id);
  const flow = (i: number): number => flowPerS(state.lanes[i]!.flow);
  const total = lanes.reduce((sum, other, i) => (approachOf(other.lane.id) === approach ? sum + flow(i) : sum), 0);
  return total > 0 ? flow(lane) / total : 0;
}

/** Neighbours name the lane their connections lead to; people choose theirs on the way, so inflow belongs to the approach. */
function mergeByApproach(inflows: readonly LaneInflow[]): ReadonlyMap<string, LaneInflow> {
  const merged = new Map<string, LaneInflow>();
  for (const inflow of inflows) {
    const approach = approachOf(inflow.lane);
    const there = merged.get(approach);
    merged.set(approach, {
      lane: inflow.lane,
      arrivals: [...(there?.arrivals ?? []), ...inflow.arrivals].sort((a, b) => a.at - b.at),
      until: there && there.until < inflow.until ? there.until : inflow.until,
    });
  }
  return merged;
}

function mergeExits(told: readonly ExitStorage[], inferred: readonly LaneId[]): readonly ExitStorage[] {
  const known = new Set(told.filter((exit) => exit.blocked).map((exit) => exit.lane));
  const added = inferred.filter((lane) => !known.has(lane)).map((lane) => ({ lane, occupancyRatio: 1, blocked: true }));
  return added.length === 0 ? told : [...told.filter((exit) => exit.blocked || !inferred.includes(exit.lane)), ...added];
}

/** Begin of green of each green group; `permissive` greens too. */
function greenSince(
  lamps: readonly LampState[],
): ReadonlyMap<SignalGroupId, { readonly since: Instant; readonly protectedGreen: boolean }> {
  const greens = new Map<SignalGroupId, { since: Instant; protectedGreen: boolean }>();
  for (const lamp of lamps) if (isGreen(lamp.lamp)) greens.set(lamp.group, { since: lamp.since, protectedGreen: lamp.lamp === 'green' });
  return greens;
}
