import type { SignalProgram } from '@songxanh/core';
import type { LinkGroup } from './link-groups.ts';
import { isGo } from './signal-links.ts';

/** A stage as the program runs it; times in seconds from the begin of its cycle. */
export interface ProgramStage {
  readonly green: readonly string[];
  readonly startS: number;
  readonly durationS: number;
}

interface Interval extends ProgramStage {
  /** Nobody is shown yellow. */
  readonly steady: boolean;
}

/** Steady intervals shorter than this that only lead to or from another stage are part of the change (a leading green, a staggered end), s. */
const SHORT_S = 5;

const subset = (a: readonly string[], b: readonly string[]): boolean => a.every((group) => b.includes(group));
const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && subset(a, b);

const listIntervals = (program: SignalProgram, groups: readonly LinkGroup[]): readonly Interval[] => {
  let startS = 0;
  return program.intervals.map(({ durationS }, k) => {
    const interval: Interval = {
      green: groups.filter(({ aspects }) => isGo(aspects[k])).map(({ id }) => id),
      steady: groups.every(({ aspects }) => aspects[k] !== 'y'),
      startS,
      durationS,
    };
    startS += durationS;
    return interval;
  });
};

/** Neighbouring intervals with the same greens are one; also over the end of the cycle. */
const joinEqual = (intervals: readonly Interval[]): readonly Interval[] => {
  const joined: Interval[] = [];
  for (const interval of intervals) {
    const last = joined.at(-1);
    if (last !== undefined && last.steady && interval.steady && same(last.green, interval.green))
      joined[joined.length - 1] = { ...last, durationS: last.durationS + interval.durationS };
    else joined.push(interval);
  }
  const [first] = joined;
  const last = joined.at(-1);
  if (joined.length > 1 && first !== undefined && last !== undefined && first.steady && last.steady && same(first.green, last.green))
    return [...joined.slice(1, -1), { ...last, durationS: last.durationS + first.durationS }];
  return joined;
};

/**
 * The program's stages in its order: its steady intervals, without those that are only part of a change — the pedestrians' end before their
 * parallel traffic's, a leading green, an all-red in which only never-stopped groups go.
 */
export const listProgramStages = (program: SignalProgram, groups: readonly LinkGroup[]): readonly ProgramStage[] => {
  const pedestrians = groups.filter((group) => group.pedestrian).map(({ id }) => id);
  const intervals = joinEqual(listIntervals(program, groups));
  const steady = intervals.filter((interval) => interval.steady && interval.green.length > 0);
  const stages = steady.filter((interval, i) => {
    const before = steady.at(i - 1) ?? interval;
    const after = steady[(i + 1) % steady.length] ?? interval;
    if (steady.length < 2) return true;
    const at = intervals.indexOf(interval);
    const joinsBefore = intervals.at(at - 1) === before;
    const joinsAfter = intervals[(at + 1) % intervals.length] === after;
    const partOf = (other: Interval): boolean => subset(interval.green, other.green) && !same(interval.green, other.green);
    if (joinsBefore && partOf(before) && before.green.every((g) => interval.green.includes(g) || pedestrians.includes(g))) return false;
    if (interval.durationS >= SHORT_S) return true;
    return !((joinsBefore && partOf(before)) || (joinsAfter && partOf(after)) || (partOf(before) && partOf(after)));
  });

  // A group that goes only while others are shown yellow still needs a stage.
  const missing = groups.filter(({ id }) => !stages.some(({ green }) => green.includes(id)));
  const extra = missing.flatMap(({ id }) => {
    const longest = intervals.filter(({ green }) => green.includes(id)).sort((a, b) => b.durationS - a.durationS)[0];
    return longest === undefined || stages.includes(longest) ? [] : [longest];
  });
  return [...new Set([...stages, ...extra])]
    .sort((a, b) => a.startS - b.startS)
    .map(({ green, startS, durationS }) => ({ green, startS, durationS }));
};
