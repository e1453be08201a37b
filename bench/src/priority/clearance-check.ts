import { isGreen, type LampState, type SignalGroupId, type Site } from '@songxanh/core';

/** Greens shorter than their minimum, and greens begun before the intergreen of a group in their way: of what one junction shows second by second. */
export const watchClearances = (site: Site) => {
  const shown = new Map<SignalGroupId, { isGo: boolean; sinceMs: number }>();
  let breaches = 0;
  return {
    see: (lamps: readonly LampState[], nowMs: number): void => {
      const begun: SignalGroupId[] = [];
      for (const { group, lamp } of lamps) {
        const isGo = isGreen(lamp);
        const before = shown.get(group);
        if (before?.isGo === isGo) continue;
        if (before?.isGo === true && nowMs - before.sinceMs < (site.groups.find(({ id }) => id === group)?.minGreen ?? 0)) breaches++;
        if (before !== undefined && isGo) begun.push(group);
        shown.set(group, { isGo, sinceMs: before === undefined ? -Infinity : nowMs });
      }
      for (const { from, to, duration } of site.intergreens) {
        const foe = begun.includes(to) ? shown.get(from) : undefined;
        if (foe !== undefined && !foe.isGo && nowMs - foe.sinceMs < duration) breaches++;
        const isHard = site.conflicts.some((c) => c.kind === 'hard' && [c.a, c.b].includes(from) && [c.a, c.b].includes(to));
        if (foe?.isGo === true && isHard) breaches++;
      }
    },
    breaches: (): number => breaches,
  };
};
