import { isFlash, isGo, type GroupFile, type SiteFile } from './logs.ts';

export interface SignalVerdict {
  states: number;
  /** Hard conflicts: both green, or one green while the other still shows its yellow or its clearance. */
  conflictingGreens: number;
  shortGreens: number;
  shortIntergreens: number;
  /** Green that ended without yellow, or with a yellow (a pedestrian's clearance) that was too short or too long. */
  badClearances: number;
  /** Steps lost or twice in the log. */
  gaps: number;
  /** Junction-seconds in flash. */
  flashS: number;
  /** The first breaches in words. */
  readonly examples: string[];
}

interface GroupRun {
  letter: string;
  since: number;
  /** The begin of the present letter was seen, so its length can be judged. */
  whole: boolean;
  endOfGreen: number | undefined;
}

interface Watch {
  readonly site: SiteFile;
  readonly runs: Map<string, GroupRun>;
  at: number | undefined;
}

const EXAMPLES = 10;

const letterOf = (group: GroupFile, heads: string): string =>
  heads[group.heads.find((h) => heads[h] !== 'd') ?? group.heads[0] ?? 0] ?? '?';
const kindOf = (letter: string): string => (letter === 'g' ? 'G' : letter);

/** Judges lamps second by second by the site files' own conflicts, intergreens and minimum times. */
export const createSignalCheck = (sites: ReadonlyMap<string, SiteFile>, stepMs = 1000) => {
  const verdict: SignalVerdict = {
    ...{ states: 0, conflictingGreens: 0, shortGreens: 0, shortIntergreens: 0, badClearances: 0, gaps: 0, flashS: 0 },
    examples: [],
  };
  const watches = new Map<string, Watch>([...sites].map(([id, site]) => [id, { site, runs: new Map(), at: undefined }]));
  const say = (text: string): void => {
    if (verdict.examples.length < EXAMPLES) verdict.examples.push(text);
  };

  const closeRun = (where: string, group: GroupFile, run: GroupRun, next: string, at: number): void => {
    const lastedS = (at - run.since) / 1000;
    if (isGo(run.letter)) {
      if (run.whole && lastedS < group.minGreenS) {
        verdict.shortGreens += 1;
        say(`${where}: green of ${String(lastedS)} s, at least ${String(group.minGreenS)} s`);
      }
      if (next !== 'y' && group.clearanceS > 0) {
        verdict.badClearances += 1;
        say(`${where}: green is followed by ${next}`);
      }
    }
    // The log has a line per second: a yellow of 3.5 s shows on 3 or 4 lines.
    if (run.letter === 'y' && run.whole && Math.abs(lastedS - group.clearanceS) >= 1) {
      verdict.badClearances += 1;
      say(`${where}: clearance of ${String(lastedS)} s, expected ${String(group.clearanceS)} s`);
    }
  };

  const checkPairs = ({ site, runs }: Watch, at: number): void => {
    for (const [a, b] of site.conflicts.hard) {
      const [one, other] = [runs.get(a), runs.get(b)];
      if (one === undefined || other === undefined) continue;
      const busy = (run: GroupRun): boolean => isGo(run.letter) || run.letter === 'y';
      if ((isGo(one.letter) && busy(other)) || (isGo(other.letter) && busy(one))) {
        verdict.conflictingGreens += 1;
        say(`${site.id} ${String(at)}: ${a} ${one.letter} and ${b} ${other.letter}`);
      }
    }
    for (const [gaining, run] of runs) {
      if (!isGo(run.letter) || run.since !== at || !run.whole) continue;
      for (const [losing, other] of runs) {
        const least = site.intergreensS[losing]?.[gaining];
        if (least === undefined || other.endOfGreen === undefined || other.endOfGreen > at) continue;
        if ((at - other.endOfGreen) / 1000 < least) {
          verdict.shortIntergreens += 1;
          say(
            `${site.id} ${String(at)}: ${losing} to ${gaining} after ${String((at - other.endOfGreen) / 1000)} s, at least ${String(least)} s`,
          );
        }
      }
    }
  };

  return {
    verdict,
    /** Takes one line; lines of a junction in order of time. */
    take: (at: number, junction: string, heads: string): void => {
      const watch = watches.get(junction);
      if (watch === undefined) return;
      verdict.states += 1;
      if (watch.at !== undefined && at - watch.at !== stepMs) {
        verdict.gaps += 1;
        watch.runs.clear();
        say(`${junction}: from ${String(watch.at)} to ${String(at)}`);
      }
      watch.at = at;
      if (isFlash(heads)) {
        // Flash is the safe end of everything; what comes after begins anew.
        verdict.flashS += 1;
        watch.runs.clear();
        return;
      }
      for (const group of watch.site.groups) {
        const letter = letterOf(group, heads);
        const run = watch.runs.get(group.id);
        if (run === undefined) {
          watch.runs.set(group.id, { letter, since: at, whole: false, endOfGreen: undefined });
        } else if (kindOf(run.letter) !== kindOf(letter)) {
          closeRun(`${junction}/${group.id} ${String(at)}`, group, run, letter, at);
          if (isGo(run.letter)) run.endOfGreen = at;
          Object.assign(run, { letter, since: at, whole: true });
        } else run.letter = letter;
      }
      checkPairs(watch, at);
    },
  };
};
