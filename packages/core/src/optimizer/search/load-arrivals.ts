import type { SiteTables } from '../site-tables.ts';
import type { SearchLane } from './types.ts';
import { reserve, type Workspace } from './workspace.ts';

/** Lays the arrivals out lane after lane, with the sums that make waiting cheap to add up. Lanes without arrivals are left out. */
export function loadArrivals(w: Workspace, tables: SiteTables, lanes: readonly SearchLane[], originMs: number): void {
  let arrivals = 0;
  for (const lane of lanes) arrivals += lane.at.length;
  reserve(w, tables, lanes.length, arrivals);
  w.sumWeight[0] = w.sumWeightAt[0] = w.sumStop[0] = w.sumHeadway[0] = 0;
  w.place.fill(-1);
  w.laneCount = 0;
  let n = 0;
  for (let i = 0; i < lanes.length; i++) {
    const position = i < tables.laneCount ? tables.laneOrder[i]! : i;
    const lane = lanes[position]!;
    if (lane.at.length === 0) continue;
    if (i < tables.laneCount) w.place[position] = w.laneCount;
    n = loadLane(w, lane, n, originMs, tables.groupCount);
    w.laneCount++;
  }
  w.laneFrom[w.laneCount] = n;
  w.group[n] = -1;
}

function loadLane(w: Workspace, lane: SearchLane, first: number, originMs: number, groups: number): number {
  const { ticks, settings } = w;
  const row = w.laneCount * (ticks.last + 1);
  w.laneFrom[w.laneCount] = first;
  w.together[2 * w.laneCount] = lane.together;
  w.together[2 * w.laneCount + 1] = lane.firstNeeds;
  w.laneStartUp[w.laneCount] = lane.startUp ? settings.startUpMs : 0;
  w.laneGapHeadway[w.laneCount] = lane.gapHeadwayMs;
  let tick = 0;
  let n = first;
  for (let k = 0; k < lane.at.length; k++, n++) {
    w.at[n] = lane.at[k]!;
    w.headway[n] = lane.headwayMs[k]!;
    w.weight[n] = lane.weight[k]!;
    w.group[n] = lane.group[k]!;
    w.window[n] = lane.group[k]!;
    if (k === 0 && lane.firstNeeds.length > 0) w.window[n] = groups + 2 * w.laneCount + 1;
    else if (lane.anyTurn[k] && lane.together.length > 0) w.window[n] = groups + 2 * w.laneCount;
    w.expected[n] = lane.expected[k] ? 1 : 0;
    w.stop[n] = lane.stopped[k] ? 0 : lane.weight[k]! * settings.stopCostMs;
    w.sumWeight[n + 1] = w.sumWeight[n]! + w.weight[n]!;
    w.sumWeightAt[n + 1] = w.sumWeightAt[n]! + w.weight[n]! * w.at[n]!;
    w.sumStop[n + 1] = w.sumStop[n]! + w.stop[n]!;
    w.sumHeadway[n + 1] = w.sumHeadway[n]! + w.headway[n]!;
    for (; tick <= ticks.last && originMs + ticks.at[tick]! < w.at[n]!; tick++) w.arrivedBy[row + tick] = n;
  }
  for (; tick <= ticks.last; tick++) w.arrivedBy[row + tick] = n;
  return n;
}
