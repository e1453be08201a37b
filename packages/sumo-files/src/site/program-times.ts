import type { SignalProgram } from '@songxanh/core';
import type { LinkGroup } from './link-groups.ts';
import type { ProgramStage } from './program-stages.ts';
import { isGo } from './signal-links.ts';
import type { Aspect } from './signal-links.ts';

export const cycleS = (program: SignalProgram): number => program.intervals.reduce((sum, { durationS }) => sum + durationS, 0);

/** Lengths (s) of the cyclic runs in which `test` holds; one run of the whole cycle where it always does. */
export const runsS = (program: SignalProgram, aspects: readonly Aspect[], test: (aspect: Aspect) => boolean): readonly number[] => {
  const start = aspects.findIndex((aspect) => !test(aspect));
  if (start < 0) return aspects.length > 0 ? [cycleS(program)] : [];
  const runs: number[] = [];
  let run = 0;
  for (let i = 1; i <= aspects.length; i++) {
    const k = (start + i) % aspects.length;
    const aspect = aspects[k];
    if (aspect !== undefined && test(aspect)) run += program.intervals[k]?.durationS ?? 0;
    else if (run > 0) {
      runs.push(run);
      run = 0;
    }
  }
  return runs;
};

const aspectAt = (program: SignalProgram, group: LinkGroup, timeS: number): Aspect | undefined => {
  let endS = 0;
  const t = timeS % cycleS(program);
  const k = program.intervals.findIndex(({ durationS }) => (endS += durationS) > t);
  return group.aspects[k];
};

/** Boundaries of intervals, s, over two cycles from `fromS`. */
const boundariesFrom = (program: SignalProgram, fromS: number): readonly number[] => {
  const starts: number[] = [];
  let startS = 0;
  for (const { durationS } of program.intervals) {
    starts.push(startS);
    startS += durationS;
  }
  return [0, 1, 2].flatMap((turn) => starts.map((s) => s + turn * startS)).filter((s) => s >= fromS);
};

/**
 * The shortest time (s) the program itself shows from the end of `from`'s green to the begin of `to`'s, in changes between stages that follow
 * each other; undefined where it never changes directly from one to the other.
 */
export const shownIntergreenS = (
  program: SignalProgram,
  stages: readonly ProgramStage[],
  from: LinkGroup,
  to: LinkGroup,
): number | undefined => {
  const shown = stages.flatMap((stage, i): number[] => {
    const next = stages[(i + 1) % stages.length];
    if (next === undefined || !stage.green.includes(from.id) || next.green.includes(from.id)) return [];
    if (stage.green.includes(to.id) || !next.green.includes(to.id)) return [];
    const boundaries = boundariesFrom(program, stage.startS);
    const endS = boundaries.find((s) => !isGo(aspectAt(program, from, s)));
    const beginS = boundaries.find((s) => isGo(aspectAt(program, to, s)));
    return endS === undefined || beginS === undefined || beginS < endS ? [] : [beginS - endS];
  });
  return shown.length > 0 ? Math.min(...shown) : undefined;
};
