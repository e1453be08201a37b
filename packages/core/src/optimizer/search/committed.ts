import { GAINS, LOSES, REGAINS } from '../site-tables.ts';
import { discharge } from './discharge.ts';
import type { Problem } from './expand.ts';
import type { StageChange } from './types.ts';

/**
 * Carries lanes and groups through what is committed, from now to the begin of the search, into `newNext`, `newFree` and `newSince`.
 * Returns the stage that runs then.
 */
export function runCommitted({ w, tables, start }: Problem, committed: readonly StageChange[]): number {
  const { groupCount: G, stageCount: S, inStage, role, gainAt, loseAt, clearance, minRed } = tables;
  const { from, to, newSince, newNext, newFree } = w;
  let stage = start.stage;
  let clock = 0;
  for (let l = 0; l < w.laneCount; l++) {
    w.next[l] = newNext[l] = w.laneFrom[l]!;
    w.free[l] = newFree[l] = 0;
  }
  newSince.set(start.since);
  for (let c = 0; c <= committed.length; c++) {
    const change = committed[c];
    const until = change?.atMs ?? start.atMs;
    if (until > clock) {
      for (let g = 0; g < G; g++) {
        const green = inStage[stage * G + g] !== 0;
        from[g] = green ? Math.max(newSince[g]!, clock - w.settings.startUpMs) : 0;
        to[g] = green ? until : 0;
      }
      discharge(w, tables, 0, until, 0, stage, -1, Infinity);
      for (let l = 0; l < w.laneCount; l++) {
        w.next[l] = newNext[l]!;
        w.free[l] = newFree[l]!;
      }
      clock = until;
    }
    if (!change) break;
    const base = (stage * S + change.stage) * G;
    for (let g = 0; g < G; g++) {
      const r = role[base + g];
      if (r === LOSES) newSince[g] = change.atMs + loseAt[base + g]!;
      else if (r === GAINS || r === REGAINS)
        newSince[g] = Math.max(change.atMs + gainAt[base + g]!, r === GAINS ? newSince[g]! + clearance[g]! + minRed[g]! : 0);
    }
    stage = change.stage;
  }
  return stage;
}
