import { isGreen, type LampState } from '../controller/lamp.ts';
import { NEVER, seconds, type Instant } from '../time.ts';
import { NO_CONFLICT, type SiteIndex } from './site-index.ts';

/** Which groups an interstage takes green from and gives it to, and the earliest end of each losing one. A regained group is both; `together` marks those that end at once. */
interface Interstage {
  readonly loses: Uint8Array;
  readonly gains: Uint8Array;
  readonly together: Uint8Array;
  readonly ready: Float64Array;
}

/**
 * The signal groups of one junction on their way through a plan. Mutable and local to one projection: it is filled from the lamps,
 * carried from stage to stage by `changeStage`, and read as a list of greens per group.
 */
export interface Projection {
  readonly index: SiteIndex;
  /** Nothing can change before this. */
  readonly now: Instant;
  /** 1 while green. */
  readonly green: Uint8Array;
  /** Begin of green while green, otherwise end of the clearance (begin of red). */
  readonly since: Float64Array;
  /** Last end of green. */
  readonly ended: Float64Array;
  /** Pending changes of the interstage that runs; NEVER where none. */
  readonly gainAt: Float64Array;
  readonly loseAt: Float64Array;
  /** Begin and end of each green, flat: [from, to, from, to, …]; an open green has no `to` yet. */
  readonly greens: readonly number[][];
  readonly scratch: Interstage;
  /** When the stage that runs was entered. */
  entered: number;
  /** First group that a stage should have given green and a change came before it. */
  skipped: { readonly group: number; readonly due: number; readonly at: number } | undefined;
}

/** A green that has been given stands at least this long before the next change begins. */
export const LEAST_STAND = seconds(1);

/** Takes up the lamps as they are at `now`. Flash and dark count as red since they began. */
export const beginProjection = (index: SiteIndex, now: Instant, lamps: readonly LampState[]): Projection => {
  const { size, clearance } = index;
  const projection: Projection = {
    index,
    now,
    green: new Uint8Array(size),
    since: new Float64Array(size),
    ended: new Float64Array(size),
    gainAt: new Float64Array(size).fill(NEVER),
    loseAt: new Float64Array(size).fill(NEVER),
    greens: Array.from({ length: size }, () => []),
    scratch: { loses: new Uint8Array(size), gains: new Uint8Array(size), together: new Uint8Array(size), ready: new Float64Array(size) },
    entered: -Infinity,
    skipped: undefined,
  };
  const { green, since, ended, greens } = projection;
  for (let i = 0; i < lamps.length; i++) {
    const { group, lamp, since: began, ended: end } = lamps[i]!;
    const g = index.ids[i] === group ? i : (index.groupAt.get(group) ?? -1);
    if (g < 0) continue;
    if (isGreen(lamp)) {
      green[g] = 1;
      since[g] = began;
      ended[g] = -Infinity;
      greens[g]!.push(began);
    } else if (lamp === 'clearance') {
      ended[g] = began;
      since[g] = Math.max(now, began + clearance[g]!);
    } else {
      ended[g] = end ?? began - clearance[g]!;
      since[g] = began;
    }
  }
  return projection;
};

/** Lets the pending changes happen: ends up to `t`, begins before it (one that is due at `t` is weighed again with the stage that starts then). */
const advance = (p: Projection, t: number): void => {
  const { index, green, since, ended, gainAt, loseAt, greens } = p;
  for (let g = 0; g < index.size; g++) {
    if (loseAt[g]! <= t) {
      green[g] = 0;
      ended[g] = loseAt[g]!;
      since[g] = loseAt[g]! + index.clearance[g]!;
      greens[g]!.push(loseAt[g]!);
    }
    loseAt[g] = NEVER;
    if (gainAt[g]! < t) {
      green[g] = 1;
      since[g] = gainAt[g]!;
      greens[g]!.push(gainAt[g]!);
    }
    gainAt[g] = NEVER;
  }
};

/** When the groups that are not in `mask` have had the right of way they were given: minimum greens served, pending changes done. */
export const readyAt = (p: Projection, mask: Uint8Array): Instant => {
  const { index, green, since, gainAt, loseAt, now } = p;
  let ready: number = now;
  for (let g = 0; g < index.size; g++) {
    if (loseAt[g]! < NEVER) ready = Math.max(ready, loseAt[g]!);
    if (gainAt[g]! < NEVER) ready = Math.max(ready, gainAt[g]! + (mask[g] === 1 ? 0 : index.minGreen[g]!));
    else if (green[g] === 1 && mask[g] === 0 && loseAt[g] === NEVER) ready = Math.max(ready, since[g]! + index.minGreen[g]!);
  }
  return ready as Instant;
};

/** Earliest begin of green of g as far as the gaining groups already placed tell. */
const earliestGreen = (p: Projection, floor: number, g: number): number => {
  const { index, green, since, ended, gainAt } = p;
  const { loses, gains, ready } = p.scratch;
  const { size, intergreen, clearance, minRed } = index;
  let t = loses[g] === 1 ? ready[g]! + clearance[g]! + minRed[g]! : Math.max(floor, since[g]! + minRed[g]!);
  for (let l = 0; l < size; l++) {
    const between = intergreen[l * size + g]!;
    if (between === NO_CONFLICT || (green[l] === 1 && loses[l] === 0)) continue;
    const clear = (loses[l] === 1 ? ready[l]! : ended[l]!) + between;
    // Of two that may be green together, the second need not wait for the first to clear once that is green again.
    t = Math.max(t, gains[l] === 1 ? Math.min(clear, gainAt[l]!) : clear);
  }
  for (const lead of index.leads[g]!) {
    if (gains[lead.group] === 1) t = Math.max(t, gainAt[lead.group]! + lead.interval);
    else if (green[lead.group] === 1) t = Math.max(t, since[lead.group]! + lead.interval);
  }
  return t;
};

/** Places the begins of green in order of time, so that each is placed after those it may depend on. */
const beginGreens = (p: Projection, floor: number): void => {
  const { index, gainAt, scratch } = p;
  for (;;) {
    let [next, begin] = [-1, Infinity];
    for (let g = 0; g < index.size; g++) {
      if (scratch.gains[g] === 0 || gainAt[g]! < NEVER) continue;
      const t = earliestGreen(p, floor, g);
      if (t < begin) [next, begin] = [g, t];
    }
    if (next < 0) return;
    gainAt[next] = begin;
  }
};

/**
 * One interstage: from what `p` shows to the stage `mask`, begun at `at`. Returns when it really begins.
 * A gaining group turns green at the last of (its losing foes' ends + intergreen), its minimum red and the leading interval before it;
 * a losing group keeps its green as long as that delays nobody. With `stretch` a green in the way is first served its minimum;
 * without, the short green stays visible in `greens`, for the check to refuse.
 */
export const changeStage = (p: Projection, mask: Uint8Array, at: number, stretch: boolean): number => {
  const { index, green, since, gainAt, loseAt } = p;
  const { size, intergreen, minGreen, trappedBy } = index;

  let start = stretch ? Math.max(at, p.entered) : at;
  for (let g = 0; g < size; g++) {
    if (gainAt[g]! + LEAST_STAND <= start || gainAt[g] === NEVER || mask[g] === 1) continue;
    if (stretch) start = gainAt[g]! + LEAST_STAND;
    else p.skipped ??= { group: g, due: gainAt[g]!, at: start };
  }
  advance(p, start);
  const floor = Math.max(start, p.now);
  p.entered = start;

  const { loses, gains, together, ready } = p.scratch;
  loses.fill(0);
  gains.fill(0);
  let changes = 0;
  for (let g = 0; g < size; g++) {
    if (green[g] === mask[g]) continue;
    changes++;
    if (green[g] === 1) loses[g] = 1;
    else gains[g] = 1;
  }
  if (changes === 0) return floor;

  // Yellow trap: a group that yields ends, the one it yields to would stay green: that one ends with it and is regained.
  together.fill(0);
  for (let again = true; again;) {
    again = false;
    for (let g = 0; g < size; g++) {
      if (loses[g] === 0) continue;
      for (const h of trappedBy[g]!) {
        if (green[h] === 0 || loses[h] === 1) continue;
        loses[h] = gains[h] = together[g] = together[h] = 1;
        again = true;
      }
    }
  }

  // Earliest end of each losing green; one that yields waits for the minimum green of the one it yields to.
  let readyTogether = floor;
  for (let g = 0; g < size; g++) {
    if (loses[g] === 0) continue;
    ready[g] = stretch ? Math.max(floor, since[g]! + minGreen[g]!) : floor;
    if (together[g] === 1) readyTogether = Math.max(readyTogether, ready[g]!);
  }
  for (let again = true; again;) {
    again = false;
    for (let g = 0; g < size; g++) {
      if (loses[g] === 0) continue;
      let until = together[g] === 1 ? Math.max(ready[g]!, readyTogether) : ready[g]!;
      for (const h of trappedBy[g]!) if (loses[h] === 1) until = Math.max(until, ready[h]!);
      if (together[g] === 1) readyTogether = Math.max(readyTogether, until);
      if (until <= ready[g]!) continue;
      ready[g] = until;
      again = true;
    }
  }

  beginGreens(p, floor);

  for (let l = 0; l < size; l++) {
    if (loses[l] === 0) continue;
    let end = Infinity;
    if (together[l] === 0) {
      for (let g = 0; g < size; g++) {
        if (gains[g] === 1 && intergreen[l * size + g] !== NO_CONFLICT) end = Math.min(end, gainAt[g]! - intergreen[l * size + g]!);
      }
    }
    loseAt[l] = end === Infinity ? ready[l]! : Math.max(end, ready[l]!);
  }
  // Where both lose, the one that is yielded to ends no later than the one that yields.
  for (let again = true; again;) {
    again = false;
    for (let g = 0; g < size; g++) {
      if (loses[g] === 0) continue;
      for (const h of trappedBy[g]!) {
        if (loses[h] === 0 || loseAt[h]! <= loseAt[g]!) continue;
        loseAt[h] = loseAt[g]!;
        again = true;
      }
    }
  }
  return floor;
};

/** Lets everything pending happen and returns the greens. */
export const finishProjection = (p: Projection): readonly (readonly number[])[] => {
  advance(p, NEVER - 1);
  return p.greens;
};

/** One group's part in an interstage. */
export interface GroupChange {
  readonly group: number;
  readonly end: Instant | undefined;
  readonly begin: Instant | undefined;
}

/** The interstage between two stages that have both stood for long, begun at 0: for tables and planners. */
export const interstage = (index: SiteIndex, from: Uint8Array, to: Uint8Array): readonly GroupChange[] => {
  const longAgo = -3_600_000 as Instant;
  const lamps = index.ids.map((group, g): LampState => ({ group, lamp: from[g] === 1 ? 'green' : 'red', since: longAgo }));
  const p = beginProjection(index, 0 as Instant, lamps);
  changeStage(p, to, 0, false);
  const changes: GroupChange[] = [];
  for (let group = 0; group < index.size; group++) {
    const end = p.loseAt[group]! < NEVER ? (p.loseAt[group]! as Instant) : undefined;
    const begin = p.gainAt[group]! < NEVER ? (p.gainAt[group]! as Instant) : undefined;
    if (end !== undefined || begin !== undefined) changes.push({ group, end, begin });
  }
  return changes;
};
