import type { CountdownKind } from '../intersection/signal-group.ts';
import type { Site } from '../intersection/site.ts';
import type { Instant } from '../time.ts';

/**
 * The outside look: reads only what the street sees (lamps and numbers over time) and the site's own values, and counts breaches.
 * Shares no code with the controller, on purpose.
 */
export interface StreetSight {
  readonly at: Instant;
  /** Lamp per group, in the order of `site.groups`. */
  readonly lamps: readonly string[];
  /** Number on each group's display, undefined when blank or absent. */
  readonly numbers: readonly (number | undefined)[];
  /** Safety, preemption or manual control may blank displays and change without announcement. */
  readonly excused: boolean;
  /** A person holds the junction: displays have nothing to announce. */
  readonly held: boolean;
}

export const RULES = [
  'conflicting-greens',
  'short-green',
  'short-intergreen',
  'short-clearance',
  'short-red',
  'yellow-trap',
  'wrong-permissive',
  'countdown-step',
  'countdown-blank',
  'countdown-unannounced',
] as const;
export type Rule = (typeof RULES)[number];

export interface Breach {
  readonly rule: Rule;
  readonly at: Instant;
  readonly text: string;
}

interface GroupSight {
  lamp: string;
  greenFrom: number;
  greenEnd: number;
  redFrom: number;
  number: number | undefined;
  /** Something in the present interval excuses a missing announcement. */
  excused: boolean;
  /** All steps of the present interval were exactly one second apart. */
  regular: boolean;
}

/**
 * Out of its rhythm a controller acts later than it promised, and until the interstage after that is over a number may have to be
 * taken back. Simulators and the field step evenly.
 */
const STUMBLE_MS = 20_000;

/** Steps further apart than the second by which displays count are late ones, each for itself: two that come equally late make no rhythm. */
const LONGEST_RHYTHM_MS = 1000;

const green = (lamp: string): boolean => lamp === 'green' || lamp === 'permissive';
const flash = (lamp: string): boolean => lamp.startsWith('flash') || lamp === 'dark';

export interface StreetChecker {
  readonly breaches: Breach[];
  readonly see: (sight: StreetSight) => void;
}

export const createStreetChecker = (site: Site): StreetChecker => {
  const { groups } = site;
  const at = new Map(groups.map((group, i) => [group.id, i]));
  const pair = new Map<string, { hard: boolean; needed: number }>();
  const key = (a: number, b: number): string => `${String(a)}>${String(b)}`;
  const yields: [number, number][] = [];
  for (const conflict of site.conflicts) {
    const a = at.get(conflict.kind === 'hard' ? conflict.a : conflict.yields)!;
    const b = at.get(conflict.kind === 'hard' ? conflict.b : conflict.to)!;
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const)
      pair.set(key(x, y), { hard: conflict.kind === 'hard', needed: 0 });
    if (conflict.kind === 'permissive') yields.push([a, b]);
  }
  for (const { from, to, duration } of site.intergreens) {
    const entry = pair.get(key(at.get(from)!, at.get(to)!));
    if (entry !== undefined) entry.needed = duration;
  }
  const pairs = [...pair].map(([name, value]) => ({ ...value, from: Number(name.split('>')[0]), to: Number(name.split('>')[1]) }));
  const kindOf = (g: number, lamp: string): CountdownKind =>
    green(lamp) ? groups[g]!.countdown.green : lamp === 'red' ? groups[g]!.countdown.red : 'none';

  let before: number | undefined;
  let rhythm: number | undefined;
  let steadySince = -Infinity;
  let seen: GroupSight[] = [];
  const breaches: Breach[] = [];

  const see = ({ at: now, lamps, numbers, excused, held }: StreetSight): void => {
    const breach = (rule: Rule, g: number, text: string): void => {
      breaches.push({ rule, at: now, text: `${groups[g]!.id} ${text}` });
    };
    if (before === undefined) {
      seen = lamps.map((lamp, g) => ({
        lamp,
        greenFrom: now,
        greenEnd: -Infinity,
        redFrom: now,
        number: numbers[g],
        excused,
        regular: true,
      }));
      before = now;
      return;
    }
    const gap = now - before;
    const slips = Math.ceil(gap / 1000);
    const late = gap > LONGEST_RHYTHM_MS;
    if (late || gap !== rhythm) [rhythm, steadySince] = [gap, rhythm === undefined && !late ? -Infinity : now];
    const stumbles = now - steadySince < STUMBLE_MS;

    for (let g = 0; g < groups.length; g++) {
      const group = groups[g]!;
      const s = seen[g]!;
      const [was, is] = [s.lamp, lamps[g]!];
      const changed = green(was) !== green(is) || (!green(is) && was !== is);
      if (gap !== 1000) s.regular = false;
      if (excused || held || stumbles) s.excused = true;

      const number = numbers[g];
      if (!changed) {
        if (s.number !== undefined && number === undefined && !excused && !stumbles)
          breach('countdown-blank', g, `blanks at ${String(s.number)}`);
        if (s.number !== undefined && number !== undefined) {
          const drop = s.number - number;
          const ok = s.regular ? drop === 1 : drop >= 0 && drop <= slips;
          if (!ok && !excused) breach('countdown-step', g, `steps from ${String(s.number)} to ${String(number)} in ${String(gap)} ms`);
        }
        if (s.number === undefined && number !== undefined && kindOf(g, is) === 'tail') {
          if (number < Math.ceil(group.countdown.tail / 1000) - slips && !s.excused)
            breach('countdown-step', g, `appears at ${String(number)}`);
        }
      } else if (!flash(is) && !flash(was)) {
        if (s.number !== undefined && s.number > slips && !s.excused) breach('countdown-step', g, `changes at ${String(s.number)}`);
        if (s.number === undefined && kindOf(g, was) !== 'none' && !s.excused)
          breach('countdown-unannounced', g, `${was} ended unannounced`);
      }
      s.number = number;

      if (changed && !flash(is)) {
        if (green(was)) {
          if (now - s.greenFrom < group.minGreen) breach('short-green', g, `${String(now - s.greenFrom)} ms`);
          if (is !== 'clearance') breach('short-clearance', g, `green to ${is}`);
        }
        if (was === 'clearance' && now - s.greenEnd < group.clearance) breach('short-clearance', g, `${String(now - s.greenEnd)} ms`);
        if (green(is) && now - (was === 'red' ? s.redFrom : now) < group.minRed) breach('short-red', g, `after ${was}`);
      }
      if (changed) {
        if (flash(was) || flash(is)) s.greenEnd = -Infinity;
        else if (green(was)) s.greenEnd = now;
        if (green(is)) s.greenFrom = now;
        if (is === 'red') s.redFrom = now;
        s.excused = excused || held;
        s.regular = true;
      }
    }

    for (const { from, to, hard, needed } of pairs) {
      const [a, b] = [lamps[from]!, lamps[to]!];
      if (hard && from < to && green(a) && green(b)) breach('conflicting-greens', from, `with ${groups[to]!.id}`);
      const begins = green(b) && !green(seen[to]!.lamp);
      if (begins && !green(a) && now - seen[from]!.greenEnd < needed)
        breach('short-intergreen', from, `to ${groups[to]!.id}: ${String(now - seen[from]!.greenEnd)} of ${String(needed)} ms`);
    }
    for (const [g, h] of yields) {
      const ends = green(seen[g]!.lamp) && !green(lamps[g]!) && !flash(lamps[g]!);
      if (ends && groups[h]!.kind !== 'pedestrian' && green(lamps[h]!) && green(seen[h]!.lamp))
        breach('yellow-trap', g, `against ${groups[h]!.id}`);
      if (lamps[g] === 'green' && green(lamps[h]!)) breach('wrong-permissive', g, `protected against ${groups[h]!.id}`);
    }
    for (let g = 0; g < groups.length; g++) seen[g]!.lamp = lamps[g]!;
    before = now;
  };
  return { breaches, see };
};
