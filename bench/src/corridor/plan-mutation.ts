import { milliseconds, seconds, type TimeOfDayPlan } from '@songxanh/core';

/** One plan per junction, all with the same cycle: what a search varies. */
export type PlanSet = ReadonlyMap<string, TimeOfDayPlan>;

/** Uniform in [0, 1). */
export type Random = () => number;

const CYCLE_S = { least: 50, most: 160 };
const whole = (ms: number): number => Math.round(ms / 1000) * 1000;

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)]!;

/** The same proportions in another cycle. */
export const scaleCycle = (plan: TimeOfDayPlan, cycleS: number): TimeOfDayPlan => {
  const cycle = seconds(cycleS);
  const splits = plan.splits.map(({ stage, duration }) => ({ stage, duration: milliseconds(whole((duration * cycle) / plan.cycle)) }));
  const rest = cycle - splits.reduce((sum, { duration }) => sum + duration, 0);
  const longest = splits.reduce((best, split, k) => (split.duration > splits[best]!.duration ? k : best), 0);
  splits[longest] = { ...splits[longest]!, duration: milliseconds(splits[longest]!.duration + rest) };
  return { ...plan, cycle, offset: milliseconds(whole((plan.offset * cycle) / plan.cycle) % cycle), splits };
};

const moveSplit = (plan: TimeOfDayPlan, from: number, to: number, byS: number): TimeOfDayPlan => ({
  ...plan,
  splits: plan.splits.map((split, k) =>
    k === from
      ? { ...split, duration: milliseconds(split.duration - byS * 1000) }
      : k === to
        ? { ...split, duration: milliseconds(split.duration + byS * 1000) }
        : split,
  ),
});

const shiftOffset = (plan: TimeOfDayPlan, byS: number): TimeOfDayPlan => ({
  ...plan,
  offset: milliseconds((((plan.offset + byS * 1000) % plan.cycle) + plan.cycle) % plan.cycle),
});

/** A neighbour of `plans`: another common cycle, a split moved, an offset shifted, or all offsets behind a junction shifted together. */
export const mutate = (plans: PlanSet, random: Random): PlanSet => {
  const ids = [...plans.keys()];
  const next = new Map(plans);
  const kind = random();
  if (kind < 0.12) {
    const cycleS = plans.get(ids[0]!)!.cycle / 1000;
    const wanted = Math.round((cycleS + (random() - 0.5) * 40) / 2) * 2;
    const bounded = Math.min(CYCLE_S.most, Math.max(CYCLE_S.least, wanted));
    return new Map([...plans].map(([id, plan]) => [id, scaleCycle(plan, bounded)]));
  }
  const changes = random() < 0.3 ? 3 : 1;
  for (let n = 0; n < changes; n++) {
    const id = pick(random, ids);
    const plan = next.get(id)!;
    if (kind < 0.55) {
      const from = Math.floor(random() * plan.splits.length);
      const to = (from + 1 + Math.floor(random() * (plan.splits.length - 1))) % plan.splits.length;
      next.set(id, moveSplit(plan, from, to, 1 + Math.floor(random() * 7)));
    } else if (kind < 0.85) {
      next.set(id, shiftOffset(plan, Math.round((random() - 0.5) * 40)));
    } else {
      const byS = Math.round((random() - 0.5) * 30);
      for (const behind of ids.slice(ids.indexOf(id))) next.set(behind, shiftOffset(next.get(behind)!, byS));
    }
  }
  return next;
};
