import { isGreen, type Instant, type Lamp, type LampState, type SignalGroup, type SignalGroupId, type Site } from '@songxanh/core';

export const SAFETY_RULES = [
  'conflicting-greens',
  'short-green',
  'missing-clearance',
  'short-clearance',
  'short-intergreen',
  'yellow-trap',
] as const;
export type SafetyRule = (typeof SAFETY_RULES)[number];
export type SafetyCounters = Record<SafetyRule, number>;

export const noBreaches = (): SafetyCounters => Object.fromEntries(SAFETY_RULES.map((rule) => [rule, 0])) as SafetyCounters;

interface Shown {
  lamp: Lamp;
  /** Begin of what it shows, green and permissive green being one. */
  since: Instant;
  greenEnded: Instant | undefined;
}

/** Counts what the lamps of one junction do against the rules of its site, from outside the controller: by what is shown each second. */
export const watchSafety = (site: Site, counters: SafetyCounters): ((now: Instant, lamps: readonly LampState[]) => void) => {
  const shown = new Map<SignalGroupId, Shown>();
  const groups = new Map(site.groups.map((group) => [group.id, group]));

  return (now, lamps) => {
    const before = new Map([...shown].map(([id, so]) => [id, so.lamp]));
    const gained: SignalGroupId[] = [];
    for (const { group: id, lamp } of lamps) {
      const so = shown.get(id);
      const group = groups.get(id);
      if (!group) continue;
      if (!so) shown.set(id, { lamp, since: now, greenEnded: undefined });
      else if (so.lamp !== lamp) change(so, lamp, now, group, counters, gained);
    }
    for (const id of gained) countShortIntergreens(site, shown, id, now, counters);
    countMeetings(site, shown, before, counters);
  };
};

const change = (so: Shown, lamp: Lamp, now: Instant, group: SignalGroup, counters: SafetyCounters, gained: SignalGroupId[]): void => {
  const { lamp: last, since } = so;
  so.lamp = lamp;
  if (isGreen(last) && isGreen(lamp)) return;
  so.since = now;
  if (isGreen(lamp)) gained.push(group.id);
  if (isGreen(last)) {
    so.greenEnded = now;
    if (now - since < group.minGreen) counters['short-green']++;
    if (lamp === 'red') counters['missing-clearance']++;
  }
  if (last === 'clearance' && now - since < group.clearance) counters['short-clearance']++;
};

const countShortIntergreens = (
  site: Site,
  shown: ReadonlyMap<SignalGroupId, Shown>,
  gained: SignalGroupId,
  now: Instant,
  counters: SafetyCounters,
): void => {
  for (const { from, to, duration } of site.intergreens) {
    const loser = to === gained ? shown.get(from) : undefined;
    // A pair that is green together (a permissive one) has no change to protect.
    if (loser?.greenEnded === undefined || isGreen(loser.lamp)) continue;
    if (now - loser.greenEnded < duration) counters['short-intergreen']++;
  }
};

const countMeetings = (
  site: Site,
  shown: ReadonlyMap<SignalGroupId, Shown>,
  before: ReadonlyMap<SignalGroupId, Lamp>,
  counters: SafetyCounters,
): void => {
  const lampOf = (id: SignalGroupId): Lamp => shown.get(id)?.lamp ?? 'red';
  for (const conflict of site.conflicts) {
    if (conflict.kind === 'hard') {
      if (isGreen(lampOf(conflict.a)) && isGreen(lampOf(conflict.b))) counters['conflicting-greens']++;
      continue;
    }
    const { yields, to } = conflict;
    if (lampOf(yields) === 'green' && isGreen(lampOf(to))) counters['conflicting-greens']++;
    const ended = before.get(yields) === 'permissive' && !isGreen(lampOf(yields));
    if (ended && isGreen(before.get(to) ?? 'red') && isGreen(lampOf(to))) counters['yellow-trap']++;
  }
};
