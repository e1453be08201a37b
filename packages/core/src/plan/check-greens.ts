import { refuse, type Refusal } from '../result.ts';
import { NEVER } from '../time.ts';
import { NO_CONFLICT, type SiteIndex } from './site-index.ts';

/** What the street had before the first of the greens. */
export interface GreenHistory {
  readonly now: number;
  /** Last end of green per group. */
  readonly ended: Float64Array;
  /** Begin of the present red per group (end of its clearance). */
  readonly redFrom: Float64Array;
}

const s = (ms: number): string => `${String(Math.round(ms / 100) / 10)} s`;

/** Minimum greens, clearances and minimum reds of each group by itself. */
const checkGroup = (index: SiteIndex, greens: readonly number[], history: GreenHistory, g: number): Refusal | undefined => {
  const id = index.ids[g]!;
  let redFrom = history.redFrom[g]!;
  let ended = history.ended[g]!;
  for (let i = 0; i < greens.length; i += 2) {
    const from = greens[i]!;
    const to = greens[i + 1] ?? NEVER;
    if (from >= history.now) {
      if (from - ended < index.clearance[g]!)
        return refuse('short-clearance', `${id}: clearance ${s(from - ended)}, needs ${s(index.clearance[g]!)}`);
      if (from - redFrom < index.minRed[g]!) return refuse('short-red', `${id}: red ${s(from - redFrom)}, needs ${s(index.minRed[g]!)}`);
    }
    if (to - from < index.minGreen[g]! && to >= history.now)
      return refuse('short-green', `${id}: green ${s(to - from)}, needs ${s(index.minGreen[g]!)}`);
    ended = to;
    redFrom = to + index.clearance[g]!;
  }
  return undefined;
};

/** Greens of l against each begin of green of g. */
const checkPair = (
  index: SiteIndex,
  greens: readonly (readonly number[])[],
  history: GreenHistory,
  l: number,
  g: number,
): Refusal | undefined => {
  const needed = index.intergreen[l * index.size + g]!;
  const hard = index.hard[l * index.size + g] === 1;
  const before = greens[l]!;
  const begins = greens[g]!;
  let k = 0;
  let ended = history.ended[l]!;
  for (let i = 0; i < begins.length; i += 2) {
    const begin = begins[i]!;
    while (k < before.length && (before[k + 1] ?? NEVER) <= begin) {
      ended = before[k + 1]!;
      k += 2;
    }
    const both = k < before.length && before[k]! < (begins[i + 1] ?? NEVER);
    if (both && hard) return refuse('conflicting-greens', `${index.ids[l]!} and ${index.ids[g]!} would be green together`);
    const green = k < before.length && before[k]! <= begin;
    if (!green && begin >= history.now && begin - ended < needed)
      return refuse('short-intergreen', `${index.ids[l]!} to ${index.ids[g]!}: ${s(begin - ended)}, needs ${s(needed)}`);
  }
  return undefined;
};

/** A permissive green that ends while the vehicles it yields to keep theirs. */
const checkTrap = (index: SiteIndex, greens: readonly (readonly number[])[], now: number, g: number, h: number): Refusal | undefined => {
  const mine = greens[g]!;
  const opposing = greens[h]!;
  for (let i = 1; i < mine.length; i += 2) {
    const end = mine[i]!;
    if (end < now) continue;
    for (let k = 0; k < opposing.length && opposing[k]! < end; k += 2)
      if ((opposing[k + 1] ?? NEVER) > end)
        return refuse('yellow-trap', `${index.ids[g]!} would end while ${index.ids[h]!}, to which it yields, stays green`);
  }
  return undefined;
};

/** Every safety rule of the site over a list of greens, whoever made it. The first breach, with its numbers, or undefined. */
export const checkGreens = (index: SiteIndex, greens: readonly (readonly number[])[], history: GreenHistory): Refusal | undefined => {
  const { size, intergreen } = index;
  for (let g = 0; g < size; g++) {
    const alone = checkGroup(index, greens[g]!, history, g);
    if (alone !== undefined) return alone;
    if (greens[g]!.length === 0) continue;
    for (let l = 0; l < size; l++) {
      if (intergreen[l * size + g] === NO_CONFLICT) continue;
      const pair = checkPair(index, greens, history, l, g);
      if (pair !== undefined) return pair;
    }
    for (const h of index.trappedBy[g]!) {
      const trap = checkTrap(index, greens, history.now, g, h);
      if (trap !== undefined) return trap;
    }
  }
  return undefined;
};
