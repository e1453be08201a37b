import { detectorId, junctionId, laneId, movementId, signalGroupId as g, stageId } from '../ids.ts';
import { milliseconds, minutes, seconds } from '../time.ts';
import { checkSite } from './check-site.ts';
import { NO_COUNTDOWN, type SignalGroup } from './signal-group.ts';
import type { Site } from './site.ts';

const group = (id: string, head: number, more: Partial<SignalGroup> = {}): SignalGroup => ({
  id: g(id),
  kind: 'vehicle',
  heads: [head],
  minGreen: seconds(5),
  maxGreen: seconds(60),
  clearance: seconds(4),
  minRed: seconds(2),
  redCap: seconds(180),
  countdown: NO_COUNTDOWN,
  ...more,
});

const both = (a: string, b: string, forth: number, back: number) => [
  { from: g(a), to: g(b), duration: seconds(forth) },
  { from: g(b), to: g(a), duration: seconds(back) },
];

const site: Site = {
  id: junctionId('K'),
  name: 'K',
  position: { lon: 105.8, lat: 21 },
  timeZone: 'Asia/Ho_Chi_Minh',
  mode: 'control',
  headCount: 4,
  lanes: [{ id: laneId('w'), lengthM: 200, speedMps: 13.89, widthM: 3.3 }],
  movements: [{ id: movementId('m'), group: g('WT'), fromLane: laneId('w'), toLane: laneId('e'), turn: 'through', exitLengthM: 100 }],
  groups: [
    group('WT', 0),
    group('WL', 1),
    group('NT', 2),
    group('P', 3, { kind: 'pedestrian', minGreen: seconds(7), clearance: seconds(10), redCap: seconds(120) }),
  ],
  conflicts: [
    { kind: 'hard', a: g('WT'), b: g('NT') },
    { kind: 'hard', a: g('WL'), b: g('NT') },
    { kind: 'hard', a: g('P'), b: g('NT') },
    { kind: 'permissive', yields: g('WL'), to: g('P') },
  ],
  intergreens: [...both('WT', 'NT', 6, 5), ...both('WL', 'NT', 6, 5), ...both('P', 'NT', 11, 6), ...both('WL', 'P', 6, 11)],
  crossings: [{ id: 'north', groups: [g('P')], lengthM: 12, walkingSpeedMps: 1.2 }],
  stages: [
    { id: stageId('main'), green: [g('WT'), g('WL'), g('P')] },
    { id: stageId('side'), green: [g('NT')] },
  ],
  stageOrder: 'fixed',
  stageSequence: [stageId('main'), stageId('side')],
  detectors: [
    {
      id: detectorId('w_stop'),
      role: 'stop-line',
      lane: laneId('w'),
      groups: [g('WT')],
      distanceM: 2,
      lengthM: 1.5,
      delay: seconds(0),
      extension: seconds(1.5),
      locking: false,
      onFailure: 'minimum',
    },
  ],
  recalls: [],
  plans: [
    {
      name: 'day',
      cycle: seconds(60),
      offset: seconds(10),
      splits: [
        { stage: stageId('main'), duration: seconds(35) },
        { stage: stageId('side'), duration: seconds(25) },
      ],
    },
  ],
  schedule: [{ days: [0, 1, 2, 3, 4, 5, 6], from: minutes(0), plan: 'day' }],
  startUp: { flash: seconds(5), allRed: seconds(3), stage: stageId('main') },
  flashYellow: [g('WT')],
  weights: [],
};

const withGroup = (id: string, more: Partial<SignalGroup>): Partial<Site> => ({
  groups: site.groups.map((x) => (x.id === id ? { ...x, ...more } : x)),
});
const withSplits = (main: number, side: number): Partial<Site> => ({
  plans: [{ ...site.plans[0]!, splits: [main, side].map((d, i) => ({ stage: site.stageSequence[i]!, duration: seconds(d) })) }],
});
const full = { green: 'full', red: 'full', tail: milliseconds(0) } as const;

describe('checkSite', () => {
  it('lets a sound junction run', () => {
    expect(checkSite(site)).toEqual([]);
  });

  it.each<[string, Partial<Site>, string, RegExp]>([
    [
      'a stage that names no group',
      { stages: [...site.stages, { id: stageId('x'), green: [g('XX')] }] },
      'unknown-reference',
      /stage x.*XX/,
    ],
    ['a schedule that names no plan', { schedule: [{ ...site.schedule[0]!, plan: 'night' }] }, 'unknown-reference', /plan night/],
    ['two groups on one head', withGroup('WL', { heads: [0] }), 'shared-head', /head 0/],
    ['a head beyond the cabinet', withGroup('WL', { heads: [9] }), 'unknown-head', /head 9.*below 4/],
    ['two stages of one name', { stages: [...site.stages, site.stages[0]!] }, 'duplicate-id', /stage main/],
    ['a walk below 7 s', withGroup('P', { minGreen: seconds(6) }), 'short-walk', /6 s, at least 7 s/],
    ['a crossing longer than its clearance', withGroup('P', { clearance: seconds(9) }), 'short-clearance', /9 s.*10 s/],
    ['a yellow too short for 50 km/h', withGroup('WT', { clearance: seconds(3) }), 'short-yellow', /3 s.*3\.3 s/],
    ['a maximum green below the minimum', withGroup('NT', { maxGreen: seconds(4) }), 'green-limits', /4 s.*5 s/],
    ['a conflict without an intergreen', { intergreens: site.intergreens.slice(1) }, 'missing-intergreen', /from WT to NT/],
    [
      'an intergreen below the clearance',
      { intergreens: [...both('WT', 'NT', 3, 5), ...site.intergreens.slice(2)] },
      'short-intergreen',
      /3 s.*4 s/,
    ],
    ['an intergreen between friends', { intergreens: [...site.intergreens, ...both('WT', 'P', 6, 11)] }, 'stray-intergreen', /WT → P/],
    [
      'one pair with two kinds of conflict',
      { conflicts: [...site.conflicts, { kind: 'permissive', yields: g('NT'), to: g('WT') }] },
      'double-conflict',
      /NT and WT/,
    ],
    [
      'a stage that holds a hard conflict',
      { stages: [{ id: stageId('main'), green: [g('WT'), g('NT'), g('WL'), g('P')] }, site.stages[1]!] },
      'conflicting-stage',
      /WT and NT/,
    ],
    ['splits that miss the cycle', withSplits(35, 20), 'split-sum', /55 s, the cycle is 60 s/],
    ['a split too short for interstage and minimum green', withSplits(50, 10), 'short-split', /side: 10 s; NT needs 11 s .* 5 s/],
    [
      'a group that no stage serves',
      { stages: [{ ...site.stages[0]!, green: [g('WT'), g('P')] }, site.stages[1]!] },
      'group-never-green',
      /WL/,
    ],
    ['a Sunday without a plan', { schedule: [{ ...site.schedule[0]!, days: [1, 2, 3, 4, 5, 6] }] }, 'schedule-gap', /day 0/],
    ['a day that begins at five', { schedule: [{ ...site.schedule[0]!, from: minutes(300) }] }, 'schedule-gap', /after 00:00/],
    [
      'a full countdown in an actuated hour',
      { ...withGroup('WT', { countdown: full }), schedule: [{ ...site.schedule[0]!, plan: 'actuated' }] },
      'countdown-without-plan',
      /WT/,
    ],
    [
      'a ring that names an unknown phase',
      { ringBarrier: { phases: [{ number: 2, groups: [g('WT')] }], rings: [[[2, 4]]] } },
      'unknown-reference',
      /phase 4/,
    ],
  ])('refuses %s', (_, change, reason, message) => {
    const refusals = checkSite({ ...site, ...change });
    expect(refusals.map((r) => r.reason)).toContain(reason);
    expect(refusals.find((r) => r.reason === reason)!.message).toMatch(message);
  });
});
