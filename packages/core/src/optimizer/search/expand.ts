import { LEAST_STAND } from '../../plan/interstage.ts';
import type { SiteTables } from '../site-tables.ts';
import { GAINS, LOSES } from '../site-tables.ts';
import { fillSlot, findSlot } from './beam.ts';
import { discharge } from './discharge.ts';
import { tickFrom } from './ticks.ts';
import type { SearchStart } from './types.ts';
import type { Workspace } from './workspace.ts';

/** A broken cap costs more than any queue: 1000 person-seconds per second. */
const CAP_PENALTY = 1000;
/** Served this much before the cap, so that a refused or late change does not break it. */
export const CAP_MARGIN_MS = 10_000;
/** Traffic this near counts for the choice of stages to try. */
const NEAR_MS = 6000;

/**
 * Who sees yellow and can stop takes 1 s to react and v / 2b to brake (ITE's yellow; 1.5 s at 50 km/h and 4.5 m/s², SUMO's default). A clearance no
 * longer than that leaves nothing of itself to be used.
 */
const STOPPING_MS = 2500;

/** One problem: the site, what is known at the begin, and the buffers. */
export interface Problem {
  readonly w: Workspace;
  readonly tables: SiteTables;
  readonly start: SearchStart;
}

/** Waiting beyond the red cap of groups that `stage` leaves red at `t`. */
function lateReds({ w, tables }: Problem, stage: number, t: number): number {
  let late = 0;
  for (let j = 0; j < w.urgentCount; j++) {
    const g = w.urgent[j]!;
    if (tables.inStage[stage * tables.groupCount + g]) continue;
    late += Math.max(0, t - (w.newSince[g]! + tables.redCap[g]! - CAP_MARGIN_MS));
  }
  return late * CAP_PENALTY;
}

/** Discharges state x into tick i1 and keeps the result where it is good enough. `broken` is the cost of caps broken on the way. */
function land(problem: Problem, x: number, i1: number, stage: number, depth: number, change: number, changedAt: number, broken: number) {
  const { w, tables, start } = problem;
  const t1 = start.atMs + w.ticks.at[i1]!;
  const slot = findSlot(w, i1, stage, depth);
  const fixed = w.cost[x]! + broken;
  const late = lateReds(problem, stage, t1);
  const open = discharge(w, tables, x, t1, i1, stage, change, w.value[slot]! - fixed - late);
  const value = fixed + w.spent[0]! + late + open;
  if (!(value < w.value[slot]!)) return;
  fillSlot(w, tables.groupCount, i1, slot, value, fixed + w.spent[0]!);
  w.stage[slot] = stage;
  w.depth[slot] = depth;
  w.parent[slot] = x;
  w.changedAt[slot] = changedAt;
}

/** The state stays in its stage for another tick. */
export function stay(problem: Problem, x: number, i: number): void {
  const { w, tables, start } = problem;
  const { groupCount: G, inStage, maxGreen } = tables;
  const { from, to, newSince } = w;
  const s = w.stage[x]!;
  const t0 = start.atMs + w.ticks.at[i]!;
  const t1 = start.atMs + w.ticks.at[i + 1]!;
  let broken = 0;
  for (let g = 0; g < G; g++) {
    const begun = w.since[x * G + g]!;
    newSince[g] = begun;
    if (inStage[s * G + g]) {
      from[g] = Math.max(begun, t0 - w.settings.startUpMs);
      to[g] = t1;
      const over = t1 - Math.max(begun, start.contestedSince[g]!) - maxGreen[g]!;
      if (over > 0) broken += Math.min(over, t1 - t0) * CAP_PENALTY;
    } else to[g] = from[g] = 0;
  }
  land(problem, x, i + 1, s, w.depth[x]!, -1, -1, broken);
}

/** The state changes, to each of the stages with most traffic. */
export function changeAll(problem: Problem, x: number, i: number): void {
  const { w, tables, start } = problem;
  const { stageScore } = w;
  const s = w.stage[x]!;
  const successors = tables.successors[s]!;
  if (successors.length === 0) return;
  let candidates = scoreStages(problem, x, i);
  for (let tried = 0; tried < w.settings.branches && candidates > 0; candidates--) {
    let t = -1;
    for (let j = 0; j < successors.length; j++) {
      const c = successors[j]!;
      if (stageScore[c]! >= 0 && (t < 0 || stageScore[c]! > stageScore[t]!)) t = c;
    }
    stageScore[t] = -1;
    if (tables.skips && w.depth[x] === 0 && !maySkip(tables, start.called, s, t)) continue;
    tried++;
    change(problem, x, i, t);
  }
}

/** Scores the stages that may follow by the traffic at the head of whose lanes they give green; −1 for those that help nobody. */
function scoreStages({ w, tables, start }: Problem, x: number, i: number): number {
  const { groupCount: G, inStage } = tables;
  const { stageScore, queue, laneCount: L, group, next, sumWeight, arrivedBy, urgent, urgentCount, ticks } = w;
  const s = w.stage[x]!;
  const successors = tables.successors[s]!;
  const soon = Math.min(ticks.last, tickFrom(ticks, ticks.at[i]! + NEAR_MS));
  for (let l = 0; l < L; l++) {
    const k = next[x * L + l]!;
    const n = arrivedBy[l * (ticks.last + 1) + soon]!;
    queue[l] = n > k ? sumWeight[n]! - sumWeight[k]! : 0;
  }
  let candidates = 0;
  for (let j = 0; j < successors.length; j++) {
    const t = successors[j]!;
    let score = 0;
    let gained = successors.length === 1;
    for (let l = 0; l < L; l++) {
      if (queue[l] === 0) continue;
      const g = group[next[x * L + l]!]!;
      if (g < 0 || inStage[t * G + g] === 0) continue;
      score += queue[l]!;
      if (inStage[s * G + g] === 0) gained = true;
    }
    for (let k = 0; k < urgentCount; k++) {
      const g = urgent[k]!;
      if (inStage[t * G + g] === 0 || inStage[s * G + g] !== 0 || w.since[x * G + g]! >= start.atMs) continue;
      score += 1e6;
      gained = true;
    }
    stageScore[t] = gained ? score : -1;
    if (gained) candidates++;
  }
  return candidates;
}

/** The state changes to stage t now, and is looked at again when every gaining group has had its minimum green. */
function change(problem: Problem, x: number, i: number, t: number): void {
  const { w, tables, start } = problem;
  const { groupCount: G, stageCount: S, role, gainAt, loseAt, minGreen, maxGreen, minRed, clearance, redCap, intergreen, inStage } = tables;
  const { from, to, newSince, since, settings } = w;
  const s = w.stage[x]!;
  const t0 = start.atMs + w.ticks.at[i]!;
  const base = (s * S + t) * G;
  const { stays, ends, gains, behind } = tables.changes[s * S + t]!;
  for (let j = 0; j < ends.length; j++) {
    const g = ends[j]!;
    const begun = since[x * G + g]!;
    if (t0 < begun + LEAST_STAND || t0 + loseAt[base + g]! < begun + minGreen[g]!) return;
  }
  for (let g = 0; g < G; g++) {
    newSince[g] = since[x * G + g]!;
    from[g] = to[g] = 0;
  }
  const moving = t0 - settings.startUpMs;
  let broken = 0;
  for (let j = 0; j < stays.length; j++) {
    const g = stays[j]!;
    from[g] = Math.max(newSince[g]!, moving);
    to[g] = Infinity;
  }
  for (let j = 0; j < ends.length; j++) {
    const g = ends[j]!;
    if (role[base + g] === LOSES) {
      from[g] = Math.max(newSince[g]!, moving);
      newSince[g] = t0 + loseAt[base + g]!;
      to[g] = newSince[g] + Math.min(settings.clearanceUseMs, Math.max(0, clearance[g]! - STOPPING_MS));
      // It may go on for a while after the change has begun.
      const over = newSince[g] - Math.max(since[x * G + g]!, start.contestedSince[g]!, t0 - maxGreen[g]!) - maxGreen[g]!;
      if (over > 0) broken += over * CAP_PENALTY;
    } else {
      from[g] = newSince[g] = t0 + gainAt[base + g]!;
      to[g] = Infinity;
    }
  }
  let landing = t0 + tables.settle[s * S + t]!;
  for (let j = 0; j < gains.length; j++) {
    const g = gains[j]!;
    let begins = Math.max(t0 + gainAt[base + g]!, newSince[g]! + clearance[g]! + minRed[g]!);
    const others = behind[j]!;
    for (let k = 0; k < others.length; k++) begins = Math.max(begins, since[x * G + others[k]!]! + intergreen[others[k]! * G + g]!);
    landing = Math.max(landing, begins + minGreen[g]!);
    from[g] = newSince[g] = begins;
    to[g] = Infinity;
  }
  const i1 = Math.max(i + 1, tickFrom(w.ticks, landing - start.atMs));
  if (i1 > w.ticks.last) return;
  const t1 = start.atMs + w.ticks.at[i1]!;
  for (let g = 0; g < G; g++) {
    if (to[g]! > t1) to[g] = t1;
    const over = inStage[t * G + g] ? t1 - Math.max(newSince[g]!, start.contestedSince[g]!) - maxGreen[g]! : 0;
    if (over > 0) broken += Math.min(over, t1 - t0) * CAP_PENALTY;
  }
  for (let j = 0; j < w.urgentCount; j++) {
    const g = w.urgent[j]!;
    if (role[base + g] !== GAINS) continue;
    broken += Math.max(0, newSince[g]! - (since[x * G + g]! + redCap[g]! - CAP_MARGIN_MS)) * CAP_PENALTY;
  }
  land(problem, x, i1, t, w.depth[x]! + 1, base, t0, broken);
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
