import { refuse, type Refusal } from '../result.ts';
import type { SignalGroupId } from '../ids.ts';
import { toSeconds, type Duration } from '../time.ts';
import { pedestrianClearance, SHORTEST_WALK, yellowFor } from './derive-defaults.ts';
import type { SignalGroup } from './signal-group.ts';
import type { Site } from './site.ts';

/** A refusal, and the element it is about as a path into the site value: its file may have a line for it. */
export interface SiteFault extends Refusal {
  readonly at: readonly (string | number)[];
}

const fault = (at: SiteFault['at'], reason: string, message: string): SiteFault => ({ ...refuse(reason, message), at });

const s = (d: Duration): string => `${toSeconds(d)} s`;
const pairKey = (a: string, b: string): string => `${a}\n${b}`;
const pairOf = (a: string, b: string): string => (a < b ? pairKey(a, b) : pairKey(b, a));

const duplicates = <T extends string | number>(values: readonly T[]): readonly T[] => [
  ...new Set(values.filter((v, i) => values.indexOf(v) !== i)),
];

const checkUnique = (site: Site): readonly SiteFault[] => {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['lane', site.lanes.map((x) => x.id)],
    ['movement', site.movements.map((x) => x.id)],
    ['group', site.groups.map((x) => x.id)],
    ['stage', site.stages.map((x) => x.id)],
    ['detector', site.detectors.map((x) => x.id)],
    ['plan', site.plans.map((x) => x.name)],
  ];
  return lists.flatMap(([kind, ids]) =>
    duplicates(ids).map((id) => fault([`${kind}s`, ids.lastIndexOf(id)], 'duplicate-id', `${kind} ${id} is defined more than once`)),
  );
};

const checkReferences = (site: Site): readonly SiteFault[] => {
  const groups = new Set<string>(site.groups.map((g) => g.id));
  const lanes = new Set<string>(site.lanes.map((l) => l.id));
  const stages = new Set<string>(site.stages.map((x) => x.id));
  const programs = new Set<string>([...site.plans.map((p) => p.name), 'night-flash', 'actuated']);
  type At = SiteFault['at'];
  const one = (at: At, kind: string, known: ReadonlySet<string>, where: string, id: string): readonly SiteFault[] =>
    known.has(id) ? [] : [fault(at, 'unknown-reference', `${where} names ${kind} ${id}, which does not exist`)];
  const each = (at: At, kind: string, known: ReadonlySet<string>, where: string, ids: readonly string[]): readonly SiteFault[] =>
    ids.flatMap((id, i) => one([...at, i], kind, known, where, id));
  return [
    ...site.movements.flatMap((m, i) => [
      ...one(['movements', i, 'group'], 'group', groups, `movement ${m.id}`, m.group),
      ...one(['movements', i, 'fromLane'], 'lane', lanes, `movement ${m.id}`, m.fromLane),
    ]),
    ...site.conflicts.flatMap((c, i) =>
      (c.kind === 'hard' ? [c.a, c.b] : [c.yields, c.to]).flatMap((id) => one(['conflicts', i], 'group', groups, 'a conflict', id)),
    ),
    ...site.intergreens.flatMap(({ from, to }) =>
      [from, to].flatMap((id) => one(['intergreens', from, to], 'group', groups, 'an intergreen', id)),
    ),
    ...site.crossings.flatMap((c, i) => each(['crossings', i, 'groups'], 'group', groups, `crossing ${c.id}`, c.groups)),
    ...site.stages.flatMap((x, i) => each(['stages', i, 'green'], 'group', groups, `stage ${x.id}`, x.green)),
    ...each(['stageSequence'], 'stage', stages, 'the stage sequence', site.stageSequence),
    ...one(['startUp', 'stage'], 'stage', stages, 'start-up', site.startUp.stage),
    ...site.detectors.flatMap((d, i) => [
      ...each(['detectors', i, 'groups'], 'group', groups, `detector ${d.id}`, d.groups),
      ...(d.lane === undefined ? [] : one(['detectors', i, 'lane'], 'lane', lanes, `detector ${d.id}`, d.lane)),
    ]),
    ...site.recalls.flatMap((r, i) => one(['recalls', i, 'group'], 'group', groups, 'a recall', r.group)),
    ...site.plans.flatMap((p, i) =>
      p.splits.flatMap((split, k) => one(['plans', i, 'splits', k, 'stage'], 'stage', stages, `plan ${p.name}`, split.stage)),
    ),
    ...site.schedule.flatMap((e, i) => one(['schedule', i, 'plan'], 'plan', programs, 'the schedule', e.plan)),
    ...each(['flashYellow'], 'group', groups, 'flashYellow', site.flashYellow),
    ...site.weights.flatMap((w, i) => one(['weights', i, 'lane'], 'lane', lanes, 'a weight', w.lane)),
  ];
};

const checkHeads = ({ groups, headCount }: Site): readonly SiteFault[] => [
  ...duplicates(groups.flatMap((g) => g.heads)).map((head) => {
    const last = groups.findLastIndex((g) => g.heads.includes(head));
    return fault(['groups', last, 'heads'], 'shared-head', `head ${head} belongs to more than one group`);
  }),
  ...groups.flatMap((g, i) =>
    g.heads.flatMap((head, k) =>
      head < headCount
        ? []
        : [fault(['groups', i, 'heads', k], 'unknown-head', `group ${g.id} drives head ${head}: expected below ${headCount}`)],
    ),
  ),
];

/** The fastest approach of a group, and whether all it serves turns. */
const approachOf = (site: Site, group: SignalGroup): { speedMps: number; turning: boolean } | undefined => {
  const served = site.movements.filter((m) => m.group === group.id);
  const speeds = site.lanes.filter((lane) => served.some((m) => m.fromLane === lane.id)).map((lane) => lane.speedMps);
  return speeds.length === 0 ? undefined : { speedMps: Math.max(...speeds), turning: served.every((m) => m.turn !== 'through') };
};

const checkTimes = (site: Site): readonly SiteFault[] =>
  site.groups.flatMap((group, i) => {
    const refusals: SiteFault[] = [];
    if (group.maxGreen < group.minGreen)
      refusals.push(
        fault(
          ['groups', i, 'maxGreen'],
          'green-limits',
          `group ${group.id}: maximum green ${s(group.maxGreen)} is below its minimum ${s(group.minGreen)}`,
        ),
      );
    if (group.kind === 'pedestrian') {
      if (group.minGreen < SHORTEST_WALK)
        refusals.push(
          fault(
            ['groups', i, 'minGreen'],
            'short-walk',
            `group ${group.id}: walk ${s(group.minGreen)}, at least ${s(SHORTEST_WALK)} needed`,
          ),
        );
      const crossing = site.crossings.find((c) => c.groups.includes(group.id));
      if (crossing !== undefined) {
        const needed = pedestrianClearance(crossing.lengthM / crossing.groups.length, crossing.walkingSpeedMps);
        if (group.clearance < needed)
          refusals.push(
            fault(
              ['groups', i, 'clearance'],
              'short-clearance',
              `group ${group.id}: clearance ${s(group.clearance)}, ${crossing.id} needs ${s(needed)} (length / walking speed)`,
            ),
          );
      }
    } else {
      const approach = approachOf(site, group);
      const needed = approach && yellowFor(approach.speedMps, approach.turning);
      if (approach !== undefined && needed !== undefined && group.clearance < needed)
        refusals.push(
          fault(
            ['groups', i, 'clearance'],
            'short-yellow',
            `group ${group.id}: yellow ${s(group.clearance)}, an approach at ${approach.speedMps} m/s needs ${s(needed)}`,
          ),
        );
    }
    return refusals;
  });

const checkConflicts = (site: Site): readonly SiteFault[] => {
  const refusals: SiteFault[] = [];
  const kinds = new Map<string, string>();
  const clearance = new Map(site.groups.map((g) => [g.id, g.clearance]));
  const intergreens = new Map(site.intergreens.map((i) => [pairKey(i.from, i.to), i.duration]));
  site.conflicts.forEach((conflict, i) => {
    const at = ['conflicts', i];
    const [a, b] = conflict.kind === 'hard' ? [conflict.a, conflict.b] : [conflict.yields, conflict.to];
    if (a === b) refusals.push(fault(at, 'self-conflict', `group ${a} cannot conflict with itself`));
    if (kinds.has(pairOf(a, b))) refusals.push(fault(at, 'double-conflict', `groups ${a} and ${b}: conflict stated more than once`));
    kinds.set(pairOf(a, b), conflict.kind);
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const needed = clearance.get(from);
      const given = intergreens.get(pairKey(from, to));
      if (given === undefined) refusals.push(fault(at, 'missing-intergreen', `conflict ${a} – ${b}: no intergreen from ${from} to ${to}`));
      else if (needed !== undefined && given < needed)
        refusals.push(
          fault(
            ['intergreens', from, to],
            'short-intergreen',
            `intergreen ${from} → ${to} is ${s(given)}, the clearance of ${from} alone takes ${s(needed)}`,
          ),
        );
    }
  });
  for (const [key] of intergreens) {
    const [from = '', to = ''] = key.split('\n');
    if (!kinds.has(pairOf(from, to)))
      refusals.push(fault(['intergreens', from, to], 'stray-intergreen', `intergreen ${from} → ${to}: the two groups are not in conflict`));
  }
  site.stages.forEach((stage, k) => {
    stage.green.forEach((a, i) => {
      for (const b of stage.green.slice(i + 1))
        if (kinds.get(pairOf(a, b)) === 'hard')
          refusals.push(
            fault(
              ['stages', k, 'green'],
              'conflicting-stage',
              `stage ${stage.id} gives ${a} and ${b} green together: they are in hard conflict`,
            ),
          );
    });
  });
  return refusals;
};

/** Seconds between a change to `to` and the green of each group it brings, by the intergreen matrix. */
const entryOf = (site: Site, from: readonly SignalGroupId[], to: readonly SignalGroupId[]): ReadonlyMap<SignalGroupId, number> => {
  const losing = from.filter((g) => !to.includes(g));
  return new Map(
    to
      .filter((g) => !from.includes(g))
      .map((g) => [g, Math.max(0, ...site.intergreens.filter((i) => i.to === g && losing.includes(i.from)).map((i) => i.duration))]),
  );
};

const checkPlans = (site: Site): readonly SiteFault[] =>
  site.plans.flatMap((plan, k) => {
    const refusals: SiteFault[] = [];
    const total = plan.splits.reduce((sum, split) => sum + split.duration, 0);
    if (total !== plan.cycle)
      refusals.push(
        fault(['plans', k, 'cycle'], 'split-sum', `plan ${plan.name}: splits add up to ${total / 1000} s, the cycle is ${s(plan.cycle)}`),
      );
    if (plan.offset >= plan.cycle)
      refusals.push(
        fault(
          ['plans', k, 'offset'],
          'offset-range',
          `plan ${plan.name}: offset ${s(plan.offset)}: expected below the cycle, ${s(plan.cycle)}`,
        ),
      );
    const greens = plan.splits.map((split) => site.stages.find((x) => x.id === split.stage)?.green ?? []);
    plan.splits.forEach((split, i) => {
      const here = greens[i]!;
      const following = greens[(i + 1) % greens.length]!;
      for (const [g, entry] of entryOf(site, greens.at(i - 1) ?? [], here)) {
        const group = site.groups.find((x) => x.id === g);
        // A group that stays green into the next stage serves its minimum there as well.
        if (group === undefined || following.includes(g)) continue;
        if (entry + group.minGreen > split.duration)
          refusals.push(
            fault(
              ['plans', k, 'splits', i, 'duration'],
              'short-split',
              `plan ${plan.name}, stage ${split.stage}: ${s(split.duration)}; ${g} needs ${entry / 1000} s of interstage and ${s(group.minGreen)} of green`,
            ),
          );
      }
    });
    return refusals;
  });

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

const checkSchedule = (site: Site): readonly SiteFault[] =>
  site.schedule.length === 0
    ? [fault(['schedule'], 'empty-schedule', 'the schedule is empty: expected an entry for every day')]
    : EVERY_DAY.flatMap((day) => {
        const today = site.schedule.filter((e) => e.days.includes(day));
        if (today.length === 0) return [fault(['schedule'], 'schedule-gap', `the schedule has no entry for day ${day} (0 is Sunday)`)];
        return today.some((e) => e.from === 0)
          ? []
          : [fault(['schedule'], 'schedule-gap', `the schedule of day ${day} begins after 00:00`)];
      });

/** A full display must always know the next change: an hour on local actuation has none. */
const checkCountdowns = (site: Site): readonly SiteFault[] => {
  const full = site.groups.find((g) => g.countdown.green === 'full' || g.countdown.red === 'full');
  const actuated = site.schedule.findIndex((e) => e.plan === 'actuated');
  return full !== undefined && actuated >= 0
    ? [
        fault(
          ['schedule', actuated, 'plan'],
          'countdown-without-plan',
          `group ${full.id} has a full countdown: every hour needs a plan, but the schedule has actuated hours`,
        ),
      ]
    : [];
};

const checkService = (site: Site): readonly SiteFault[] => {
  const sequence = site.stages.filter((x) => site.stageSequence.includes(x.id));
  const served = site.groups
    .filter((g) => !sequence.some((x) => x.green.includes(g.id)))
    .map((g) => fault(['groups', site.groups.indexOf(g)], 'group-never-green', `group ${g.id} is green in no stage of the sequence`));
  const planned = site.plans.flatMap((plan, k) => {
    const stages = site.stages.filter((x) => plan.splits.some((split) => split.stage === x.id));
    return site.groups
      .filter((g) => !stages.some((x) => x.green.includes(g.id)))
      .map((g) => fault(['plans', k, 'splits'], 'group-never-green', `group ${g.id} is green in no stage of plan ${plan.name}`));
  });
  return [...served, ...planned];
};

/** Phases of the ring-barrier structure exist, and each stands in one place. */
const checkRings = ({ ringBarrier }: Site): readonly SiteFault[] => {
  if (ringBarrier === undefined) return [];
  const used = ringBarrier.rings.flat(2);
  const known = new Set(ringBarrier.phases.map((p) => p.number));
  const barriers = new Set(ringBarrier.rings.map((ring) => ring.length));
  return [
    ...used
      .filter((n) => !known.has(n))
      .map((n) => fault(['ringBarrier', 'rings'], 'unknown-reference', `a ring names phase ${n}, which does not exist`)),
    ...duplicates(used).map((n) => fault(['ringBarrier', 'rings'], 'duplicate-id', `phase ${n} stands in the rings more than once`)),
    ...(barriers.size > 1 ? [fault(['ringBarrier', 'rings'], 'uneven-barriers', 'all rings must have the same number of barriers')] : []),
  ];
};

/** What is wrong with a junction's file for safety and sense, each with its numbers; empty when it may run. */
export const checkSite = (site: Site): readonly SiteFault[] => {
  const references = [...checkUnique(site), ...checkReferences(site), ...checkHeads(site), ...checkRings(site)];
  // Times and stages mean nothing while names are wrong.
  if (references.length > 0) return references;
  return [checkTimes, checkConflicts, checkPlans, checkSchedule, checkCountdowns, checkService].flatMap((check) => check(site));
};
