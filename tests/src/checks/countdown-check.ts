import { isFlash, isGo, type GroupFile, type SiteFile } from './logs.ts';

export interface CountdownVerdict {
  numbers: number;
  /** A number that is not one less than the second before, while its change has not come. */
  jumps: number;
  /** A number that went dark before its change; only safety, preemption, manual control or the loss of the agent may do that. */
  blanked: number;
  /** The lamp changed while the display said otherwise, or did not change at the end of the count. */
  againstLamps: number;
  /** A change that the display should have announced and did not. */
  unannounced: number;
  /** Changes that were announced for as long as the display's kind asks. */
  announced: number;
  readonly examples: string[];
}

interface GroupWatch {
  readonly group: GroupFile;
  go: boolean;
  since: number;
  /** The begin of the present aspect was seen outside of flash. */
  whole: boolean;
  number: number | undefined;
  numberSince: number | undefined;
}

const EXAMPLES = 10;

/**
 * Judges every display against the lamps of its group: number n at time t says that the group's aspect (green or not) changes n seconds
 * later and not before.
 */
export const createCountdownCheck = (sites: ReadonlyMap<string, SiteFile>, numberAt: (at: number, group: string) => number | undefined) => {
  const verdict: CountdownVerdict = { numbers: 0, jumps: 0, blanked: 0, againstLamps: 0, unannounced: 0, announced: 0, examples: [] };
  const watches = new Map<string, Map<string, GroupWatch>>();
  const say = (text: string): void => {
    if (verdict.examples.length < EXAMPLES) verdict.examples.push(text);
  };

  const checkAnnounced = (where: string, watch: GroupWatch, at: number): void => {
    const { countdown } = watch.group;
    const kind = watch.go ? countdown.green : countdown.red;
    if (kind === 'none' || !watch.whole) return;
    const lasted = (at - watch.since) / 1000;
    const shown = watch.numberSince === undefined ? 0 : (at - watch.numberSince) / 1000;
    const asked = kind === 'full' ? lasted : Math.min(lasted, countdown.tailS ?? 0);
    if (shown >= asked) verdict.announced += 1;
    else {
      verdict.unannounced += 1;
      say(`${where}: change announced for ${String(shown)} s, ${kind} asks for ${String(asked)} s`);
    }
  };

  const step = (watch: GroupWatch, where: string, at: number, letter: string | undefined, number: number | undefined): void => {
    const go = isGo(letter);
    const changed = go !== watch.go;
    if (number !== undefined) verdict.numbers += 1;
    if (changed) {
      if (watch.number !== undefined && watch.number !== 1) {
        verdict.againstLamps += 1;
        say(`${where}: changed while the display said ${String(watch.number)}`);
      }
      checkAnnounced(where, watch, at);
      Object.assign(watch, { go, since: at, whole: true, numberSince: undefined });
    } else if (watch.number === 1) {
      verdict.againstLamps += 1;
      say(`${where}: did not change after 1`);
    } else if (watch.number !== undefined && number === undefined) {
      verdict.blanked += 1;
      say(`${where}: blank after ${String(watch.number)}`);
    } else if (watch.number !== undefined && number !== watch.number - 1) {
      verdict.jumps += 1;
      say(`${where}: ${String(number)} after ${String(watch.number)}`);
    }
    // A red display speaks from the begin of red; yellow and pedestrian clearance come before it.
    if (letter === 'y') watch.since = at + 1000;
    if (number === undefined) watch.numberSince = undefined;
    else watch.numberSince ??= at;
    watch.number = number;
  };

  return {
    verdict,
    /** Takes one line of the signal log; lines of a junction in order of time. */
    take: (at: number, junction: string, heads: string): void => {
      const site = sites.get(junction);
      if (site === undefined) return;
      if (isFlash(heads)) {
        watches.delete(junction);
        return;
      }
      const own = watches.get(junction) ?? new Map<string, GroupWatch>();
      watches.set(junction, own);
      for (const group of site.groups) {
        if (group.countdown.green === 'none' && group.countdown.red === 'none') continue;
        const letter = heads[group.heads[0] ?? 0];
        const number = numberAt(at, `${junction}/${group.id}`);
        const watch = own.get(group.id);
        if (watch !== undefined) step(watch, `${junction}/${group.id} ${String(at)}`, at, letter, number);
        else
          own.set(group.id, {
            group,
            go: isGo(letter),
            since: at,
            whole: false,
            number,
            numberSince: number === undefined ? undefined : at,
          });
      }
    },
  };
};
