import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { seconds, type Site, type TimeOfDayPlan } from '@songxanh/core';

const RECORDED = resolve(import.meta.dirname, '../../results/corridor-plans.json');
/** What makes a search one: hours of the demand that it has plans for, and evaluations in all. */
const LEAST = { periods: 3, evaluations: 2000 };
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

interface RecordedSearch {
  readonly evaluations: number;
  readonly periods: readonly { readonly name: string; readonly fromS: number; readonly plans: Readonly<Record<string, TimeOfDayPlan>> }[];
}

export interface SearchedPlans {
  readonly evaluations: number;
  /** The site with the plans found, switched by the clock. */
  readonly equip: (site: Site) => Site;
}

/** The best fixed plans of the recorded search; undefined until a search has ended. */
export const findSearchedPlans = (file = RECORDED): SearchedPlans | undefined => {
  let recorded: RecordedSearch;
  try {
    recorded = JSON.parse(readFileSync(file, 'utf8')) as RecordedSearch;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (recorded.periods.length < LEAST.periods || recorded.evaluations < LEAST.evaluations) return undefined;
  const equip = (site: Site): Site => ({
    ...site,
    plans: recorded.periods.map(({ name, plans }) => ({ ...plans[site.id]!, name })),
    schedule: recorded.periods.map(({ name, fromS }) => ({ days: EVERY_DAY, from: seconds(fromS), plan: name })),
  });
  return { evaluations: recorded.evaluations, equip };
};

export const getSearchedPlans = (): SearchedPlans => {
  const searched = findSearchedPlans();
  if (!searched) throw new Error(`${RECORDED}: expected a search of at least ${LEAST.evaluations} evaluations`);
  return searched;
};
