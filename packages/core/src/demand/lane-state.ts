import type { DetectorActuation } from '../detection/actuation.ts';
import type { MovementId, SignalGroupId } from '../ids.ts';
import type { Turn } from '../intersection/lane.ts';
import type { Duration, Instant } from '../time.ts';
import type { Arrival, LaneDemand, TurnShare } from './demand.ts';
import type { DemandSettings, LaneInflow } from './demand-state.ts';
import { expectedArrivals } from './expected-arrivals.ts';
import type { IndexedLane } from './lane-index.ts';
import type { MeanFlow } from './mean-flow.ts';
import { flowPerS, START_FLOW, updateFlow } from './mean-flow.ts';

/** A green group: since when, and whether it need not yield. */
export interface Green {
  readonly since: Instant;
  readonly protectedGreen: boolean;
}

/** What the loops of one lane have told so far. */
export interface LaneState {
  /** Free-flow arrival at the stop line of each vehicle between the upstream loop and the stop line, ascending. */
  readonly predicted: readonly Instant[];
  readonly flow: MeanFlow;
  readonly saturationPcuPerS: number;
  readonly stopLineOnSince: Instant | undefined;
  readonly stopLineOffSince: Instant;
  readonly upstreamOnSince: Instant | undefined;
  /** Fractions of vehicles owed: arrivals where there is no upstream loop, departures where there is none at the stop line. */
  readonly arrivalCredit: number;
  readonly departureCredit: number;
  /** Discharge measured in the present slot. */
  readonly slot: { readonly lengthMs: number; readonly pulses: number };
  /** Weighted departures by movement, in the order of the lane's movements. */
  readonly turns: readonly number[];
  /** The first vehicle does not go although a group of its lane is green: it must want another one. */
  readonly headMovement: MovementId | undefined;
  readonly inflow: LaneInflow | undefined;
}

export interface LaneInput {
  readonly now: Instant;
  readonly actuations: readonly DetectorActuation[];
  readonly failed: ReadonlySet<string>;
  readonly greens: ReadonlyMap<SignalGroupId, Green>;
  readonly inflow: readonly LaneInflow[] | undefined;
  readonly settings: DemandSettings;
}

/** A predicted vehicle this late, with the stop line free, turned off or was counted twice (facts: measured best). */
const OVERDUE_MS = 8000;
/** The stop line is free when no vehicle follows within this: longer than a discharge headway with slack. */
const FREE_MS = 3500;
/** Standing this long on a loop is a queue. */
const STANDING_MS = 4000;
/** Space a standing vehicle takes, m (5 m + 2.5 m gap). */
const SPACE_M = 7.5;
/** Discharge is counted in slots of this length (facts/vietnam: motorcycles are). */
const SLOT_MS = 4000;
const START_SATURATION = 0.53;
const LEAST_SATURATION = 0.4;
const MOST_SATURATION = 3;
/** Shares before any is measured, by turn. */
const TURN_PRIOR: Record<Turn, number> = { through: 3, left: 1, right: 1, 'u-turn': 0.1 };
const TURN_MEMORY = 0.98;

export function startLane(lane: IndexedLane, now: Instant): LaneState {
  return {
    predicted: [],
    flow: START_FLOW,
    saturationPcuPerS: START_SATURATION,
    stopLineOnSince: undefined,
    stopLineOffSince: now,
    upstreamOnSince: undefined,
    arrivalCredit: 0,
    departureCredit: 0,
    slot: { lengthMs: 0, pulses: 0 },
    turns: lane.movements.map((movement) => TURN_PRIOR[movement.turn]),
    headMovement: undefined,
    inflow: undefined,
  };
}

/** Upstream pulses become arrivals, stop-line pulses departures; what the loops cannot see is filled in by the mean flow. */
export function updateLane(lane: IndexedLane, state: LaneState, elapsed: Duration, input: LaneInput): LaneState {
  const seesArrivals = [...lane.upstream.keys()].some((id) => !input.failed.has(id));
  const seesDepartures = [...lane.stopLines].some((id) => !input.failed.has(id));
  const predicted = [...state.predicted];
  let { stopLineOnSince, stopLineOffSince, upstreamOnSince } = state;
  let arrived = 0;
  let departed = 0;
  for (const { detector, at, on } of input.actuations) {
    if (input.failed.has(detector)) continue;
    const loop = lane.upstream.get(detector);
    if (loop) {
      if (on) {
        arrived++;
        insertAscending(predicted, (at + (loop.distanceM / lane.lane.speedMps) * 1000) as Instant);
      }
      upstreamOnSince = on ? at : undefined;
    } else if (lane.stopLines.has(detector)) {
      if (on) stopLineOnSince = at;
      else {
        stopLineOnSince = undefined;
        stopLineOffSince = at;
        departed++;
        predicted.shift();
      }
    }
  }
  const greens = lane.groups.flatMap((group) => input.greens.get(group) ?? []);
  const allGreen = greens.length === lane.groups.length && greens.length > 0;
  let { arrivalCredit, departureCredit } = state;
  if (!seesArrivals) {
    arrivalCredit += (flowPerS(state.flow) * elapsed) / 1000;
    for (; arrivalCredit >= 1; arrivalCredit--) predicted.push(input.now);
  }
  if (!seesDepartures) {
    departureCredit = greens.length > 0 ? departureCredit + (state.saturationPcuPerS * elapsed) / 1000 : 0;
    for (; departureCredit >= 1; departureCredit--) if (predicted[0] !== undefined && predicted[0] <= input.now) predicted.shift();
  } else if (stopLineOnSince === undefined && input.now - stopLineOffSince >= FREE_MS) {
    while (predicted[0] !== undefined && predicted[0] < input.now - OVERDUE_MS) predicted.shift();
  }
  const queued = predicted.filter((at) => at <= input.now).length;
  const discharging = allGreen && greens.every((green) => green.protectedGreen && input.now - green.since > SLOT_MS) && queued >= 2;
  return {
    predicted,
    flow: seesArrivals || seesDepartures ? updateFlow(state.flow, elapsed, seesArrivals ? arrived : departed) : state.flow,
    ...measureDischarge(state, elapsed, departed, discharging && seesDepartures, input.settings.pcuPerPulse),
    stopLineOnSince,
    stopLineOffSince,
    upstreamOnSince,
    arrivalCredit,
    departureCredit,
    turns: learnTurns(lane, state.turns, departed, input.greens),
    headMovement: guessHead(lane, state, stopLineOnSince, input),
    inflow: input.inflow?.find((inflow) => inflow.lane === lane.lane.id) ?? state.inflow,
  };
}

/** The lane's traffic as the loops tell it at `now`, filled in by expected traffic up to `until`. */
export function readLane(lane: IndexedLane, state: LaneState, now: Instant, until: Instant, settings: DemandSettings): LaneDemand {
  const { pcuPerPulse: pcu, personsPerPulse: persons } = settings;
  const seen = [...state.predicted];
  if (state.stopLineOnSince !== undefined && !(seen[0] !== undefined && seen[0] <= now)) seen.unshift(state.stopLineOnSince);
  const distanceM = Math.max(0, ...[...lane.upstream.values()].map((loop) => loop.distanceM));
  if (state.upstreamOnSince !== undefined && now - state.upstreamOnSince >= STANDING_MS) {
    const standing = Math.floor(distanceM / SPACE_M);
    const queued = seen.filter((at) => at <= now).length;
    for (let i = queued; i < standing; i++) seen.splice(i, 0, now);
  }
  const arrivals: Arrival[] = seen.map((at, i) => ({
    at,
    pcu,
    persons,
    stopped: at <= now,
    ...(i === 0 && state.headMovement !== undefined ? { movement: state.headMovement } : {}),
  }));
  const seenUntil = (now + (distanceM / lane.lane.speedMps) * 1000) as Instant;
  const inflow = state.inflow && state.inflow.until > seenUntil ? state.inflow : undefined;
  const foreseen = inflow ? inflow.arrivals.filter((arrival) => arrival.at > seenUntil && arrival.at < until) : [];
  const filled = expectedArrivals(flowPerS(state.flow), inflow ? inflow.until : seenUntil, until, pcu, persons);
  return {
    lane: lane.lane.id,
    arrivals: [...arrivals, ...foreseen, ...filled],
    saturationPcuPerS: state.saturationPcuPerS,
    turnShares: shares(lane, state.turns),
    confidence: lane.upstream.size > 0 ? 0.8 : lane.stopLines.size > 0 ? 0.5 : 0.2,
  };
}

function shares(lane: IndexedLane, turns: readonly number[]): readonly TurnShare[] {
  const total = turns.reduce((sum, weight) => sum + weight, 0);
  return lane.movements.map((movement, i) => ({ movement: movement.id, share: turns[i]! / total }));
}

function insertAscending(instants: Instant[], at: Instant): void {
  let i = instants.length;
  while (i > 0 && instants[i - 1]! > at) i--;
  instants.splice(i, 0, Math.round(at) as Instant);
}

/** Discharge rate over whole slots in which a queue stood before a protected green. */
function measureDischarge(
  state: LaneState,
  elapsed: Duration,
  departed: number,
  discharging: boolean,
  pcuPerPulse: number,
): Pick<LaneState, 'slot' | 'saturationPcuPerS'> {
  if (!discharging) return { slot: { lengthMs: 0, pulses: 0 }, saturationPcuPerS: state.saturationPcuPerS };
  const slot = { lengthMs: state.slot.lengthMs + elapsed, pulses: state.slot.pulses + departed };
  if (slot.lengthMs < SLOT_MS) return { slot, saturationPcuPerS: state.saturationPcuPerS };
  const measured = (slot.pulses * pcuPerPulse * 1000) / slot.lengthMs;
  const smoothed = 0.95 * state.saturationPcuPerS + 0.05 * measured;
  return { slot: { lengthMs: 0, pulses: 0 }, saturationPcuPerS: Math.min(MOST_SATURATION, Math.max(LEAST_SATURATION, smoothed)) };
}

/** Departures tell the turn only while a single group of the lane is green. */
function learnTurns(
  lane: IndexedLane,
  turns: readonly number[],
  departed: number,
  greens: ReadonlyMap<SignalGroupId, Green>,
): readonly number[] {
  if (departed === 0 || lane.groups.length < 2) return turns;
  const green = lane.groups.filter((group) => greens.has(group));
  if (green.length !== 1) return turns;
  const weights = lane.movements.map((movement, i) => (movement.group === green[0] ? turns[i]! : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kept = TURN_MEMORY ** departed;
  return turns.map((weight, i) => weight * kept + (departed * weights[i]!) / total);
}

function guessHead(lane: IndexedLane, state: LaneState, onSince: Instant | undefined, input: LaneInput): MovementId | undefined {
  if (onSince === undefined || lane.groups.length < 2) return undefined;
  if (onSince === state.stopLineOnSince && state.headMovement !== undefined) return state.headMovement;
  const refused = lane.groups.filter((group) => {
    const green = input.greens.get(group);
    return green?.protectedGreen === true && input.now - Math.max(green.since, onSince) >= STANDING_MS;
  });
  if (refused.length === 0) return undefined;
  const others = lane.movements
    .map((movement, i) => ({ movement, weight: state.turns[i]! }))
    .filter(({ movement }) => !input.greens.has(movement.group));
  return others.sort((a, b) => b.weight - a.weight)[0]?.movement.id;
}
