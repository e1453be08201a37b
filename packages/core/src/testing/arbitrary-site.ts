import fc from 'fast-check';
import { detectorId, junctionId, laneId, signalGroupId, stageId } from '../ids.ts';
import type { Conflict, Intergreen } from '../intersection/conflict-matrix.ts';
import type { Recall } from '../intersection/detector.ts';
import type { CountdownKind, SignalGroup } from '../intersection/signal-group.ts';
import type { ScheduleEntry, Site, Stage, StageOrder, TimeOfDayPlan } from '../intersection/site.ts';
import { milliseconds, seconds, type Duration } from '../time.ts';

/** A small seeded generator (mulberry32, public domain): whole drills are drawn from one number, which fast-check prints on a failure. */
export interface Draw {
  /** 0 ≤ x < 1. */
  readonly unit: () => number;
  /** Whole, both ends included. */
  readonly int: (min: number, max: number) => number;
  readonly chance: (p: number) => boolean;
  readonly pick: <T>(list: readonly T[]) => T;
}

export const createDraw = (seed: number): Draw => {
  let a = seed >>> 0;
  const unit = (): number => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (min: number, max: number): number => min + Math.floor(unit() * (max - min + 1));
  return { unit, int, chance: (p) => unit() < p, pick: (list) => list[int(0, list.length - 1)]! };
};

const KINDS: readonly CountdownKind[] = ['none', 'full', 'tail'];
const RECALLS: readonly Recall[] = ['none', 'minimum', 'maximum', 'pedestrian', 'soft'];
const ORDERS: readonly StageOrder[] = ['fixed', 'skips', 'free'];

/** Whole seconds mostly, tenths sometimes. */
const time = (draw: Draw, min: number, max: number): Duration =>
  draw.chance(0.8) ? seconds(draw.int(min, max)) : milliseconds(draw.int(min * 10, max * 10) * 100);

const drawGroup = (draw: Draw, i: number, displays: boolean): SignalGroup => {
  const pedestrian = draw.chance(0.3);
  const minGreen = time(draw, pedestrian ? 4 : 1, 9);
  return {
    id: signalGroupId(`${pedestrian ? 'P' : 'V'}${String(i)}`),
    kind: pedestrian ? 'pedestrian' : draw.chance(0.9) ? 'vehicle' : 'motorcycle',
    heads: [i],
    minGreen,
    maxGreen: milliseconds(minGreen + draw.int(0, 40) * 1000),
    clearance: time(draw, pedestrian ? 2 : 3, pedestrian ? 12 : 5),
    minRed: time(draw, 0, 4),
    redCap: seconds(draw.int(40, 180)),
    countdown: displays
      ? { green: draw.pick(KINDS), red: draw.pick(KINDS), tail: seconds(draw.int(2, 10)) }
      : { green: 'none', red: 'none', tail: seconds(0) },
    ...(pedestrian && draw.chance(0.4) ? { leadingInterval: time(draw, 1, 5) } : {}),
  };
};

const drawConflicts = (draw: Draw, groups: readonly SignalGroup[]): { conflicts: Conflict[]; intergreens: Intergreen[] } => {
  const conflicts: Conflict[] = [];
  const intergreens: Intergreen[] = [];
  const density = 0.3 + draw.unit() * 0.5;
  for (let i = 0; i < groups.length; i++)
    for (let k = i + 1; k < groups.length; k++) {
      const [a, b] = [groups[i]!, groups[k]!];
      if ((a.kind === 'pedestrian' && b.kind === 'pedestrian') || !draw.chance(density)) continue;
      const [left, to] = a.kind === 'pedestrian' || (b.kind !== 'pedestrian' && draw.chance(0.5)) ? [b, a] : [a, b];
      conflicts.push(draw.chance(0.35) ? { kind: 'permissive', yields: left.id, to: to.id } : { kind: 'hard', a: a.id, b: b.id });
      for (const [from, into] of [
        [a, b],
        [b, a],
      ] as const)
        intergreens.push({ from: from.id, to: into.id, duration: milliseconds(from.clearance + time(draw, 0, 4)) });
    }
  return { conflicts, intergreens };
};

const drawStages = (draw: Draw, groups: readonly SignalGroup[], conflicts: readonly Conflict[]): Stage[] => {
  const hard = (a: SignalGroup, b: SignalGroup): boolean =>
    conflicts.some((c) => c.kind === 'hard' && ((c.a === a.id && c.b === b.id) || (c.a === b.id && c.b === a.id)));
  const around = (seed: SignalGroup): SignalGroup[] => {
    const set = [seed];
    const rest = groups.filter((group) => group !== seed).sort(() => draw.unit() - 0.5);
    for (const group of rest) if (draw.chance(0.85) && set.every((other) => !hard(other, group))) set.push(group);
    return set;
  };
  const sets: SignalGroup[][] = [];
  for (const group of groups) if (!sets.some((set) => set.includes(group)) || draw.chance(0.15)) sets.push(around(group));
  return sets.map((set, i) => ({ id: stageId(`S${String(i)}`), green: set.map(({ id }) => id) }));
};

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

const drawSchedule = (draw: Draw, plans: readonly TimeOfDayPlan[]): ScheduleEntry[] => {
  const program = (): string =>
    draw.chance(0.2) ? 'night-flash' : draw.chance(0.25) || plans.length === 0 ? 'actuated' : draw.pick(plans).name;
  const entry = (from: number, plan: string): ScheduleEntry => ({ days: EVERY_DAY, from: seconds(from), plan });
  // The drills begin at 07:00 local time.
  const first = entry(0, draw.chance(0.1) ? 'night-flash' : draw.chance(0.2) || plans.length === 0 ? 'actuated' : plans[0]!.name);
  return draw.chance(0.5) ? [first] : [first, entry(25_200 + draw.int(10, 80), program()), entry(25_200 + draw.int(81, 150), program())];
};

/** A random junction: any conflicts, times, displays, detectors and plans that an engineer could write down, good or bad. */
export const drawSite = (seed: number): Site => {
  const draw = createDraw(seed);
  const displays = draw.chance(0.7);
  const groups = Array.from({ length: draw.int(2, 8) }, (_, i) => drawGroup(draw, i, displays));
  const { conflicts, intergreens } = drawConflicts(draw, groups);
  const stages = drawStages(draw, groups, conflicts);
  const sequence = stages.map(({ id }) => id);
  const clash = conflicts.find((conflict) => conflict.kind === 'hard');
  if (clash?.kind === 'hard' && draw.chance(0.05)) stages.push({ id: stageId('clash'), green: [clash.a, clash.b] });
  const plans = Array.from({ length: draw.int(0, 2) }, (_, i): TimeOfDayPlan => {
    const splits = sequence.map((stage) => ({ stage, duration: seconds(draw.int(6, 30)) }));
    return {
      name: `plan${String(i)}`,
      cycle: milliseconds(splits.reduce((total, split) => total + split.duration, 0)),
      offset: seconds(draw.int(0, 100)),
      splits,
    };
  });
  return {
    id: junctionId('J'),
    name: `junction ${String(seed)}`,
    position: { lon: 105.8, lat: 21 },
    timeZone: 'Asia/Ho_Chi_Minh',
    mode: 'control',
    headCount: groups.length,
    lanes: [],
    movements: [],
    groups,
    conflicts,
    intergreens,
    crossings: [],
    stages,
    stageOrder: draw.pick(ORDERS),
    stageSequence: sequence,
    detectors: groups
      .filter(() => draw.chance(0.8))
      .map((group) => ({
        id: detectorId(`d_${group.id}`),
        role: group.kind === 'pedestrian' ? 'push-button' : 'stop-line',
        lane: laneId(`l_${group.id}`),
        groups: [group.id],
        distanceM: 1,
        lengthM: 2,
        delay: seconds(draw.int(0, 2)),
        extension: seconds(draw.int(0, 4)),
        locking: draw.chance(0.5),
        onFailure: draw.pick(RECALLS),
      })),
    recalls: groups.filter(() => draw.chance(0.2)).map(({ id }) => ({ group: id, recall: draw.pick(RECALLS) })),
    plans,
    schedule: drawSchedule(draw, plans),
    startUp: { flash: seconds(draw.int(0, 3)), allRed: seconds(draw.int(1, 6)), stage: sequence[0]! },
    flashYellow: groups.slice(0, 1).map(({ id }) => id),
    weights: [],
  };
};

/** Seeds of random junctions. */
export const arbitrarySeed = (): fc.Arbitrary<number> => fc.integer({ min: 0, max: 0x7fffffff });
export const arbitrarySite = (): fc.Arbitrary<Site> => arbitrarySeed().map(drawSite);
