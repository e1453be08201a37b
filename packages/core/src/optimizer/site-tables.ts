import type { SignalGroupId, StageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { interstage } from '../plan/interstage.ts';
import { indexSite } from '../plan/site-index.ts';

/** What the groups do in one change of stage. */
export interface GroupChanges {
  readonly stays: Int32Array;
  /** Losing and regained groups. */
  readonly ends: Int32Array;
  readonly gains: Int32Array;
  /** For each gaining group: the groups red in both stages whose last green it has to keep its distance from. */
  readonly behind: readonly Int32Array[];
}

/**
 * A site as the search needs it: indices instead of ids, matrices instead of lists, milliseconds instead of branded durations.
 * `[s*S+t]` is the change from stage s to stage t, `[(s*S+t)*G+g]` what group g does in it.
 */
export interface SiteTables {
  readonly groupCount: number;
  readonly stageCount: number;
  readonly laneCount: number;
  readonly groupIndex: ReadonlyMap<SignalGroupId, number>;
  readonly stageIndex: ReadonlyMap<StageId, number>;
  readonly stageIds: readonly StageId[];
  readonly inStage: Uint8Array;
  /** 1 where the two groups may never be green together. */
  readonly hard: Uint8Array;
  /** 1 where the row's group gives way to the column's. */
  readonly yields: Uint8Array;
  /** End of green of the row's group to begin of green of the column's; −1 where they do not meet. */
  readonly intergreen: Float64Array;
  readonly minGreen: Float64Array;
  readonly maxGreen: Float64Array;
  readonly clearance: Float64Array;
  readonly minRed: Float64Array;
  readonly redCap: Float64Array;
  /** Begin of green after the change began, for gaining groups. */
  readonly gainAt: Float64Array;
  /** End of green after the change began, for losing groups. */
  readonly loseAt: Float64Array;
  /** What group g does in the change: 0 stays red, 1 stays green, 2 loses, 3 gains, 4 is ended and regained (yellow trap). */
  readonly role: Uint8Array;
  /** The same by change (`[s*S+t]`), as lists. */
  readonly changes: readonly GroupChanges[];
  /** From the begin of the change until every gaining group has had its minimum green. */
  readonly settle: Float64Array;
  /** Stages that may follow each stage by the site's order. */
  readonly successors: readonly Int32Array[];
  /** Position of each stage in the stage sequence, −1 outside it. */
  readonly sequencePosition: Int32Array;
  readonly sequence: Int32Array;
  readonly sequenceLength: number;
  readonly skips: boolean;
  /** Displays tell the next green a whole red ahead: who calls later cannot be fitted in, so every red cap counts without a call. */
  readonly promisesReds: boolean;
  /** Lanes whose vehicles may have to give way are discharged last. */
  readonly laneOrder: Int32Array;
  /** For each group: the lanes with a movement it yields to. */
  readonly opposingLanes: readonly Int32Array[];
  /** For each lane: groups of its movements. */
  readonly laneGroups: readonly Int32Array[];
}

export const STAYS_RED = 0;
export const STAYS_GREEN = 1;
export const LOSES = 2;
export const GAINS = 3;
export const REGAINS = 4;

const cache = new WeakMap<Site, SiteTables>();

/** Computed once per site. */
export function siteTables(site: Site): SiteTables {
  const known = cache.get(site);
  if (known) return known;
  const tables = buildTables(site);
  cache.set(site, tables);
  return tables;
}

function buildTables(site: Site): SiteTables {
  const G = site.groups.length;
  const S = site.stages.length;
  const groupIndex = new Map(site.groups.map((group, i) => [group.id, i]));
  const stageIndex = new Map(site.stages.map((stage, i) => [stage.id, i]));
  const index = (group: SignalGroupId): number => groupIndex.get(group)!;

  const safety = indexSite(site);
  const inStage = new Uint8Array(S * G);
  site.stages.forEach((stage, s) => inStage.set(safety.stages.get(stage.id) ?? new Uint8Array(G), s * G));
  const yields = new Uint8Array(G * G);
  safety.yieldsTo.forEach((others, g) => others.forEach((h) => (yields[g * G + h] = 1)));

  const role = new Uint8Array(S * S * G);
  const gainAt = new Float64Array(S * S * G);
  const loseAt = new Float64Array(S * S * G);
  const settle = new Float64Array(S * S);
  for (let s = 0; s < S; s++) {
    for (let t = 0; t < S; t++) {
      const base = (s * S + t) * G;
      for (let g = 0; g < G; g++) if (inStage[s * G + g] && inStage[t * G + g]) role[base + g] = STAYS_GREEN;
      if (s === t) continue;
      for (const { group: g, end, begin } of interstage(
        safety,
        inStage.subarray(s * G, (s + 1) * G),
        inStage.subarray(t * G, (t + 1) * G),
      )) {
        role[base + g] = end === undefined ? GAINS : begin === undefined ? LOSES : REGAINS;
        if (begin !== undefined) {
          gainAt[base + g] = begin;
          settle[s * S + t] = Math.max(settle[s * S + t]!, begin + safety.minGreen[g]!);
        }
        if (end !== undefined) loseAt[base + g] = end;
      }
    }
  }

  const laneGroups = site.lanes.map((lane) =>
    Int32Array.from(new Set(site.movements.filter((m) => m.fromLane === lane.id).map((m) => index(m.group)))),
  );
  const opposingLanes = site.groups.map((_, g) =>
    Int32Array.from(site.lanes.flatMap((_lane, l) => (laneGroups[l]!.some((h) => yields[g * G + h]) ? [l] : []))),
  );
  const yielding = (l: number): boolean => laneGroups[l]!.some((g) => opposingLanes[g]!.length > 0);
  const laneOrder = Int32Array.from(site.lanes.keys()).sort((a, b) => Number(yielding(a)) - Number(yielding(b)) || a - b);
  const sequencePosition = new Int32Array(S).fill(-1);
  site.stageSequence.forEach((stage, i) => (sequencePosition[stageIndex.get(stage)!] = i));

  return {
    groupCount: G,
    stageCount: S,
    laneCount: site.lanes.length,
    groupIndex,
    stageIndex,
    stageIds: site.stages.map((stage) => stage.id),
    inStage,
    hard: safety.hard,
    yields,
    intergreen: safety.intergreen,
    minGreen: safety.minGreen,
    maxGreen: Float64Array.from(site.groups, (group) => group.maxGreen),
    clearance: safety.clearance,
    minRed: safety.minRed,
    redCap: Float64Array.from(site.groups, (group) => group.redCap),
    gainAt,
    loseAt,
    role,
    changes: listChanges(S, G, role, inStage, safety.intergreen),
    settle,
    successors: listSuccessors(site, stageIndex, role, G),
    sequencePosition,
    sequence: Int32Array.from(site.stageSequence, (stage) => stageIndex.get(stage)!),
    sequenceLength: site.stageSequence.length,
    skips: site.stageOrder === 'skips',
    promisesReds: site.groups.some((group) => group.countdown.red === 'full'),
    laneOrder,
    opposingLanes,
    laneGroups,
  };
}

function listChanges(S: number, G: number, role: Uint8Array, inStage: Uint8Array, intergreen: Float64Array): readonly GroupChanges[] {
  const groups = Array.from({ length: G }, (_, g) => g);
  return Array.from({ length: S * S }, (_, st): GroupChanges => {
    const [s, t] = [Math.floor(st / S), st % S];
    const pick = (...roles: number[]): Int32Array => Int32Array.from(groups.filter((g) => roles.includes(role[st * G + g]!)));
    const gains = pick(GAINS);
    return {
      stays: pick(STAYS_GREEN),
      ends: pick(LOSES, REGAINS),
      gains,
      behind: Array.from(gains, (g) =>
        Int32Array.from(groups.filter((l) => intergreen[l * G + g]! >= 0 && !inStage[s * G + l] && !inStage[t * G + l])),
      ),
    };
  });
}

/**
 * In free order a change that gives green to nobody is left out where others exist. One that needs the yellow-trap rule is dear, but may be the
 * only way to a stage.
 */
function listSuccessors(site: Site, stageIndex: ReadonlyMap<StageId, number>, role: Uint8Array, G: number): readonly Int32Array[] {
  const S = site.stages.length;
  const sequence = site.stageSequence.map((stage) => stageIndex.get(stage)!);
  return site.stages.map((_, s) => {
    if (site.stageOrder !== 'free') {
      const position = sequence.indexOf(s);
      if (position < 0) return Int32Array.from(sequence.slice(0, 1));
      const later = sequence.map((_stage, i) => sequence[(position + 1 + i) % sequence.length]!).filter((t) => t !== s);
      return Int32Array.from(site.stageOrder === 'fixed' ? later.slice(0, 1) : later);
    }
    const all = site.stages.map((_stage, t) => t).filter((t) => t !== s);
    const gains = (t: number): boolean => role.subarray((s * S + t) * G, (s * S + t + 1) * G).some((r) => r === GAINS);
    const good = all.filter(gains);
    return Int32Array.from(good.length > 0 ? good : all);
  });
}
