import type { ScheduleEntry, Site, TimeOfDayPlan } from '../intersection/site.ts';
import { localTime } from '../local-time.ts';
import type { Instant } from '../time.ts';

/** What the schedule wants at an hour. */
export type Program = TimeOfDayPlan | 'night-flash' | 'actuated';

const latestBy = (entries: readonly ScheduleEntry[], day: number, sinceMidnight: number): ScheduleEntry | undefined =>
  entries
    .filter((entry) => entry.days.includes(day) && entry.from <= sinceMidnight)
    .reduce<ScheduleEntry | undefined>((best, entry) => (best === undefined || entry.from >= best.from ? entry : best), undefined);

/** The program in force at `at` by the site's schedule: today's latest entry, else the last one of an earlier day. Without a schedule, the first plan. */
export const programAt = (site: Site, at: Instant): Program => {
  if (site.schedule.length === 0) return site.plans[0] ?? 'actuated';
  const { day, sinceMidnight } = localTime(at, site.timeZone);
  let entry = latestBy(site.schedule, day, sinceMidnight);
  for (let back = 1; entry === undefined && back <= 7; back++) entry = latestBy(site.schedule, (day + 7 - back) % 7, Infinity);
  if (entry === undefined) return 'actuated';
  if (entry.plan === 'night-flash' || entry.plan === 'actuated') return entry.plan;
  return site.plans.find((plan) => plan.name === entry.plan) ?? 'actuated';
};
