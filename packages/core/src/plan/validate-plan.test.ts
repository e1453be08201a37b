import type { LampState } from '../controller/lamp.ts';
import { junctionId, planId, signalGroupId, stageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { fourArms, MONDAY_7, withCountdown } from '../testing/sites.ts';
import { after, before, seconds, type Instant } from '../time.ts';
import type { StagePlan } from './stage-plan.ts';
import { validatePlan, type PlanView } from './validate-plan.ts';

const at = (s: number): Instant => after(MONDAY_7, seconds(s));

/** Stage `NS` has been green for `age` seconds. */
const viewIn = (site: Site, stage: string, age: number, extra: Partial<PlanView> = {}): PlanView => {
  const green = site.stages.find(({ id }) => id === stage)!.green;
  const since = before(MONDAY_7, seconds(age));
  const lamps = site.groups.map(({ id }): LampState => ({ group: id, lamp: green.includes(id) ? 'green' : 'red', since }));
  return { now: MONDAY_7, lamps, commitments: [], plan: planOf([[stage, -age]], 30), ...extra };
};

const planOf = (steps: readonly (readonly [string, number])[], until: number): StagePlan => ({
  id: planId('p'),
  junction: junctionId('J1'),
  source: 'optimizer',
  madeAt: MONDAY_7,
  steps: steps.map(([stage, start]) => ({ stage: stageId(stage), start: at(start) })),
  until: at(until),
});

const site = fourArms();
const outcome = (view: PlanView, plan: StagePlan, on: Site = site): string => {
  const result = validatePlan(on, view, plan);
  return result.ok ? 'accepted' : `${result.reason}: ${result.message}`;
};

test('a plan that keeps all minimum times is accepted and says what each group will show', () => {
  const result = validatePlan(
    site,
    viewIn(site, 'NS', 20),
    planOf(
      [
        ['NS', -20],
        ['EW', 5],
      ],
      40,
    ),
  );
  expect(result.ok && result.value.get(signalGroupId('TE'))).toEqual([
    { lamp: 'red', from: at(-20), to: at(14) },
    { lamp: 'green', from: at(14), to: at(40) },
  ]);
});

test('vehicles keep their green while the longer pedestrian clearance holds up the others anyway', () => {
  const result = validatePlan(
    site,
    viewIn(site, 'NS', 20),
    planOf(
      [
        ['NS', -20],
        ['EWleft', 5],
      ],
      40,
    ),
  );
  const lamps = (group: string) =>
    result.ok ? result.value.get(signalGroupId(group))!.map(({ lamp, from }) => [lamp, (from - MONDAY_7) / 1000]) : [];
  // A walk needs 9 s to the cross street, vehicles need 5 s: their green ends 4 s after the walk.
  expect(lamps('PE').slice(0, 3)).toEqual([
    ['green', -20],
    ['clearance', 5],
    ['red', 13],
  ]);
  expect(lamps('TN').slice(0, 3)).toEqual([
    ['green', -20],
    ['clearance', 9],
    ['red', 12],
  ]);
  expect(lamps('LE')).toEqual([
    ['red', -20],
    ['green', 14],
  ]);
});

test.each([
  [
    'a short green',
    [
      ['NS', -20],
      ['EW', 5],
      ['EWleft', 16],
    ],
    'short-green: TE: green 2 s, needs 5 s',
  ],
  [
    'a stage that ends before its green begins',
    [
      ['NS', -20],
      ['EW', 5],
      ['NS', 8],
    ],
    'short-green: TE: the next change begins at 8 s, its green only at 14 s',
  ],
  [
    'an unknown stage',
    [
      ['NS', -20],
      ['diagonal', 5],
    ],
    'unknown-stage: J1 has no stage diagonal',
  ],
  [
    'starts that run backwards',
    [
      ['NS', -20],
      ['EW', 9],
      ['NS', 5],
    ],
    'order-of-starts: NS starts 4 s before the step it follows',
  ],
  [
    'a change in the past',
    [
      ['NS', -20],
      ['EW', -2],
    ],
    'past-start: EW would have started 2 s ago, but NS runs',
  ],
  ['no steps at all', [], 'empty-plan: a plan needs at least the stage that runs'],
] as const)('refuses %s with the numbers', (_, steps, expected) => {
  expect(outcome(viewIn(site, 'NS', 20), planOf(steps, 40))).toBe(expected);
});

test('refuses to cut a walk or the minimum green of the stage that runs', () => {
  expect(
    outcome(
      viewIn(site, 'EW', 6),
      planOf(
        [
          ['EW', -6],
          ['EWleft', 0],
        ],
        40,
      ),
    ),
  ).toBe('short-green: PN: green 6 s, needs 7 s');
  expect(
    outcome(
      viewIn(site, 'NSleft', 2),
      planOf(
        [
          ['NSleft', -2],
          ['EW', 1],
        ],
        40,
      ),
    ),
  ).toBe('short-green: LN: green 3 s, needs 5 s');
});

test('refuses a plan for another junction, without an end, or endless', () => {
  const good = planOf([['NS', -20]], 40);
  expect(outcome(viewIn(site, 'NS', 20), { ...good, junction: junctionId('J9') })).toMatch(/^wrong-junction/);
  expect(outcome(viewIn(site, 'NS', 20), { ...good, until: NaN as Instant })).toMatch(/^bad-until/);
  expect(outcome(viewIn(site, 'NS', 20), { ...good, until: at(7200) })).toMatch(/^too-long/);
  expect(outcome(viewIn(site, 'NS', 20), { ...good, steps: [{ stage: stageId('NS'), start: NaN as Instant }] })).toMatch(/^bad-instant/);
});

test('refuses a stage that holds a hard conflict, and says which', () => {
  const clash = { id: stageId('clash'), green: [signalGroupId('TN'), signalGroupId('TE')] };
  const bad = { ...site, stages: [...site.stages, clash] };
  expect(
    outcome(
      viewIn(bad, 'NS', 20),
      planOf(
        [
          ['NS', -20],
          ['clash', 5],
        ],
        40,
      ),
      bad,
    ),
  ).toMatch(/^conflicting-greens: stage clash has T[NE] and T[NE] green together/);
});

test('a fixed stage order is kept, a free one is free', () => {
  const fixed = { ...site, stageOrder: 'fixed' as const };
  const skip = planOf(
    [
      ['NS', -20],
      ['EW', 5],
    ],
    40,
  );
  expect(outcome(viewIn(fixed, 'NS', 20), skip, fixed)).toBe('stage-order: EW may not follow NS where the order is fixed');
  expect(outcome(viewIn({ ...site, stageOrder: 'free' }, 'NS', 20), skip, { ...site, stageOrder: 'free' })).toBe('accepted');
});

test('a promised change may not move, not even by a second', () => {
  const promised = [{ group: signalGroupId('TN'), change: 'end-of-green', at: at(10) }] as const;
  const view = viewIn(site, 'NS', 20, { commitments: promised });
  expect(
    outcome(
      view,
      planOf(
        [
          ['NS', -20],
          ['EW', 10],
        ],
        40,
      ),
    ),
  ).toBe('accepted');
  expect(
    outcome(
      view,
      planOf(
        [
          ['NS', -20],
          ['EW', 11],
        ],
        40,
      ),
    ),
  ).toBe('commitment-broken: TN was promised end-of-green in 10 s, the plan has it in 11 s');
});

test('a tail display must have announced a change', () => {
  const tail = withCountdown(site, 'tail', 9);
  expect(
    outcome(
      viewIn(tail, 'NS', 20),
      planOf(
        [
          ['NS', -20],
          ['EW', 8],
        ],
        40,
      ),
      tail,
    ),
  ).toMatch(/^tail-not-announced: TN would change in 8 s/);
  expect(
    outcome(
      viewIn(tail, 'NS', 20),
      planOf(
        [
          ['NS', -20],
          ['EW', 9],
        ],
        40,
      ),
      tail,
    ),
  ).toBe('accepted');
});

test('a green beyond its maximum is refused only while somebody who conflicts waits', () => {
  const stay = planOf([['NS', -30]], 60);
  expect(outcome(viewIn(site, 'NS', 30), stay)).toBe('accepted');
  const calls = [{ group: signalGroupId('TE'), since: at(-10), greenBy: at(140) }];
  expect(outcome(viewIn(site, 'NS', 30, { calls }), stay)).toMatch(/^long-green: TN: green 90 s while TE waits, at most 40 s/);
});

test('a waiting group must be green before its red cap', () => {
  const calls = [{ group: signalGroupId('TE'), since: at(-1), greenBy: at(30) }];
  expect(outcome(viewIn(site, 'NS', 10, { calls }), planOf([['NS', -10]], 35))).toBe(
    'red-cap: TE must be green within 30 s, the plan serves it never',
  );
  expect(
    outcome(
      viewIn(site, 'NS', 10, { calls }),
      planOf(
        [
          ['NS', -10],
          ['EW', 5],
        ],
        35,
      ),
    ),
  ).toBe('accepted');
});

test('an opposing through green is ended with the permissive left and comes back, so that nobody is trapped', () => {
  const through = { id: stageId('through'), green: ['TN', 'TS'].map(signalGroupId) };
  const free = { ...site, stages: [...site.stages, through], stageOrder: 'free' as const };
  const result = validatePlan(
    free,
    viewIn(free, 'NS', 20),
    planOf(
      [
        ['NS', -20],
        ['through', 5],
      ],
      40,
    ),
  );
  const lamps = (group: string) =>
    result.ok ? result.value.get(signalGroupId(group))!.map(({ lamp, from }) => [lamp, (from - MONDAY_7) / 1000]) : [];
  expect(lamps('LN').slice(0, 2)).toEqual([
    ['permissive', -20],
    ['clearance', 5],
  ]);
  expect(lamps('TS')).toEqual([
    ['green', -20],
    ['clearance', 5],
    ['red', 8],
    ['green', 10],
  ]);
});

test('a walk with a leading interval begins before the turns that yield to it', () => {
  const led = { ...site, groups: site.groups.map((group) => (group.id === 'PN' ? { ...group, leadingInterval: seconds(6) } : group)) };
  const result = validatePlan(
    led,
    viewIn(led, 'NS', 20),
    planOf(
      [
        ['NS', -20],
        ['EW', 5],
      ],
      60,
    ),
  );
  const begin = (group: string): number =>
    result.ok ? result.value.get(signalGroupId(group))!.find(({ lamp }) => lamp !== 'red')!.from - MONDAY_7 : 0;
  expect([begin('PN'), begin('LE'), begin('TE')]).toEqual([10_000, 16_000, 14_000]);
});
