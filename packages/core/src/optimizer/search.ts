import { collectPaths, fillSlot } from './search/beam.ts';
import { runCommitted } from './search/committed.ts';
import { CAP_MARGIN_MS, changeAll, stay } from './search/expand.ts';
import { loadArrivals } from './search/load-arrivals.ts';
import type { SearchLane, SearchPath, SearchStart, StageChange } from './search/types.ts';
import type { Workspace } from './search/workspace.ts';
import type { SiteTables } from './site-tables.ts';

/**
 * Rolling-horizon beam search over "stay" and "change to stage t". A lane is a point queue: its vehicles leave in order, one per headway, while
 * the group of the first one is green; permissive ones wait for gaps. States that have reached the same tick compete. Times are ms from now.
 * Returns the cheapest path first, then the best others that begin differently.
 */
export function search(
  w: Workspace,
  tables: SiteTables,
  lanes: readonly SearchLane[],
  committed: readonly StageChange[],
  start: SearchStart,
  alternatives: number,
): readonly SearchPath[] {
  const { ticks, settings } = w;
  const problem = { w, tables, start };
  loadArrivals(w, tables, lanes, start.atMs);
  w.bucket.fill(0, 0, (ticks.last + 1) * 2);
  w.stage[0] = runCommitted(problem, committed);
  w.depth[0] = 0;
  w.parent[0] = w.changedAt[0] = -1;
  fillSlot(w, tables.groupCount, 0, 0, 0, 0);

  w.urgentCount = 0;
  const end = start.atMs + ticks.at[ticks.last]!;
  for (let g = 0; g < tables.groupCount; g++)
    if (start.capped[g] && w.newSince[g]! + tables.redCap[g]! < end + CAP_MARGIN_MS) w.urgent[w.urgentCount++] = g;

  for (let i = 0; i < ticks.last; i++) {
    const base = i * settings.beam;
    const last = base + w.bucket[i * 2 + 1]!;
    for (let x = w.bucket[i * 2] ? base : base + 1; x <= last; x++) {
      stay(problem, x, i);
      changeAll(problem, x, i);
    }
  }
  return collectPaths(w, alternatives);
}
