import type { SiteTables } from '../site-tables.ts';
import { LOSES } from '../site-tables.ts';
import type { Workspace } from './workspace.ts';

/** A vehicle delayed less than this has slowed down, not stopped. */
const STOP_FREE_MS = 1500;

/**
 * Lets the lanes of state `x` discharge up to `until`, each group in its window `from`…`to`, and leaves the lanes in `newNext` and `newFree`.
 * `spent` gets the cost of those that left; returned is that of those that have arrived by `tick` and not left, with what their discharge and,
 * where `stage` has them red, their waiting for it will cost. Gives up with Infinity once both together exceed `limit`.
 * `change` is the row of roles of the change that runs, −1 for none.
 */
export function discharge(
  w: Workspace,
  tables: SiteTables,
  x: number,
  until: number,
  tick: number,
  stage: number,
  change: number,
  limit: number,
): number {
  const {
    at,
    headway,
    weight,
    group,
    window,
    stop,
    left,
    laneFrom,
    laneStartUp,
    laneGapHeadway,
    from,
    to,
    newNext,
    newFree,
    firstOut,
    moment,
  } = w;
  const { arrivedBy, sumWeight, sumWeightAt, sumStop, sumHeadway, next, free, laneCount: L } = w;
  const { opposingLanes, role, inStage } = tables;
  const { terminalWaitMs } = w.settings;
  const width = w.ticks.last + 1;
  const greens = stage * tables.groupCount;
  openTogether(w, tables.groupCount);
  // Also for those looked at before it is a lane's turn: shared lanes give way to each other.
  for (let l = 0; l < L; l++) {
    firstOut[l] = newNext[l] = next[x * L + l]!;
    newFree[l] = free[x * L + l]!;
  }
  let spent = 0;
  let open = 0;
  for (let l = 0; l < L; l++) {
    let k = newNext[l]!;
    let ready = newFree[l]!;
    const last = laneFrom[l + 1]!;
    const startUp = laneStartUp[l]!;
    while (k < last && at[k]! < until) {
      const g = group[k]!;
      if (g < 0) break;
      const end = to[window[k]!]!;
      const begin = from[window[k]!]!;
      if (end <= begin) break;
      let d = at[k]!;
      const opposed = opposingLanes[g]!.length > 0;
      if (ready > d) d = ready;
      if (begin + startUp > d) d = begin + startUp;
      if (d >= end) break;
      if (opposed) {
        moment[0] = d;
        findGap(w, tables, k);
        d = moment[0]!;
        if (d >= end) {
          // One vehicle waits inside the junction and leaves when the opposing stream has ended.
          if (change < 0 || role[change + g] !== LOSES || k !== firstOut[l]) break;
          d = end;
        }
      }
      const wait = d - at[k]!;
      spent += wait * weight[k]!;
      if (wait > STOP_FREE_MS) spent += stop[k]!;
      left[k] = d;
      ready = d + headway[k]!;
      if (opposed && laneGapHeadway[l]! > 0 && isOpposed(w, tables, g))
        ready = d + Math.max(headway[k]!, laneGapHeadway[l]! * (headway[k]! / CAR_HEADWAY_MS));
      k++;
    }
    newNext[l] = k;
    newFree[l] = ready;
    const n = arrivedBy[l * width + tick]!;
    if (n > k) {
      const waiting = sumWeight[n]! - sumWeight[k]!;
      open += waiting * (until + 0.5 * (sumHeadway[n]! - sumHeadway[k]!)) - sumWeightAt[n]! + sumWeightAt[k]! + sumStop[n]! - sumStop[k]!;
      const g = group[k]!;
      if (g >= 0 && inStage[greens + g] === 0) open += waiting * terminalWaitMs;
    }
    if (spent + open > limit) return Infinity;
  }
  w.spent[0] = spent;
  return open;
}

/** One that it gives way to has green in this expansion. */
function isOpposed({ from, to }: Workspace, { yields, groupCount: G }: SiteTables, g: number): boolean {
  for (let h = 0; h < G; h++) if (yields[g * G + h] !== 0 && to[h]! > from[h]!) return true;
  return false;
}

/** Whose turn is not known may go only while all that are likely may: the first one that may not holds the others. */
function openTogether(w: Workspace, groups: number): void {
  const { from, to, together, laneCount } = w;
  for (let i = 0; i < 2 * laneCount; i++) {
    const needed = together[i]!;
    if (needed.length === 0) continue;
    let begin = 0;
    let end = Infinity;
    for (let j = 0; j < needed.length; j++) {
      const g = needed[j]!;
      if (to[g]! <= from[g]!) end = 0;
      begin = Math.max(begin, from[g]!);
      end = Math.min(end, to[g]!);
    }
    from[groups + i] = begin;
    to[groups + i] = end;
  }
}

/**
 * Moves `moment` on to the first gap in all opposing streams for arrival `own`, at least to the end of its window where there is none before.
 * Traffic known only by its mean flow is evenly spaced here, but leaves gaps by chance on the street: unless it had to queue it costs the mean wait
 * for a gap. (A number handed over or returned would be an object of its own each time: a quarter of a megabyte per decision.)
 */
function findGap(w: Workspace, tables: SiteTables, own: number): void {
  const { at, headway, group, window, expected, left, laneFrom, from, to, newNext, newFree, firstOut, place, moment } = w;
  const { gapMs, gapAfterMs } = w.settings;
  const { yields, groupCount: G } = tables;
  const g = group[own]!;
  const opposing = tables.opposingLanes[g]!;
  const latest = to[window[own]!]!;
  let d = moment[0]!;
  let waited = false;
  for (let again = true; again && d < latest;) {
    again = false;
    let flow = 0;
    for (let j = 0; j < opposing.length; j++) {
      const o = place[opposing[j]!]!;
      if (o < 0) continue;
      const gone = newNext[o]!;
      const end = laneFrom[o + 1]!;
      // Those still to come follow each other a headway apart.
      let t = 0;
      for (let k = firstOut[o]!; k < end; k++) {
        if (k < gone) t = left[k]!;
        else t = Math.max(at[k]!, k === gone ? newFree[o]! : t + headway[k - 1]!);
        if (t >= d + gapMs) break;
        const h = group[k]!;
        if (h < 0 || yields[g * G + h] === 0 || to[window[k]!]! <= from[window[k]!]! || t + gapAfterMs <= d) continue;
        if (expected[k] === 1 && t - at[k]! < STOP_FREE_MS) {
          if (k + 1 < end) flow += headway[k]! / CAR_HEADWAY_MS / Math.max(MIN_SPACING_MS, at[k + 1]! - at[k]!);
          break;
        }
        d = t + gapAfterMs;
        again = true;
      }
    }
    if (!again && flow > 0 && !waited) {
      d += meanWait(flow, gapMs + gapAfterMs);
      waited = again = true;
    }
  }
  moment[0] = d;
}
const MIN_SPACING_MS = 1000;
/** A share of a headway counts as that share of a car. */
const CAR_HEADWAY_MS = 2000;

/** Mean wait (ms) for a gap of `gap` ms in random traffic of `flow` vehicles per ms (Adams 1936). */
const meanWait = (flow: number, gap: number): number => (Math.exp(flow * gap) - 1) / flow - gap;
