import type { SiteTables } from './site-tables.ts';
import { GAINS, LOSES, REGAINS, STAYS_GREEN } from './site-tables.ts';

/**
 * Rolling-horizon beam search over "stay" and "change to stage t". A lane is a point queue: its vehicles leave in order, one per headway, while
 * the group of the first one is green; permissive ones wait for gaps. States that have reached the same second compete. Times are ms from now.
 */
export interface SearchSettings {
  readonly horizonMs: number;
  /** A state that stays is looked at again after this. */
  readonly stayMs: number;
  /** States kept per second of the horizon, and of them per stage. */
  readonly beam: number;
  readonly beamPerStage: number;
  /** Changes tried per state: the stages with most waiting traffic. */
  readonly branches: number;
  /** From the begin of green to the first departure of a standing queue (measured in SUMO: 1.4 s). */
  readonly startUpMs: number;
  /** Part of the clearance time that traffic still uses. */
  readonly clearanceUseMs: number;
  /** What a stop costs beside the waiting. */
  readonly stopCostMs: number;
  /** Free time a yielding vehicle needs before the next opposing one, and after the last one. */
  readonly gapMs: number;
  readonly gapAfterMs: number;
  /** What waiting at red behind the horizon's end is taken to last. */
  readonly terminalWaitMs: number;
}

/** Arrivals of one lane, or of the pedestrians of one group, in order. */
export interface SearchLane {
  readonly at: readonly number[];
  readonly headwayMs: readonly number[];
  readonly weight: readonly number[];
  readonly group: readonly number[];
  readonly stopped: readonly boolean[];
  readonly startUp: boolean;
}

/** The junction at the moment from which the search is free. */
export interface SearchStart {
  readonly atMs: number;
  readonly stage: number;
  /** Per group: begin of green where the stage has it green, else end of the last green. */
  readonly since: Float64Array;
  /** Since when each group has traffic waiting (its red cap counts), Infinity where it has none. */
  readonly waiting: Float64Array;
  /** Since when a conflicting group has traffic waiting (the maximum green counts from then), Infinity where none has. */
  readonly contestedSince: Float64Array;
}

export interface SearchPath {
  readonly cost: number;
  readonly steps: readonly { readonly stage: number; readonly atMs: number }[];
}

const TICK_MS = 1000;
/** A broken cap costs more than any queue: 1000 person-seconds per second. */
const CAP_PENALTY = 1000;
/** Served this much before the cap, so that a refused or late change does not break it. */
const CAP_MARGIN_MS = 10_000;
/** A vehicle delayed less than this has slowed down, not stopped. */
const STOP_FREE_MS = 1500;

const grow = (size: number): number => Math.max(64, 2 ** Math.ceil(Math.log2(size + 1)));

/** Buffers that are reused from one decision to the next, so that the search allocates nothing. */
export interface Workspace {
  arrivals: number;
  laneFrom: Int32Array;
  laneStartUp: Float64Array;
  at: Float64Array;
  headway: Float64Array;
  weight: Float64Array;
  group: Int32Array;
  stop: Float64Array;
  left: Float64Array;
  sumWeight: Float64Array;
  sumWeightAt: Float64Array;
  sumStop: Float64Array;
  sumHeadway: Float64Array;
  arrivedBy: Int32Array;
  // states
  cost: Float64Array;
  value: Float64Array;
  stage: Int32Array;
  depth: Int32Array;
  parent: Int32Array;
  changedAt: Float64Array;
  next: Int32Array;
  free: Float64Array;
  since: Float64Array;
  bucket: Int32Array;
  // one expansion
  from: Float64Array;
  to: Float64Array;
  newNext: Int32Array;
  newFree: Float64Array;
  newSince: Float64Array;
  firstOut: Int32Array;
  stageScore: Float64Array;
  queue: Float64Array;
  urgent: Int32Array;
}

export function createWorkspace(): Workspace {
  const f = (): Float64Array => new Float64Array(0);
  const i = (): Int32Array => new Int32Array(0);
  return {
    arrivals: 0,
    laneFrom: i(),
    laneStartUp: f(),
    at: f(),
    headway: f(),
    weight: f(),
    group: i(),
    stop: f(),
    left: f(),
    sumWeight: f(),
    sumWeightAt: f(),
    sumStop: f(),
    sumHeadway: f(),
    arrivedBy: i(),
    cost: f(),
    value: f(),
    stage: i(),
    depth: i(),
    parent: i(),
    changedAt: f(),
    next: i(),
    free: f(),
    since: f(),
    bucket: i(),
    from: f(),
    to: f(),
    newNext: i(),
    newFree: f(),
    newSince: f(),
    firstOut: i(),
    stageScore: f(),
    queue: f(),
    urgent: i(),
  };
}

const floats = (array: Float64Array, size: number): Float64Array => (array.length >= size ? array : new Float64Array(grow(size)));
const ints = (array: Int32Array, size: number): Int32Array => (array.length >= size ? array : new Int32Array(grow(size)));

function reserve(w: Workspace, tables: SiteTables, laneCount: number, arrivals: number, ticks: number, beam: number): void {
  const G = tables.groupCount;
  w.laneFrom = ints(w.laneFrom, laneCount + 1);
  w.laneStartUp = floats(w.laneStartUp, laneCount);
  for (const key of ['at', 'headway', 'weight', 'stop', 'left'] as const) w[key] = floats(w[key], arrivals + 1);
  for (const key of ['sumWeight', 'sumWeightAt', 'sumStop', 'sumHeadway'] as const) w[key] = floats(w[key], arrivals + 1);
  w.group = ints(w.group, arrivals + 1);
  w.arrivedBy = ints(w.arrivedBy, laneCount * (ticks + 1));
  const states = (ticks + 1) * beam;
  for (const key of ['cost', 'value', 'changedAt'] as const) w[key] = floats(w[key], states);
  for (const key of ['stage', 'depth', 'parent'] as const) w[key] = ints(w[key], states);
  w.next = ints(w.next, states * laneCount);
  w.free = floats(w.free, states * laneCount);
  w.since = floats(w.since, states * G);
  w.bucket = ints(w.bucket, (ticks + 1) * 2);
  for (const key of ['from', 'to', 'newSince'] as const) w[key] = floats(w[key], G);
  for (const key of ['newNext', 'firstOut'] as const) w[key] = ints(w[key], laneCount);
  w.newFree = floats(w.newFree, laneCount);
  w.queue = floats(w.queue, laneCount);
  w.urgent = ints(w.urgent, G);
  w.stageScore = floats(w.stageScore, tables.stageCount);
}

/** The cheapest path first, then the best others that begin differently. */
export function search(
  w: Workspace,
  tables: SiteTables,
  lanes: readonly SearchLane[],
  committed: readonly { readonly stage: number; readonly atMs: number }[],
  start: SearchStart,
  settings: SearchSettings,
  calledStages: Uint8Array,
  alternatives: number,
): readonly SearchPath[] {
  const G = tables.groupCount;
  const S = tables.stageCount;
  const L = lanes.length;
  const ticks = Math.ceil(settings.horizonMs / TICK_MS);
  const B = settings.beam;
  let arrivals = 0;
  for (const lane of lanes) arrivals += lane.at.length;
  reserve(w, tables, L, arrivals, ticks, B);
  const origin = start.atMs;
  loadArrivals(w, tables, lanes, settings, origin, ticks);

  const { cost, value, stage, depth, parent, changedAt, next, free, since, bucket, arrivedBy } = w;
  const { at, headway, weight, group, stop, left, sumWeight, sumWeightAt, sumStop, sumHeadway, laneFrom, laneStartUp } = w;
  const { from, to, newNext, newFree, newSince, firstOut, stageScore, queue, urgent } = w;
  const { inStage, role, gainAt, loseAt, settle, minGreen, maxGreen, minRed, clearance, redCap, intergreen, yields, opposingLanes } =
    tables;
  bucket.fill(0, 0, (ticks + 1) * 2);

  const end = origin + ticks * TICK_MS;
  let urgentCount = 0;

  /** Lets lanes discharge from `state` over [t0, t1) in the windows from/to; returns the cost of those that left. */
  const advance = (stateBase: number, t1: number, sneakRole: number): number => {
    let spent = 0;
    for (let i = 0; i < L; i++) {
      const l = i < tables.laneCount ? tables.laneOrder[i]! : i;
      let k = next[stateBase + l]!;
      let ready = free[stateBase + l]!;
      const last = laneFrom[l + 1]!;
      firstOut[l] = k;
      const startUp = laneStartUp[l]!;
      while (k < last && at[k]! < t1) {
        const g = group[k]!;
        if (g < 0 || to[g]! <= from[g]!) break;
        let d = at[k]!;
        if (ready > d) d = ready;
        if (from[g]! + startUp > d) d = from[g]! + startUp;
        if (d >= to[g]!) break;
        const opposing = opposingLanes[g]!;
        if (opposing.length > 0) {
          d = findGap(g, opposing, d, to[g]!);
          if (d >= to[g]!) {
            // One vehicle waits inside the junction and leaves when the opposing stream has ended.
            if (sneakRole < 0 || role[sneakRole + g] !== LOSES || k !== firstOut[l]) break;
            d = to[g]!;
          }
        }
        const wait = d - at[k]!;
        spent += wait * weight[k]!;
        if (wait > STOP_FREE_MS) spent += stop[k]!;
        left[k] = d;
        ready = d + headway[k]!;
        k++;
      }
      newNext[l] = k;
      newFree[l] = ready;
    }
    return spent;
  };

  const findGap = (g: number, opposing: Int32Array, earliest: number, latest: number): number => {
    let d = earliest;
    for (let again = true; again && d < latest;) {
      again = false;
      for (let j = 0; j < opposing.length; j++) {
        const o = opposing[j]!;
        const stopAt = Math.min(laneFrom[o + 1]!, newNext[o]! + 1);
        for (let k = firstOut[o]!; k < stopAt; k++) {
          const h = group[k]!;
          if (h < 0 || yields[g * G + h] === 0 || to[h]! <= from[h]!) continue;
          const t = k < newNext[o]! ? left[k]! : Math.max(at[k]!, newFree[o]!);
          if (t < d + settings.gapMs && t + settings.gapAfterMs > d) {
            d = t + settings.gapAfterMs;
            again = true;
          }
        }
      }
    }
    return d;
  };

  /** Waiting and stops of all that have arrived and not left by tick `i`, and what their discharge will cost. */
  const evaluate = (i: number, t: number, s: number): number => {
    let total = 0;
    for (let l = 0; l < L; l++) {
      const k = newNext[l]!;
      const n = arrivedBy[l * (ticks + 1) + i]!;
      if (n <= k) continue;
      const waiting = sumWeight[n]! - sumWeight[k]!;
      const discharge = sumHeadway[n]! - sumHeadway[k]!;
      const g = group[k]!;
      total += waiting * t - (sumWeightAt[n]! - sumWeightAt[k]!) + sumStop[n]! - sumStop[k]!;
      total += waiting * discharge * 0.5;
      if (g >= 0 && inStage[s * G + g] === 0) total += waiting * settings.terminalWaitMs;
    }
    for (let j = 0; j < urgentCount; j++) {
      const g = urgent[j]!;
      if (inStage[s * G + g]) continue;
      const late = t - (newSince[g]! + redCap[g]! - CAP_MARGIN_MS);
      if (late > 0) total += late * CAP_PENALTY;
    }
    return total;
  };

  const insert = (i: number, f: number, realised: number, s: number, d: number, from_: number, changed: number): void => {
    const base = i * B;
    let slot: number;
    if (d === 0) {
      slot = base;
      bucket[i * 2] = 1;
    } else {
      const count = bucket[i * 2 + 1]!;
      let same = 0;
      let worstSame = -1;
      let worst = -1;
      for (let j = base + 1; j <= base + count; j++) {
        if (worst < 0 || value[j]! > value[worst]!) worst = j;
        if (stage[j] !== s) continue;
        same++;
        if (worstSame < 0 || value[j]! > value[worstSame]!) worstSame = j;
      }
      if (same >= settings.beamPerStage) slot = worstSame;
      else if (count < B - 1) {
        slot = base + 1 + count;
        bucket[i * 2 + 1] = count + 1;
        value[slot] = Infinity;
      } else slot = worst;
      if (f >= value[slot]!) return;
    }
    value[slot] = f;
    cost[slot] = realised;
    stage[slot] = s;
    depth[slot] = d;
    parent[slot] = from_;
    changedAt[slot] = changed;
    for (let l = 0; l < L; l++) {
      next[slot * L + l] = newNext[l]!;
      free[slot * L + l] = newFree[l]!;
    }
    for (let g = 0; g < G; g++) since[slot * G + g] = newSince[g]!;
  };

  // The root is what the committed prefix leaves behind.
  let rootStage = start.stage;
  let clock = 0;
  for (let l = 0; l < L; l++) {
    next[l] = newNext[l] = laneFrom[l]!;
    free[l] = newFree[l] = 0;
  }
  newSince.set(start.since);
  from.fill(0);
  to.fill(0);
  const pass = (until: number, roles: number): void => {
    advance(0, until, roles);
    for (let l = 0; l < L; l++) {
      next[l] = newNext[l]!;
      free[l] = newFree[l]!;
    }
    clock = until;
  };
  const openStage = (until: number): void => {
    for (let g = 0; g < G; g++) {
      from[g] = to[g] = 0;
      if (inStage[rootStage * G + g] === 0) continue;
      from[g] = Math.max(newSince[g]!, clock - settings.startUpMs);
      to[g] = until;
    }
  };
  for (let c = 0; c <= committed.length; c++) {
    const until = committed[c]?.atMs ?? origin;
    if (until > clock) {
      openStage(until);
      pass(until, -1);
    }
    const change = committed[c];
    if (!change) break;
    const base = (rootStage * S + change.stage) * G;
    for (let g = 0; g < G; g++) {
      const r = role[base + g];
      if (r === LOSES) newSince[g] = change.atMs + loseAt[base + g]!;
      else if (r === GAINS || r === REGAINS) {
        newSince[g] = Math.max(change.atMs + gainAt[base + g]!, r === GAINS ? newSince[g]! + clearance[g]! + minRed[g]! : 0);
      }
    }
    rootStage = change.stage;
  }
  for (let g = 0; g < G; g++)
    if (start.waiting[g]! < Infinity && newSince[g]! + redCap[g]! < end + CAP_MARGIN_MS) urgent[urgentCount++] = g;
  insert(0, 0, 0, rootStage, 0, -1, -1);

  for (let i = 0; i < ticks; i++) {
    const t0 = origin + i * TICK_MS;
    const first = bucket[i * 2] ? i * B : i * B + 1;
    const lastState = i * B + bucket[i * 2 + 1]!;
    for (let x = first; x <= lastState; x++) {
      const s = stage[x]!;
      // Stay.
      {
        const i1 = Math.min(ticks, i + Math.max(1, Math.round(settings.stayMs / TICK_MS)));
        const t1 = origin + i1 * TICK_MS;
        let broken = 0;
        for (let g = 0; g < G; g++) {
          const begun = since[x * G + g]!;
          newSince[g] = begun;
          if (inStage[s * G + g]) {
            from[g] = begun > t0 - settings.startUpMs ? begun : t0 - settings.startUpMs;
            to[g] = t1;
            const over = t1 - Math.max(begun, start.contestedSince[g]!) - maxGreen[g]!;
            if (over > 0) broken += Math.min(over, t1 - t0) * CAP_PENALTY;
          } else to[g] = from[g] = 0;
        }
        const realised = cost[x]! + broken + advance(x * L, t1, -1);
        insert(i1, realised + evaluate(i1, t1, s), realised, s, depth[x]!, x, -1);
      }
      // Change.
      const successors = tables.successors[s]!;
      if (successors.length === 0) continue;
      for (let l = 0; l < L; l++) {
        const k = next[x * L + l]!;
        const n = Math.max(arrivedBy[l * (ticks + 1) + Math.min(ticks, i + 6)]!, k);
        queue[l] = sumWeight[n]! - sumWeight[k]!;
      }
      let candidates = 0;
      for (let j = 0; j < successors.length; j++) {
        const t = successors[j]!;
        let score = 0;
        let gained = false;
        for (let l = 0; l < L; l++) {
          if (queue[l] === 0) continue;
          const g = group[next[x * L + l]!]!;
          if (g < 0 || inStage[t * G + g] === 0) continue;
          score += queue[l]!;
          if (inStage[s * G + g] === 0) gained = true;
        }
        for (let k = 0; k < urgentCount; k++) {
          const g = urgent[k]!;
          if (inStage[t * G + g] && !inStage[s * G + g] && since[x * G + g]! < 0) {
            score += 1e6;
            gained = true;
          }
        }
        if (!gained && tables.successors[s]!.length > 1) score = -1;
        stageScore[t] = score;
        if (score >= 0) candidates++;
      }
      for (let tried = 0; tried < Math.min(settings.branches, candidates); tried++) {
        let t = -1;
        for (let j = 0; j < successors.length; j++) {
          const c = successors[j]!;
          if (stageScore[c]! >= 0 && (t < 0 || stageScore[c]! > stageScore[t]!)) t = c;
        }
        if (t < 0) break;
        stageScore[t] = -1;
        if (tables.skips && depth[x] === 0 && !maySkip(tables, calledStages, s, t)) continue;
        const base = (s * S + t) * G;
        let feasible = true;
        let landing = t0 + settle[s * S + t]!;
        let broken = 0;
        for (let g = 0; g < G && feasible; g++) {
          const begun = since[x * G + g]!;
          newSince[g] = begun;
          from[g] = to[g] = 0;
          switch (role[base + g]) {
            case STAYS_GREEN:
              from[g] = begun > t0 - settings.startUpMs ? begun : t0 - settings.startUpMs;
              to[g] = Infinity;
              break;
            case LOSES:
            case REGAINS: {
              const ends = t0 + loseAt[base + g]!;
              if (ends < begun + minGreen[g]!) feasible = false;
              if (role[base + g] === LOSES) {
                from[g] = begun > t0 - settings.startUpMs ? begun : t0 - settings.startUpMs;
                to[g] = ends + settings.clearanceUseMs;
                newSince[g] = ends;
              } else {
                from[g] = newSince[g] = t0 + gainAt[base + g]!;
                to[g] = Infinity;
              }
              break;
            }
            case GAINS: {
              let begins = t0 + gainAt[base + g]!;
              if (begun + clearance[g]! + minRed[g]! > begins) begins = begun + clearance[g]! + minRed[g]!;
              for (let l = 0; l < G; l++) {
                const between = intergreen[l * G + g]!;
                if (between < 0 || inStage[s * G + l] || inStage[t * G + l]) continue;
                if (since[x * G + l]! + between > begins) begins = since[x * G + l]! + between;
              }
              if (begins + minGreen[g]! > landing) landing = begins + minGreen[g]!;
              newSince[g] = from[g] = begins;
              to[g] = Infinity;
              break;
            }
            default:
              break;
          }
        }
        if (!feasible) continue;
        const i1 = Math.max(i + 1, Math.ceil((landing - origin) / TICK_MS));
        if (i1 > ticks) continue;
        const t1 = origin + i1 * TICK_MS;
        for (let g = 0; g < G; g++) {
          if (to[g]! > t1) to[g] = t1;
          const over = inStage[t * G + g] ? t1 - Math.max(newSince[g]!, start.contestedSince[g]!) - maxGreen[g]! : 0;
          if (over > 0) broken += Math.min(over, t1 - t0) * CAP_PENALTY;
        }
        for (let j = 0; j < urgentCount; j++) {
          const g = urgent[j]!;
          const r = role[base + g];
          if (r !== GAINS) continue;
          const late = newSince[g]! - (since[x * G + g]! + redCap[g]! - CAP_MARGIN_MS);
          if (late > 0) broken += late * CAP_PENALTY;
        }
        const realised = cost[x]! + broken + advance(x * L, t1, base);
        insert(i1, realised + evaluate(i1, t1, t), realised, t, depth[x]! + 1, x, t0);
      }
    }
  }
  return collect(w, ticks, B, alternatives);
}

function loadArrivals(
  w: Workspace,
  tables: SiteTables,
  lanes: readonly SearchLane[],
  settings: SearchSettings,
  origin: number,
  ticks: number,
): void {
  let n = 0;
  w.sumWeight[0] = w.sumWeightAt[0] = w.sumStop[0] = w.sumHeadway[0] = 0;
  for (let l = 0; l < lanes.length; l++) {
    const lane = lanes[l]!;
    w.laneFrom[l] = n;
    w.laneStartUp[l] = lane.startUp ? settings.startUpMs : 0;
    let tick = 0;
    const row = l * (ticks + 1);
    for (let k = 0; k < lane.at.length; k++, n++) {
      w.at[n] = lane.at[k]!;
      w.headway[n] = lane.headwayMs[k]!;
      w.weight[n] = lane.weight[k]!;
      w.group[n] = lane.group[k]!;
      w.stop[n] = lane.stopped[k] ? 0 : lane.weight[k]! * settings.stopCostMs;
      w.sumWeight[n + 1] = w.sumWeight[n]! + w.weight[n]!;
      w.sumWeightAt[n + 1] = w.sumWeightAt[n]! + w.weight[n]! * w.at[n]!;
      w.sumStop[n + 1] = w.sumStop[n]! + w.stop[n]!;
      w.sumHeadway[n + 1] = w.sumHeadway[n]! + w.headway[n]!;
      for (; tick <= ticks && origin + tick * TICK_MS < w.at[n]!; tick++) w.arrivedBy[row + tick] = n;
    }
    for (; tick <= ticks; tick++) w.arrivedBy[row + tick] = n;
  }
  w.laneFrom[lanes.length] = n;
  w.group[n] = -1;
}

/** In order with skips, a stage may be passed over only when nobody calls for it. */
function maySkip(tables: SiteTables, called: Uint8Array, from: number, to: number): boolean {
  const n = tables.sequenceLength;
  const begin = tables.sequencePosition[from]!;
  if (begin < 0) return true;
  for (let p = (begin + 1) % n; ; p = (p + 1) % n) {
    const stage = tables.sequence[p]!;
    if (stage === to) return true;
    if (called[stage] || p === begin) return false;
  }
}

function collect(w: Workspace, ticks: number, beam: number, count: number): readonly SearchPath[] {
  const first = w.bucket[ticks * 2] ? ticks * beam : ticks * beam + 1;
  const last = ticks * beam + w.bucket[ticks * 2 + 1]!;
  const order: number[] = [];
  for (let x = first; x <= last; x++) order.push(x);
  order.sort((a, b) => w.value[a]! - w.value[b]! || a - b);
  const paths: SearchPath[] = [];
  const begins = new Set<string>();
  for (const x of order) {
    const steps: { stage: number; atMs: number }[] = [];
    for (let y = x; y >= 0; y = w.parent[y]!) if (w.changedAt[y]! >= 0) steps.unshift({ stage: w.stage[y]!, atMs: w.changedAt[y]! });
    const begin = steps[0] ? `${steps[0].stage}@${steps[0].atMs}` : 'stay';
    if (begins.has(begin)) continue;
    begins.add(begin);
    paths.push({ cost: w.value[x]!, steps });
    if (paths.length === count) break;
  }
  return paths;
}
