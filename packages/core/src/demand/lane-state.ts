import type { DetectorActuation } from '../detection/actuation.ts';
import type { DetectorId, SignalGroupId } from '../ids.ts';
import { TURN_MEMORY, TURN_PRIOR } from './turn-shares.ts';
import { weighPulse, type Load, type TrafficMix } from '../intersection/traffic-mix.ts';
import type { Duration, Instant } from '../time.ts';
import type { Arrival, LaneDemand, TurnShare } from './demand.ts';
import type { LaneInflow } from './demand-state.ts';
import { measureDischarge, startDischarge, type Discharge } from './discharge.ts';
import { gapHeadwayMs, measureGaps, START_GAPS, type GapDischarge } from './gap-discharge.ts';
import { expectedArrivals } from './expected-arrivals.ts';
import { compareBalance, countBalance, gainOf, START_BALANCE, unseenPcuPerS, type LaneBalance } from './lane-balance.ts';
import type { IndexedLane } from './lane-index.ts';
import type { MeanFlow } from './mean-flow.ts';
import { flowPerS, startFlow, updateFlow } from './mean-flow.ts';
import { dropDue, duePcu, insertParcel, scaleParcels, takeHead, type Parcel } from './parcels.ts';

/** A green group: since when, and whether it need not yield. */
export interface Green {
  readonly since: Instant;
  readonly protectedGreen: boolean;
}

/** What the loops of one lane have told so far. */
export interface LaneState {
  /** What is between the upstream loop and the stop line, ascending. */
  readonly parcels: readonly Parcel[];
  /** PCU. */
  readonly flow: MeanFlow;
  readonly balance: LaneBalance;
  readonly discharge: Discharge;
  readonly gaps: GapDischarge;
  readonly stopLineOnSince: Instant | undefined;
  readonly stopLineOffSince: Instant;
  /** Upstream loops that are on. */
  readonly upstreamOn: readonly { readonly loop: DetectorId; readonly since: Instant }[];
  /** PCU owed: arrivals that no loop saw. */
  readonly arrivalCredit: number;
  /** Weighted departures by movement, in the order of the lane's movements. */
  readonly turns: readonly number[];
  /** Groups whose green the first vehicle has let pass, or has found no gap in: it must want another one. */
  readonly refused: readonly SignalGroupId[];
  /** A group of the lane was green at the last update. */
  readonly wasGreen: boolean;
  /** What the whole approach may expect from the junction upstream. */
  readonly inflow: LaneInflow | undefined;
  /** Over the stop line in the last update. */
  readonly departedPcu: number;
}

export interface LaneInput {
  readonly now: Instant;
  readonly actuations: readonly DetectorActuation[];
  readonly failed: ReadonlySet<string>;
  readonly greens: ReadonlyMap<SignalGroupId, Green>;
  readonly inflow: LaneInflow | undefined;
  readonly mix: TrafficMix;
}

/** A predicted vehicle this late, with nobody at the stop line, turned off, changed the lane or was counted twice (4 s against 8 s: docs/decisions/009). */
const OVERDUE_MS = 4000;
/** The stop line is free when no vehicle follows within this: longer than a discharge headway with slack. */
const FREE_MS = 3500;
/** In green nobody comes within this: the queue is gone. Who had slowed down for the red takes some seconds longer than at free flow. */
const EMPTY_MS = 5000;
/** A vehicle may be this much faster than the speed limit lets expect. */
const EARLY_MS = 3000;
/** Standing this long on a loop is a queue. */
const STANDING_MS = 4000;
/** Who has found no gap in this long is more likely waiting for another green (docs/decisions/010). */
const NO_GAP_MS = 12_000;
/** A queue left by a green is believed up to this share of the room before the upstream loop; a longer one is more likely a drift of the counts. */
const LIKELY_REST_SHARE = 0.5;
/** Discharge is saturated while this much waits, PCU. */
const SATURATED_PCU = 1;
/** From the begin of green to the first departure. */
const START_UP_MS = 1000;
/** Mean speed over the stop line against the speed limit, most traffic having just started. */
const DISCHARGE_SPEED_SHARE = 0.55;

export function startLane(lane: IndexedLane, now: Instant, mix: TrafficMix): LaneState {
  return {
    parcels: [],
    flow: startFlow(mix.mean.pcu),
    balance: START_BALANCE,
    discharge: startDischarge(mix.saturationPcuPerSPerM * lane.lane.widthM),
    gaps: START_GAPS,
    stopLineOnSince: undefined,
    stopLineOffSince: now,
    upstreamOn: [],
    arrivalCredit: 0,
    turns: lane.movements.map((movement) => TURN_PRIOR[movement.turn]),
    refused: [],
    wasGreen: false,
    inflow: undefined,
    departedPcu: 0,
  };
}

/** What one update's pulses tell, and what they leave of the traffic that is on its way. */
interface Pulses {
  readonly parcels: Parcel[];
  readonly upstreamOn: LaneState['upstreamOn'];
  readonly stopLineOnSince: Instant | undefined;
  readonly stopLineOffSince: Instant;
  readonly arrivedPcu: number;
  readonly departedPcu: number;
  /** Nobody over the stop line for this long, at most. */
  readonly longestGapMs: number;
  /** Nobody over the stop line until now. */
  readonly freeMs: number;
}

/** Upstream pulses become arrivals, stop-line pulses departures; what the loops cannot see is filled in by the mean flow. */
export function updateLane(lane: IndexedLane, state: LaneState, elapsed: Duration, input: LaneInput): LaneState {
  const { mix, now } = input;
  const seesDepartures = [...lane.stopLines].some((id) => !input.failed.has(id));
  const unseenShare = failedShare(lane, input.failed);
  const greens = lane.groups.flatMap((group) => input.greens.get(group) ?? []);
  const greenSince = greens.length > 0 ? Math.max(...greens.map(({ since }) => since)) : undefined;
  const gain = gainOf(state.balance);
  const pulses = readPulses(lane, state, input, greenSince, gain);
  const { parcels, arrivedPcu, departedPcu, freeMs } = pulses;

  const unseen = unseenPcuPerS(state.balance);
  let arrivalCredit = state.arrivalCredit + ((unseen + unseenShare * Math.max(0, flowPerS(state.flow) - unseen)) * elapsed) / 1000;
  for (; arrivalCredit >= mix.mean.pcu; arrivalCredit -= mix.mean.pcu) insertParcel(parcels, { at: now, ...mix.mean });

  const waitedPcu = duePcu(parcels, now);
  const { saturationPcuPerS } = state.discharge;
  if (seesDepartures && freeMs >= FREE_MS) dropDue(parcels, now - OVERDUE_MS);
  if (!seesDepartures && greenSince !== undefined) takeHead(parcels, (saturationPcuPerS * elapsed) / 1000, now);

  const isEmpty = freeMs >= EMPTY_MS && greenSince !== undefined && now - greenSince >= EMPTY_MS;
  const greenEnded = state.wasGreen && greenSince === undefined;
  const counted = countBalance(state.balance, elapsed, arrivedPcu, departedPcu);
  const compares = seesDepartures && unseenShare === 0 && (isEmpty || greenEnded);
  const balance = compares ? compareRest(lane, counted, parcels, gain, input) : counted;
  if (compares) scaleParcels(parcels, gainOf(balance) / gain);

  const free = greens.length === lane.groups.length && greens.length > 0 && greens.every((green) => green.protectedGreen);
  const saturated =
    seesDepartures &&
    free &&
    now - greenSince! > elapsed + START_UP_MS &&
    pulses.longestGapMs <= FREE_MS &&
    waitedPcu + departedPcu >= SATURATED_PCU;
  const stands = pulses.stopLineOnSince !== undefined || departedPcu > 0;
  const filters = stands && greens.length > 0 && greens.every((green) => !green.protectedGreen);
  const flowPcu = unseenShare === 0 ? arrivedPcu * gain + (unseen * elapsed) / 1000 : departedPcu;
  return {
    parcels,
    flow: unseenShare === 0 || seesDepartures ? updateFlow(state.flow, elapsed, flowPcu) : state.flow,
    balance,
    discharge: measureDischarge(state.discharge, elapsed, departedPcu, saturated),
    gaps: filters ? measureGaps(state.gaps, elapsed, departedPcu) : state.gaps,
    stopLineOnSince: pulses.stopLineOnSince,
    stopLineOffSince: pulses.stopLineOffSince,
    upstreamOn: pulses.upstreamOn,
    arrivalCredit,
    turns: learnTurns(lane, state.turns, departedPcu / mix.mean.pcu, input.greens),
    refused: refusedByHead(lane, state, pulses.stopLineOnSince, input),
    wasGreen: greenSince !== undefined,
    inflow: input.inflow ?? state.inflow,
    departedPcu,
  };
}

/** The part of a lane's arrivals that no healthy loop upstream sees. */
const failedShare = (lane: IndexedLane, failed: ReadonlySet<string>): number =>
  lane.upstream.size === 0 ? 1 : [...lane.upstream.keys()].filter((id) => failed.has(id)).length / lane.upstream.size;

function readPulses(lane: IndexedLane, state: LaneState, input: LaneInput, greenSince: number | undefined, gain: number): Pulses {
  const { mix, now } = input;
  const parcels = [...state.parcels];
  const upstreamOn = [...state.upstreamOn];
  let { stopLineOnSince, stopLineOffSince } = state;
  let arrivedPcu = 0;
  let departedPcu = 0;
  let longestGapMs = 0;
  for (const { detector, at, on } of input.actuations) {
    if (input.failed.has(detector)) continue;
    if (lane.upstream.has(detector)) {
      const open = upstreamOn.findIndex((one) => one.loop === detector);
      const since = open >= 0 ? upstreamOn.splice(open, 1)[0]!.since : at;
      if (on) upstreamOn.push({ loop: detector, since: at });
      else if (open >= 0) {
        const load = weighPulse(mix, at - since, lane.lane.speedMps);
        arrivedPcu += load.pcu;
        insertParcel(parcels, { at: dueAt(lane, detector, since), pcu: load.pcu * gain, persons: load.persons * gain });
      }
    } else if (lane.stopLines.has(detector)) {
      if (on) {
        longestGapMs = Math.max(longestGapMs, at - stopLineOffSince);
        stopLineOnSince = at;
      } else if (stopLineOnSince !== undefined) {
        const { pcu } = weighDeparture(mix, stopLineOnSince, at, greenSince, lane.lane.speedMps);
        departedPcu += pcu;
        takeHead(parcels, pcu, now + EARLY_MS);
        stopLineOnSince = undefined;
        stopLineOffSince = at;
      }
    }
  }
  const freeMs = stopLineOnSince === undefined ? now - stopLineOffSince : 0;
  longestGapMs = Math.max(longestGapMs, freeMs);
  return { parcels, upstreamOn, stopLineOnSince, stopLineOffSince, arrivedPcu, departedPcu, longestGapMs, freeMs };
}

/** What is left of the queue when it should be gone tells how far the loops' counts drift apart. */
function compareRest(
  lane: IndexedLane,
  counted: LaneBalance,
  parcels: readonly Parcel[],
  gain: number,
  { mix, now }: LaneInput,
): LaneBalance {
  const roomPcu = distanceOf(lane) * mix.jamPcuPerM;
  return compareBalance(counted, Math.min(duePcu(parcels, now), roomPcu * LIKELY_REST_SHARE) / gain);
}

const distanceOf = (lane: IndexedLane): number => Math.max(0, ...[...lane.upstream.values()].map((loop) => loop.distanceM));

const dueAt = (lane: IndexedLane, loop: DetectorId, at: Instant): Instant =>
  Math.round(at + (lane.upstream.get(loop)!.distanceM / lane.lane.speedMps) * 1000) as Instant;

/** A pulse that began before the green is the first row; one during red passed without stopping long. */
function weighDeparture(mix: TrafficMix, on: Instant, off: Instant, greenSince: number | undefined, speedMps: number): Load {
  return greenSince !== undefined && on < greenSince ? mix.row : weighPulse(mix, off - on, speedMps * DISCHARGE_SPEED_SHARE);
}

/**
 * The lane's traffic as the loops tell it at `now`, filled in up to `until` by what the junction upstream sends, of which `approachShare` takes
 * this lane, and behind that by the mean flow.
 */
export function readLane(
  lane: IndexedLane,
  state: LaneState,
  now: Instant,
  until: Instant,
  mix: TrafficMix,
  approachShare: number,
): LaneDemand {
  const seen = [...state.parcels];
  if (state.stopLineOnSince !== undefined && !(seen[0] !== undefined && seen[0].at <= now))
    seen.unshift({ at: state.stopLineOnSince, ...mix.row });
  const distanceM = distanceOf(lane);
  for (const { loop, since } of state.upstreamOn) insertParcel(seen, { at: dueAt(lane, loop, since), ...mix.mean });
  if (state.upstreamOn.some(({ since }) => now - since >= STANDING_MS)) fillToLoop(seen, distanceM, now, mix);
  const wanted = wantedByHead(lane, state);
  const arrivals: Arrival[] = seen.map(({ at, pcu, persons }, i) => ({
    at,
    pcu,
    persons,
    stopped: at <= now,
    ...(i === 0 ? wanted : {}),
  }));
  const seenUntil = (now + (distanceM / lane.lane.speedMps) * 1000) as Instant;
  const inflow = state.inflow && state.inflow.until > seenUntil ? state.inflow : undefined;
  for (const { at, pcu, persons } of inflow?.arrivals ?? []) {
    if (at <= seenUntil || at >= until) continue;
    arrivals.push({ at, pcu: pcu * approachShare, persons: persons * approachShare, stopped: false, expected: true });
  }
  const filled = expectedArrivals(
    flowPerS(state.flow) / mix.mean.pcu,
    inflow ? inflow.until : seenUntil,
    until,
    mix.mean.pcu,
    mix.mean.persons,
  );
  return {
    lane: lane.lane.id,
    arrivals: arrivals.concat(filled),
    saturationPcuPerS: state.discharge.saturationPcuPerS,
    gapHeadwayMs: gapHeadwayMs(state.gaps),
    turnShares: shares(lane, state.turns),
    confidence: lane.upstream.size > 0 ? 0.8 : lane.stopLines.size > 0 ? 0.5 : 0.2,
  };
}

/** The queue reaches the upstream loop: as much stands as there is room for. */
function fillToLoop(seen: Parcel[], distanceM: number, now: Instant, mix: TrafficMix): void {
  let missing = distanceM * mix.jamPcuPerM - duePcu(seen, now);
  for (; missing >= mix.mean.pcu; missing -= mix.mean.pcu) insertParcel(seen, { at: now, ...mix.mean });
}

function shares(lane: IndexedLane, turns: readonly number[]): readonly TurnShare[] {
  const total = turns.reduce((sum, weight) => sum + weight, 0);
  return lane.movements.map((movement, i) => ({ movement: movement.id, share: turns[i]! / total }));
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

/** Learns with each green that the first vehicle lets pass; forgets when another one stands there, or when none is left. */
function refusedByHead(lane: IndexedLane, state: LaneState, onSince: Instant | undefined, input: LaneInput): readonly SignalGroupId[] {
  if (onSince === undefined || lane.groups.length < 2) return [];
  const known = onSince === state.stopLineOnSince ? state.refused : [];
  const refused = lane.groups.filter((group) => {
    const green = input.greens.get(group);
    if (green === undefined || known.includes(group)) return known.includes(group);
    return input.now - Math.max(green.since, onSince) >= (green.protectedGreen ? STANDING_MS : NO_GAP_MS);
  });
  return refused.length === lane.groups.length ? [] : refused;
}

/** What the first vehicle may want, where it has refused something. */
function wantedByHead(lane: IndexedLane, { refused }: LaneState): Pick<Arrival, 'movement' | 'oneOf'> {
  if (refused.length === 0) return {};
  const left = lane.movements.filter(({ group }) => !refused.includes(group)).map(({ id }) => id);
  return left.length === 1 ? { movement: left[0]! } : { oneOf: left };
}
