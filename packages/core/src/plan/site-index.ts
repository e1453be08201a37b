import { stageId, type SignalGroupId, type StageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';

/** The controller's own stage in which nobody has right of way; plans from outside may not ask for it. */
export const ALL_RED: StageId = stageId('all-red');

/** No conflict between two groups in `SiteIndex.intergreen`. */
export const NO_CONFLICT = -1;

/** Signals change on whole seconds after the begin of an interstage: displays count whole seconds and simulators step by them. */
const wholeSeconds = (ms: number): number => Math.ceil(ms / 1000) * 1000;

/** A site's safety values by position of the group in `site.groups`, in ms, rounded up to whole seconds. */
export interface SiteIndex {
  readonly size: number;
  readonly ids: readonly SignalGroupId[];
  readonly groupAt: ReadonlyMap<SignalGroupId, number>;
  readonly minGreen: Float64Array;
  readonly clearance: Float64Array;
  readonly minRed: Float64Array;
  /** `intergreen[l * size + g]`: end of green of l to begin of green of g, or NO_CONFLICT. */
  readonly intergreen: Float64Array;
  /** 1 where the two groups may never be green together. */
  readonly hard: Uint8Array;
  /** Groups each group gives way to while both are green. */
  readonly yieldsTo: readonly (readonly number[])[];
  /** Those of them that carry vehicles: ending before them would be a yellow trap. */
  readonly trappedBy: readonly (readonly number[])[];
  /** Pedestrian groups with a leading interval before this group, and that interval. */
  readonly leads: readonly (readonly { readonly group: number; readonly interval: number }[])[];
  /** Green groups of each stage as 0/1 per group; includes ALL_RED, leaves out the bad ones. */
  readonly stages: ReadonlyMap<StageId, Uint8Array>;
  /** A hard conflict inside a stage: such a stage never runs. */
  readonly badStages: ReadonlyMap<StageId, readonly [SignalGroupId, SignalGroupId]>;
  /** The site's stage sequence without bad stages. */
  readonly sequence: readonly StageId[];
  /** The stage after each stage of the sequence. */
  readonly successor: ReadonlyMap<StageId, StageId>;
  /** Longest intergreen of the site. */
  readonly longestIntergreen: number;
}

const buildIndex = (site: Site): SiteIndex => {
  const size = site.groups.length;
  const groupAt = new Map(site.groups.map((group, i) => [group.id, i]));
  const at = (id: SignalGroupId): number => groupAt.get(id) ?? -1;
  const pick = (value: (i: number) => number): Float64Array => Float64Array.from(site.groups, (_, i) => wholeSeconds(value(i)));
  const clearance = pick((i) => site.groups[i]!.clearance);

  const intergreen = new Float64Array(size * size).fill(NO_CONFLICT);
  const hard = new Uint8Array(size * size);
  const yieldsTo: number[][] = site.groups.map(() => []);
  for (const conflict of site.conflicts) {
    const [a, b] = conflict.kind === 'hard' ? [at(conflict.a), at(conflict.b)] : [at(conflict.yields), at(conflict.to)];
    if (a < 0 || b < 0) continue;
    // A missing intergreen counts as the clearance; check-site reports it.
    intergreen[a * size + b] = Math.max(intergreen[a * size + b]!, clearance[a]!);
    intergreen[b * size + a] = Math.max(intergreen[b * size + a]!, clearance[b]!);
    if (conflict.kind === 'hard') hard[a * size + b] = hard[b * size + a] = 1;
    else yieldsTo[a]!.push(b);
  }
  for (const { from, to, duration } of site.intergreens) {
    const cell = at(from) * size + at(to);
    if (at(from) < 0 || at(to) < 0 || intergreen[cell] === NO_CONFLICT) continue;
    intergreen[cell] = Math.max(intergreen[cell]!, wholeSeconds(duration));
  }

  const stages = new Map<StageId, Uint8Array>([[ALL_RED, new Uint8Array(size)]]);
  const badStages = new Map<StageId, readonly [SignalGroupId, SignalGroupId]>();
  for (const stage of site.stages) {
    const mask = new Uint8Array(size);
    for (const id of stage.green) if (at(id) >= 0) mask[at(id)] = 1;
    for (const a of stage.green) for (const b of stage.green) if (hard[at(a) * size + at(b)] === 1) badStages.set(stage.id, [a, b]);
    if (!badStages.has(stage.id)) stages.set(stage.id, mask);
  }
  const sequence = site.stageSequence.filter((stage) => stages.has(stage));

  return {
    size,
    ids: site.groups.map((group) => group.id),
    groupAt,
    minGreen: pick((i) => site.groups[i]!.minGreen),
    clearance,
    minRed: pick((i) => site.groups[i]!.minRed),
    intergreen,
    hard,
    yieldsTo,
    trappedBy: yieldsTo.map((list) => list.filter((h) => site.groups[h]!.kind !== 'pedestrian')),
    leads: yieldsTo.map((list) =>
      list.flatMap((p) => {
        const interval = site.groups[p]!.leadingInterval ?? 0;
        return interval > 0 ? [{ group: p, interval: wholeSeconds(interval) }] : [];
      }),
    ),
    stages,
    badStages,
    sequence,
    successor: new Map(sequence.map((stage, i) => [stage, sequence[(i + 1) % sequence.length]!])),
    longestIntergreen: Math.max(0, ...intergreen),
  };
};

const cache = new WeakMap<Site, SiteIndex>();

/** The site's matrices as typed arrays; built once per site value. */
export const indexSite = (site: Site): SiteIndex => {
  let index = cache.get(site);
  if (index === undefined) {
    index = buildIndex(site);
    cache.set(site, index);
  }
  return index;
};
