import {
  accept,
  detectorId,
  junctionId,
  laneId,
  milliseconds,
  minutes,
  movementId,
  refuse,
  seconds,
  signalGroupId,
  stageId,
} from '@songxanh/core';
import {
  DEFAULT_ALL_RED,
  detectorDefaults,
  groupDefaults,
  pedestrianClearance,
  sum,
  TRAFFIC_MIXES,
  WALKING_SPEED_MPS,
  yellowFor,
  type Conflict,
  type Countdown,
  type Detector,
  type Duration,
  type Intergreen,
  type Refusal,
  type Result,
  type ScheduleEntry,
  type SignalGroup,
  type SignalGroupId,
  type Site,
} from '@songxanh/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv';
import { lineFinder, lineOfSyntaxError } from './locate.ts';
import type { DetectorEntry, GroupEntry, SiteFile } from './site-file.ts';
import { SITE_SCHEMA } from './site-schema.ts';

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile<SiteFile>(SITE_SCHEMA);

const DEFAULT_SPEED_MPS = 13.89;
const DEFAULT_TAIL_S = 9;
const DEFAULT_LANE_WIDTH_M = 3.2;
const DEFAULT_EXIT_LENGTH_M = 100;
const DEFAULT_LOOP_LENGTH_M = 1.5;

const groups = (list: readonly string[]): readonly SignalGroupId[] => list.map(signalGroupId);
const optionalSeconds = (value: number | undefined, otherwise: Duration): Duration => (value === undefined ? otherwise : seconds(value));

const expected = ({ keyword, params, message }: ErrorObject): string => {
  if (keyword === 'additionalProperties') return `unknown field "${(params as { additionalProperty: string }).additionalProperty}"`;
  if (keyword === 'required') return `field "${(params as { missingProperty: string }).missingProperty}" is missing`;
  if (keyword === 'enum') return `expected one of ${(params as { allowedValues: readonly string[] }).allowedValues.join(', ')}`;
  return `expected ${(message ?? keyword).replace(/^must (be )?/, '')}`;
};

const schemaRefusal = (error: ErrorObject, text: string | undefined, file: string): Refusal => {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const line = text === undefined ? '' : `:${lineFinder(text)(path)}`;
  return refuse('malformed-site', `${file}${line}: ${path.length === 0 ? 'document' : path.join('.')}: ${expected(error)}`);
};

/** Without a stated clearance: the yellow its approach speed needs, or the time its crossing takes to walk. */
const deriveClearance = (site: SiteFile, group: GroupEntry): Duration => {
  if (group.kind === 'pedestrian') {
    const crossing = site.crossings?.find((c) => c.groups.includes(group.id));
    return crossing
      ? pedestrianClearance(crossing.lengthM / crossing.groups.length, crossing.walkingSpeedMps ?? WALKING_SPEED_MPS)
      : seconds(10);
  }
  const served = (site.movements ?? []).filter((m) => m.group === group.id);
  const speeds = served.flatMap((m) => (site.lanes ?? []).filter((lane) => lane.id === m.fromLane).map((lane) => lane.speedMps));
  const turning = served.length > 0 && served.every((m) => m.turn !== 'through');
  return yellowFor(speeds.length === 0 ? DEFAULT_SPEED_MPS : Math.max(...speeds), turning);
};

const toCountdown = ({ countdown = {} }: GroupEntry): Countdown => ({
  green: countdown.green ?? 'none',
  red: countdown.red ?? 'none',
  tail: seconds(countdown.tailS ?? DEFAULT_TAIL_S),
});

const toGroup = (site: SiteFile, entry: GroupEntry): SignalGroup => {
  const kind = entry.kind ?? 'vehicle';
  const usual = groupDefaults(kind);
  return {
    id: signalGroupId(entry.id),
    kind,
    ...(entry.name === undefined ? {} : { name: entry.name }),
    heads: entry.heads,
    minGreen: optionalSeconds(entry.minGreenS, usual.minGreen),
    maxGreen: optionalSeconds(entry.maxGreenS, usual.maxGreen),
    clearance: entry.clearanceS === undefined ? deriveClearance(site, entry) : seconds(entry.clearanceS),
    minRed: optionalSeconds(entry.minRedS, usual.minRed),
    redCap: optionalSeconds(entry.redCapS, usual.redCap),
    countdown: toCountdown(entry),
    ...(entry.leadingIntervalS === undefined ? {} : { leadingInterval: seconds(entry.leadingIntervalS) }),
  };
};

const toConflicts = ({ conflicts = {} }: SiteFile): readonly Conflict[] => [
  ...(conflicts.hard ?? []).map(([a, b]) => ({ kind: 'hard', a: signalGroupId(a), b: signalGroupId(b) }) as const),
  ...(conflicts.permissive ?? []).map(
    ({ yields, to }) => ({ kind: 'permissive', yields: signalGroupId(yields), to: signalGroupId(to) }) as const,
  ),
];

/** The stated intergreens, and clearance + all-red for every conflict that has none. */
const toIntergreens = (site: SiteFile, conflicts: readonly Conflict[], all: readonly SignalGroup[]): readonly Intergreen[] => {
  const stated = Object.entries(site.intergreensS ?? {}).flatMap(([from, row]) =>
    Object.entries(row).map(([to, value]) => ({ from: signalGroupId(from), to: signalGroupId(to), duration: seconds(value) })),
  );
  const known = new Set(stated.map(({ from, to }) => `${from}\n${to}`));
  const clearance = new Map(all.map((g) => [g.id, g.clearance]));
  const derived = conflicts
    .flatMap((c) =>
      c.kind === 'hard' ? [[c.a, c.b] as const, [c.b, c.a] as const] : [[c.yields, c.to] as const, [c.to, c.yields] as const],
    )
    .filter(([from, to]) => !known.has(`${from}\n${to}`))
    .map(([from, to]) => ({ from, to, duration: sum(clearance.get(from) ?? milliseconds(0), DEFAULT_ALL_RED) }));
  return [...stated, ...derived];
};

const toDetector = (entry: DetectorEntry): Detector => {
  const usual = detectorDefaults(entry.role);
  return {
    id: detectorId(entry.id),
    role: entry.role,
    ...(entry.lane === undefined ? {} : { lane: laneId(entry.lane) }),
    groups: groups(entry.groups),
    distanceM: entry.distanceM ?? 0,
    lengthM: entry.lengthM ?? (entry.role === 'push-button' ? 0 : DEFAULT_LOOP_LENGTH_M),
    delay: optionalSeconds(entry.delayS, usual.delay),
    extension: optionalSeconds(entry.extensionS, usual.extension),
    locking: entry.locking ?? usual.locking,
    onFailure: entry.onFailure ?? usual.onFailure,
  };
};

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

const toSchedule = ({ schedule, plans }: SiteFile): readonly ScheduleEntry[] =>
  schedule === undefined
    ? [{ days: EVERY_DAY, from: minutes(0), plan: plans?.[0]?.name ?? 'actuated' }]
    : schedule.map(({ days, from, plan }) => ({ days, from: minutes(Number(from.slice(0, 2)) * 60 + Number(from.slice(3))), plan }));

const toSite = (file: SiteFile): Site => {
  const all = file.groups.map((group) => toGroup(file, group));
  const conflicts = toConflicts(file);
  const sequence = (file.stageSequence ?? file.stages.map((stage) => stage.id)).map(stageId);
  return {
    id: junctionId(file.id),
    name: file.name ?? file.id,
    position: file.position,
    timeZone: file.timeZone ?? 'UTC',
    mode: file.mode ?? 'monitor',
    headCount: file.headCount ?? Math.max(...file.groups.flatMap((group) => group.heads)) + 1,
    lanes: (file.lanes ?? []).map((lane) => ({ widthM: DEFAULT_LANE_WIDTH_M, ...lane, id: laneId(lane.id) })),
    movements: (file.movements ?? []).map(({ downstreamLane, ...m }) => ({
      id: movementId(m.id),
      group: signalGroupId(m.group),
      fromLane: laneId(m.fromLane),
      toLane: laneId(m.toLane),
      turn: m.turn,
      exitLengthM: m.exitLengthM ?? DEFAULT_EXIT_LENGTH_M,
      ...(downstreamLane === undefined ? {} : { downstreamLane: laneId(downstreamLane) }),
    })),
    groups: all,
    conflicts,
    intergreens: toIntergreens(file, conflicts, all),
    crossings: (file.crossings ?? []).map((c) => ({
      id: c.id,
      groups: groups(c.groups),
      lengthM: c.lengthM,
      walkingSpeedMps: c.walkingSpeedMps ?? WALKING_SPEED_MPS,
    })),
    stages: file.stages.map(({ id, name, green }) => ({ id: stageId(id), ...(name === undefined ? {} : { name }), green: groups(green) })),
    stageOrder: file.stageOrder ?? 'fixed',
    stageSequence: sequence,
    detectors: (file.detectors ?? []).map(toDetector),
    recalls: (file.recalls ?? []).map(({ group, recall }) => ({ group: signalGroupId(group), recall })),
    plans: (file.plans ?? []).map(({ name, cycleS, offsetS, splits }) => ({
      name,
      cycle: seconds(cycleS),
      offset: seconds(offsetS),
      splits: splits.map(({ stage, durationS }) => ({ stage: stageId(stage), duration: seconds(durationS) })),
    })),
    schedule: toSchedule(file),
    ...(file.ringBarrier === undefined
      ? {}
      : {
          ringBarrier: {
            ...file.ringBarrier,
            phases: file.ringBarrier.phases.map((p) => ({ number: p.number, groups: groups(p.groups) })),
          },
        }),
    startUp: {
      flash: seconds(file.startUp?.flashS ?? 5),
      allRed: seconds(file.startUp?.allRedS ?? 3),
      stage: file.startUp?.stage === undefined ? (sequence[0] ?? stageId('')) : stageId(file.startUp.stage),
    },
    flashYellow: groups(file.flashYellow ?? []),
    weights: (file.weights ?? []).map(({ lane, weight }) => ({ lane: laneId(lane), weight })),
    ...(file.traffic === undefined ? {} : { traffic: typeof file.traffic === 'string' ? TRAFFIC_MIXES[file.traffic] : file.traffic }),
  };
};

const parseJson = (text: string, file: string): Result<unknown> => {
  try {
    return accept(JSON.parse(text) as unknown);
  } catch (error) {
    // It quotes the text, line ends and all.
    const message = (error as SyntaxError).message.replaceAll(/\s+/g, ' ');
    return refuse('malformed-json', `${file}:${lineOfSyntaxError(text)}: not JSON: ${message}`);
  }
};

/**
 * A junction's file, as text or as a JSON value. What is left out takes its derived default. The shape is checked here;
 * what the values mean for safety is `checkSite`'s business.
 */
export const parseSite = (source: unknown, file: string): Result<Site> => {
  const text = typeof source === 'string' ? source : undefined;
  const parsed = text === undefined ? accept(source) : parseJson(text, file);
  if (!parsed.ok) return parsed;
  const value = parsed.value;
  if (!validate(value)) return schemaRefusal(validate.errors![0]!, text, file);
  return accept(toSite(value));
};
