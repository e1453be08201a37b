import type { SearchPath, StageChange } from './types.ts';
import type { Workspace } from './workspace.ts';

/** The slot a state of `stage` would take at `tick`; the slot's value is what it has to beat. `depth` is its number of changes. */
export function findSlot(w: Workspace, tick: number, stage: number, depth: number): number {
  const { beam, beamPerStage } = w.settings;
  const { value, bucket } = w;
  const base = tick * beam;
  if (depth === 0) {
    if (bucket[tick * 2] === 0) value[base] = Infinity;
    return base;
  }
  const count = bucket[tick * 2 + 1]!;
  let same = 0;
  let worstSame = -1;
  let worst = -1;
  for (let j = base + 1; j <= base + count; j++) {
    if (worst < 0 || value[j]! > value[worst]!) worst = j;
    if (w.stage[j] !== stage) continue;
    same++;
    if (worstSame < 0 || value[j]! > value[worstSame]!) worstSame = j;
  }
  if (same >= beamPerStage) return worstSame;
  if (count >= beam - 1) return worst;
  value[base + 1 + count] = Infinity;
  return base + 1 + count;
}

/** Puts the state of the expansion at hand (`newNext`, `newFree`, `newSince`) into `slot`. */
export function fillSlot(w: Workspace, groups: number, tick: number, slot: number, value: number, cost: number): void {
  const base = tick * w.settings.beam;
  if (slot === base) w.bucket[tick * 2] = 1;
  else if (slot - base > w.bucket[tick * 2 + 1]!) w.bucket[tick * 2 + 1] = slot - base;
  const L = w.laneCount;
  w.value[slot] = value;
  w.cost[slot] = cost;
  for (let l = 0; l < L; l++) {
    w.next[slot * L + l] = w.newNext[l]!;
    w.free[slot * L + l] = w.newFree[l]!;
  }
  for (let g = 0; g < groups; g++) w.since[slot * groups + g] = w.newSince[g]!;
}

/** The cheapest paths that begin differently, cheapest first. */
export function collectPaths(w: Workspace, count: number): readonly SearchPath[] {
  const { beam } = w.settings;
  const base = w.ticks.last * beam;
  const order: number[] = w.bucket[w.ticks.last * 2] ? [base] : [];
  for (let j = 1; j <= w.bucket[w.ticks.last * 2 + 1]!; j++) order.push(base + j);
  order.sort((a, b) => w.value[a]! - w.value[b]! || a - b);
  const paths: SearchPath[] = [];
  const begins = new Set<string>();
  for (const x of order) {
    const steps: StageChange[] = [];
    for (let y = x; y >= 0; y = w.parent[y]!) if (w.changedAt[y]! >= 0) steps.unshift({ stage: w.stage[y]!, atMs: w.changedAt[y]! });
    const begin = steps[0] ? `${steps[0].stage}@${steps[0].atMs}` : 'stay';
    if (begins.has(begin)) continue;
    begins.add(begin);
    paths.push({ cost: w.value[x]!, steps });
    if (paths.length === count) break;
  }
  return paths;
}
