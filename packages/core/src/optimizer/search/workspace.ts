import type { SiteTables } from '../site-tables.ts';
import { buildTicks, type Ticks } from './ticks.ts';
import type { SearchSettings } from './types.ts';

/** Buffers that are reused from one decision to the next, so that the search allocates nothing. */
export interface Workspace {
  readonly settings: SearchSettings;
  readonly ticks: Ticks;
  // Lanes that have arrivals, those that may have to give way last; then the pedestrians.
  laneCount: number;
  /** First arrival of each lane; one more entry for the end of the last. */
  laneFrom: Int32Array;
  laneStartUp: Float64Array;
  laneGapHeadway: Float64Array;
  /** Place of each lane of the site, −1 where it has no arrivals. */
  place: Int32Array;
  // Arrivals, lane after lane.
  at: Float64Array;
  headway: Float64Array;
  weight: Float64Array;
  group: Int32Array;
  /** Whose window of green it needs: its group's, or, where nobody has seen it, that of its lane (`groups + 2 * lane`, for the first one + 1). */
  window: Int32Array;
  /** For each of these windows: the groups that have to be green together. */
  readonly together: (readonly number[])[];
  stop: Float64Array;
  /** 1 for traffic that nobody has seen. */
  expected: Int32Array;
  /** When it left, in the expansion at hand. */
  left: Float64Array;
  // Sums over all arrivals before this one.
  sumWeight: Float64Array;
  sumWeightAt: Float64Array;
  sumStop: Float64Array;
  sumHeadway: Float64Array;
  /** `[lane * (ticks + 1) + tick]`: the first arrival behind the tick. */
  arrivedBy: Int32Array;
  // States: `beam` slots per tick; the first is for the one that never changed.
  cost: Float64Array;
  value: Float64Array;
  stage: Int32Array;
  depth: Int32Array;
  parent: Int32Array;
  changedAt: Float64Array;
  next: Int32Array;
  free: Float64Array;
  since: Float64Array;
  /** Per tick: 1 where the first slot is taken, and how many of the others are. */
  bucket: Int32Array;
  // One expansion.
  from: Float64Array;
  to: Float64Array;
  newNext: Int32Array;
  newFree: Float64Array;
  newSince: Float64Array;
  firstOut: Int32Array;
  stageScore: Float64Array;
  queue: Float64Array;
  urgent: Int32Array;
  urgentCount: number;
  /** Cost of those that have left in the expansion at hand. */
  readonly spent: Float64Array;
  /** When the vehicle at hand may go. */
  readonly moment: Float64Array;
}

const FLOATS = [
  ...([
    'laneStartUp',
    'laneGapHeadway',
    'at',
    'headway',
    'weight',
    'stop',
    'left',
    'sumWeight',
    'sumWeightAt',
    'sumStop',
    'sumHeadway',
    'cost',
  ] as const),
  ...(['value', 'changedAt', 'free', 'since', 'from', 'to', 'newFree', 'newSince', 'stageScore', 'queue'] as const),
];
const INTS = [
  ...([
    'laneFrom',
    'place',
    'group',
    'window',
    'expected',
    'arrivedBy',
    'stage',
    'depth',
    'parent',
    'next',
    'bucket',
    'newNext',
    'firstOut',
    'urgent',
  ] as const),
];

export function createWorkspace(settings: SearchSettings): Workspace {
  const buffers = {
    ...Object.fromEntries(FLOATS.map((name) => [name, new Float64Array(0)])),
    ...Object.fromEntries(INTS.map((name) => [name, new Int32Array(0)])),
  } as Pick<Workspace, (typeof FLOATS)[number] | (typeof INTS)[number]>;
  return {
    ...buffers,
    settings,
    ticks: buildTicks(settings.horizonMs, settings.fineMs),
    laneCount: 0,
    urgentCount: 0,
    together: [],
    spent: new Float64Array(1),
    moment: new Float64Array(1),
  };
}

const grow = (size: number): number => Math.max(64, 2 ** Math.ceil(Math.log2(size + 1)));
const floats = (array: Float64Array, size: number): Float64Array => (array.length >= size ? array : new Float64Array(grow(size)));
const ints = (array: Int32Array, size: number): Int32Array => (array.length >= size ? array : new Int32Array(grow(size)));

/** Makes room for a problem of this size. */
export function reserve(w: Workspace, tables: SiteTables, lanes: number, arrivals: number): void {
  const { groupCount, stageCount, laneCount } = tables;
  const states = (w.ticks.last + 1) * w.settings.beam;
  w.laneFrom = ints(w.laneFrom, lanes + 1);
  w.laneStartUp = floats(w.laneStartUp, lanes);
  w.laneGapHeadway = floats(w.laneGapHeadway, lanes);
  w.place = ints(w.place, laneCount);
  for (const key of ['at', 'headway', 'weight', 'stop', 'left', 'sumWeight', 'sumWeightAt', 'sumStop', 'sumHeadway'] as const)
    w[key] = floats(w[key], arrivals + 1);
  w.group = ints(w.group, arrivals + 1);
  w.window = ints(w.window, arrivals + 1);
  w.expected = ints(w.expected, arrivals + 1);
  w.arrivedBy = ints(w.arrivedBy, lanes * (w.ticks.last + 1));
  for (const key of ['cost', 'value', 'changedAt'] as const) w[key] = floats(w[key], states);
  for (const key of ['stage', 'depth', 'parent'] as const) w[key] = ints(w[key], states);
  w.next = ints(w.next, states * lanes);
  w.free = floats(w.free, states * lanes);
  w.since = floats(w.since, states * groupCount);
  w.bucket = ints(w.bucket, (w.ticks.last + 1) * 2);
  for (const key of ['from', 'to'] as const) w[key] = floats(w[key], groupCount + 2 * lanes);
  w.newSince = floats(w.newSince, groupCount);
  for (const key of ['newNext', 'firstOut'] as const) w[key] = ints(w[key], lanes);
  for (const key of ['newFree', 'queue'] as const) w[key] = floats(w[key], lanes);
  w.urgent = ints(w.urgent, groupCount);
  w.stageScore = floats(w.stageScore, stageCount);
}
