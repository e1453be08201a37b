import { NO_COUNTDOWN, detectorId, junctionId, seconds, signalGroupId, stageId } from '@songxanh/core';
import type {
  Conflict,
  Crossing,
  Detector,
  Duration,
  Intergreen,
  Network,
  SignalGroup,
  SignalProgram,
  Site,
  Stage,
  StreetFurniture,
  TimeOfDayPlan,
} from '@songxanh/core';
import { FileFault } from '../file-fault.ts';
import { toLonLat } from '../network/lon-lat.ts';
import { deriveDetectors } from './site-detectors.ts';
import { listFreeStages } from './free-stages.ts';
import { deriveConflicts } from './group-conflicts.ts';
import { groupLinks } from './link-groups.ts';
import type { LinkGroup } from './link-groups.ts';
import { deriveLanes, deriveMovements, listLaneExits } from './movements.ts';
import { listProgramStages } from './program-stages.ts';
import type { ProgramStage } from './program-stages.ts';
import { cycleS, runsS, shownIntergreenS } from './program-times.ts';
import { isGo, listSignalLinks } from './signal-links.ts';

export interface SiteOptions {
  readonly timeZone?: string;
  /** All-red (s) behind the yellow between groups that the program never changes directly between; at least the program's own longest. */
  readonly allRedS?: number;
  /** Most stages in all; the program's own always count first. */
  readonly maxStages?: number;
}

/** Vehicle yellow where the program shows none, and the least there is (Vienna convention practice, Vietnam 3 s). */
const YELLOW_S = 3;
/** Minimum green of vehicles; shorter only where the program itself is (measured best among 3, 5 and 7 s). */
const MIN_GREEN_S = 5;
/** Walk interval: at least 7 s (MUTCD 2009, 4E.06). */
const WALK_S = 7;
/** Design walking speed (RiLSA, HCM 2010). */
const WALKING_SPEED_MPS = 1.2;
const MAX_GREEN_S = 120;
/** A group that nothing excludes may stay green. */
const UNOPPOSED_MAX_GREEN_S = 3600;
/** NTCIP 1202 red revert default. */
const MIN_RED_S = 2;
const RED_CAP_S = { vehicle: 180, pedestrian: 120 } as const;
const ALL_RED_S = 1;
/** Holds all maximal sets of a four-arm junction with separate turns (at most 37 seen). */
const MAX_STAGES = 40;

const ceilTenth = (s: number): Duration => seconds(Math.ceil(s * 10 - 1e-6) / 10);

const isOnly = (group: LinkGroup, network: Network, classes: readonly string[]): boolean =>
  group.links.every(({ fromLane }) => {
    const allow = network.lanes.get(fromLane)?.allow ?? [];
    return allow.length > 0 && allow.every((name) => classes.includes(name));
  });

const kindOf = (group: LinkGroup, network: Network): SignalGroup['kind'] => {
  if (group.pedestrian) return 'pedestrian';
  if (isOnly(group, network, ['motorcycle', 'moped', 'bicycle'])) return 'motorcycle';
  return isOnly(group, network, ['bus', 'coach', 'tram', 'rail_urban']) ? 'transit' : 'vehicle';
};

const nameOf = (group: LinkGroup, network: Network): string => {
  const [first] = group.links;
  if (first === undefined) return group.id;
  if (group.pedestrian) return `crossing ${first.connection.crossing ?? ''}`;
  const turns = { s: 'through', l: 'left', L: 'left', r: 'right', R: 'right', t: 'u-turn', i: 'through' } as const;
  const road = network.edges.get(first.connection.fromEdge)?.name ?? '';
  const shown = [...new Set(group.links.map(({ connection }) => turns[connection.direction]))].join('+');
  return `${road === '' ? first.connection.fromEdge : road} ${shown}`;
};

const crossingLengthM = (group: LinkGroup, network: Network): number =>
  Math.max(...group.links.map(({ connection }) => network.edges.get(connection.toEdge)?.lanes[0]?.lengthM ?? 0));

const deriveGroup = (group: LinkGroup, network: Network, program: SignalProgram, unopposed: boolean): SignalGroup => {
  const kind = kindOf(group, network);
  const greensS = runsS(program, group.aspects, isGo);
  const redsS = runsS(program, group.aspects, (aspect) => aspect === 'r');
  const yellowsS = runsS(program, group.aspects, (aspect) => aspect === 'y');
  const longestRedS = Math.max(0, ...redsS);
  const pedestrian = kind === 'pedestrian';
  return {
    id: signalGroupId(group.id),
    kind,
    name: nameOf(group, network),
    heads: group.heads,
    minGreen: pedestrian ? seconds(WALK_S) : seconds(Math.min(MIN_GREEN_S, ...greensS)),
    maxGreen: seconds(unopposed ? UNOPPOSED_MAX_GREEN_S : Math.max(MAX_GREEN_S, ...greensS)),
    clearance: pedestrian ? ceilTenth(crossingLengthM(group, network) / WALKING_SPEED_MPS) : seconds(Math.max(YELLOW_S, ...yellowsS)),
    minRed: seconds(MIN_RED_S),
    redCap: seconds(Math.max(pedestrian ? RED_CAP_S.pedestrian : RED_CAP_S.vehicle, longestRedS + MIN_GREEN_S)),
    countdown: NO_COUNTDOWN,
  };
};

/**
 * Both directions of every conflict: what the program shows as the shortest time in a direct change, at least the clearance; where it never
 * changes directly, clearance plus all-red (a pedestrian clearance already empties the crossing).
 */
const deriveIntergreens = (
  program: SignalProgram,
  stages: readonly ProgramStage[],
  linkGroups: readonly LinkGroup[],
  groups: readonly SignalGroup[],
  conflicts: readonly Conflict[],
  allRedS: number,
): readonly Intergreen[] => {
  const at = new Map(groups.map((group, i) => [group.id, i]));
  const directed = conflicts.flatMap((c) =>
    c.kind === 'hard'
      ? [
          [c.a, c.b],
          [c.b, c.a],
        ]
      : [
          [c.yields, c.to],
          [c.to, c.yields],
        ],
  ) as (readonly [SignalGroup['id'], SignalGroup['id']])[];
  const pairs = [...new Map(directed.map((pair) => [pair.join(' '), pair])).values()].map(([from, to]) => {
    const loses = linkGroups[at.get(from) ?? -1];
    const gains = linkGroups[at.get(to) ?? -1];
    const group = groups[at.get(from) ?? -1];
    const shownS = loses && gains && shownIntergreenS(program, stages, loses, gains);
    return { from, to, clearanceS: (group?.clearance ?? 0) / 1000, pedestrian: group?.kind === 'pedestrian', shownS };
  });
  const longestAllRedS = Math.max(
    allRedS,
    ...pairs.map(({ shownS, clearanceS, pedestrian }) => (pedestrian ? 0 : (shownS ?? 0) - clearanceS)),
  );
  return pairs.map(({ from, to, clearanceS, pedestrian, shownS }) => ({
    from,
    to,
    duration: seconds(Math.max(clearanceS, shownS ?? clearanceS + (pedestrian ? 0 : longestAllRedS))),
  }));
};

const interstageMs = (from: ProgramStage, to: ProgramStage, intergreens: readonly Intergreen[]): number =>
  Math.max(
    0,
    ...intergreens
      .filter(
        (pair) =>
          from.green.includes(pair.from) && !to.green.includes(pair.from) && to.green.includes(pair.to) && !from.green.includes(pair.to),
      )
      .map(({ duration }) => duration),
  );

/** The program's own timing; a split too short for the derived pedestrian times is made as long as they need. */
const derivePlan = (
  program: SignalProgram,
  stages: readonly ProgramStage[],
  ids: readonly Stage['id'][],
  groups: readonly SignalGroup[],
  intergreens: readonly Intergreen[],
): TimeOfDayPlan => {
  const wholeS = cycleS(program);
  const splits = stages.map((stage, i) => {
    const before = stages.at(i - 1) ?? stage;
    const after = stages[(i + 1) % stages.length] ?? stage;
    // The change into a stage begins when the steady interval before it ends.
    const startS = before.startS + before.durationS;
    const endS = stage.startS + stage.durationS;
    const shownMs = seconds(stages.length === 1 ? wholeS : (((endS - startS) % wholeS) + wholeS) % wholeS);
    const briefGreens = groups.filter(
      ({ id }) => stage.green.includes(id) && stages.length > 1 && !before.green.includes(id) && !after.green.includes(id),
    );
    const neededMs = interstageMs(before, stage, intergreens) + Math.max(0, ...briefGreens.map(({ minGreen }) => minGreen));
    return { stage: ids[i] ?? stageId(''), duration: Math.max(shownMs, Math.ceil(neededMs / 1000) * 1000) as Duration };
  });
  const cycle = splits.reduce((total, { duration }) => total + duration, 0) as Duration;
  // SUMO runs a program's second (t - offset) mod cycle at scenario second t, which counts from local midnight.
  const firstGreenS = program.offsetS + (stages[0]?.startS ?? 0);
  return { name: 'program', cycle, offset: (((seconds(firstGreenS) % cycle) + cycle) % cycle) as Duration, splits };
};

/** Push buttons for people on foot: SUMO has none, simulators press `btn_<junction>_<group>`. */
const derivePushButtons = (signalId: string, groups: readonly SignalGroup[]): readonly Detector[] =>
  groups
    .filter(({ kind }) => kind === 'pedestrian')
    .map(({ id }) => ({
      id: detectorId(`btn_${signalId}_${id}`),
      role: 'push-button',
      groups: [id],
      distanceM: 0,
      lengthM: 0,
      delay: seconds(0),
      extension: seconds(0),
      locking: true,
      onFailure: 'pedestrian',
    }));

const flashesYellow = (group: LinkGroup): boolean => !group.pedestrian && group.links.every(({ connection }) => connection.state === 'O');

/**
 * The site of a signal as its network tells it, for review: groups per approach and turn; conflicts from the nodes' foes, permissive where
 * the program itself lets both go; intergreens and a time-of-day plan from the program; its stages, and every further maximal set of compatible
 * groups. Throws a `FileFault` where the signal cannot be controlled.
 */
export const deriveSite = (network: Network, signalId: string, furniture: StreetFurniture, options: SiteOptions = {}): Site => {
  const { timeZone = 'UTC', allRedS = ALL_RED_S, maxStages = MAX_STAGES } = options;
  const program = network.programs.get(signalId);
  if (program === undefined) throw new FileFault(`signal ${signalId}: expected a <tlLogic> with this id in the network`);
  const links = listSignalLinks(network, program);
  if (links.length === 0) throw new FileFault(`signal ${signalId}: expected at least one <connection> with tl="${signalId}"`);
  if (program.intervals.every(({ state }) => /^[oO]+$/.test(state)))
    throw new FileFault(`signal ${signalId}: expected a program that shows green and red, not only off (o, O)`);
  const linkGroups = groupLinks(network, links);
  if (linkGroups.length === 0 || cycleS(program) <= 0)
    throw new FileFault(`signal ${signalId}: expected a program with a green and a cycle > 0 s`);

  const conflicts = deriveConflicts(network, linkGroups);
  const opposed = new Set(conflicts.flatMap((c) => (c.kind === 'hard' ? [c.a, c.b] : [])));
  const groups = linkGroups.map((group) => deriveGroup(group, network, program, !opposed.has(signalGroupId(group.id))));
  const programStages = listProgramStages(program, linkGroups);
  const intergreens = deriveIntergreens(program, programStages, linkGroups, groups, conflicts, allRedS);

  const stages = new Map<string, Stage>();
  const keep = (green: readonly string[], id: string, name: string): Stage['id'] => {
    const key = green.join(' ');
    const stage = stages.get(key) ?? { id: stageId(id), name, green: green.map(signalGroupId) };
    stages.set(key, stage);
    return stage.id;
  };
  const sequence = programStages.map(({ green }) => keep(green, `s${String(stages.size + 1)}`, `program ${String(stages.size + 1)}`));
  const own = stages.size;
  for (const green of listFreeStages(linkGroups, conflicts, maxStages)) {
    if (stages.size >= maxStages) break;
    keep(green, `f${String(stages.size - own + 1)}`, 'free');
  }

  const crossings = linkGroups
    .filter((group) => group.pedestrian)
    .map((group): Crossing => ({
      id: group.links[0]?.connection.crossing ?? group.id,
      groups: [signalGroupId(group.id)],
      lengthM: crossingLengthM(group, network),
      walkingSpeedMps: WALKING_SPEED_MPS,
    }));
  const exits = listLaneExits(network);
  const lanes = deriveLanes(network, linkGroups);
  const movements = deriveMovements(network, exits, linkGroups);
  const detectors = [...deriveDetectors(network, lanes, movements, furniture), ...derivePushButtons(signalId, groups)];
  const detected = new Set(detectors.flatMap((detector) => detector.groups));
  const positions = [...new Set(links.map(({ node }) => node))].flatMap((id) => network.nodes.get(id)?.position ?? []);
  const xs = positions.filter((_, i) => i % 2 === 0);
  const ys = positions.filter((_, i) => i % 2 === 1);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

  return {
    id: junctionId(signalId),
    name: signalId,
    position: toLonLat(network.location, [mean(xs), mean(ys)]),
    timeZone,
    mode: 'control',
    headCount: program.intervals[0]?.state.length ?? 0,
    lanes,
    movements,
    groups,
    conflicts,
    intergreens,
    crossings,
    stages: [...stages.values()],
    stageOrder: 'free',
    stageSequence: sequence,
    detectors,
    recalls: groups.filter(({ id }) => !detected.has(id)).map(({ id }) => ({ group: id, recall: 'minimum' })),
    plans: [derivePlan(program, programStages, sequence, groups, intergreens)],
    schedule: [{ days: [0, 1, 2, 3, 4, 5, 6], from: seconds(0), plan: 'program' }],
    startUp: { flash: seconds(3), allRed: seconds(2), stage: sequence[0] ?? stageId('s1') },
    flashYellow: linkGroups.filter(flashesYellow).map(({ id }) => signalGroupId(id)),
    weights: [],
  };
};

/** Changes of the program's own sequence in which a permissive group ends while one it yields to stays green, as `from>to: group`. */
export const listYellowTraps = ({ stages, stageSequence, conflicts }: Site): readonly string[] =>
  stageSequence.flatMap((id, i) => {
    const next = stageSequence[(i + 1) % stageSequence.length];
    const before = stages.find((stage) => stage.id === id)?.green ?? [];
    const after = stages.find((stage) => stage.id === next)?.green ?? [];
    const trapped = conflicts.flatMap((c) =>
      c.kind === 'permissive' && before.includes(c.yields) && !after.includes(c.yields) && before.includes(c.to) && after.includes(c.to)
        ? [c.yields]
        : [],
    );
    return [...new Set(trapped)].map((group) => `${id}>${next ?? ''}: ${group}`);
  });
