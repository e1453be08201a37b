import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Planner, PlanningInput } from '@songxanh/core';
import { adaptivePlanner } from '@songxanh/core';
import { parseSite } from '@songxanh/wire';
import { prepare, warmUp } from './rehearse.ts';

const SITE_FILE = join(__dirname, '../../../scenarios/one-junction/sites/A.site.json');
const parsed = parseSite(readFileSync(SITE_FILE, 'utf8'), SITE_FILE);
if (!parsed.ok) throw new Error(parsed.message);
const site = parsed.value;

/** The adaptive planner, with what it was asked. */
const watched = (): { readonly asked: PlanningInput[]; readonly planner: Planner } => {
  const asked: PlanningInput[] = [];
  const decide = adaptivePlanner();
  return {
    asked,
    planner: (input) => {
      asked.push(input);
      return decide(input);
    },
  };
};

describe('a rehearsal', () => {
  it('has the planner decide once for the junction, which is running by then', async () => {
    const { asked, planner } = watched();
    await prepare(site, planner);
    expect(asked.map((input) => input.site.id)).toEqual([site.id]);
    expect(asked[0]?.signals.plan.steps.length).toBeGreaterThan(0);
  });

  it('goes on with traffic: queues are seen, plans are taken up and come back as the plan in force', async () => {
    const { asked, planner } = watched();
    await warmUp([site], planner);
    expect(
      asked.some(({ demand, now }) =>
        demand.lanes.some(({ arrivals }) => arrivals.some(({ at, expected }) => expected !== true && at <= now)),
      ),
    ).toBe(true);
    expect(asked.some(({ signals }) => signals.plan.source === 'optimizer')).toBe(true);
  });
});
