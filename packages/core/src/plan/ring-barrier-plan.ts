import { stageId, type SignalGroupId } from '../ids.ts';
import type { RingBarrier, Site, Stage, TimeOfDayPlan } from '../intersection/site.ts';
import { accept, refuse, type Refusal, type Result } from '../result.ts';
import { milliseconds, type Duration } from '../time.ts';
import { indexSite } from './site-index.ts';

/** A NEMA plan: one split per phase, clearance included; rings reach each barrier together. */
export interface RingBarrierPlan {
  readonly name: string;
  readonly cycle: Duration;
  readonly offset: Duration;
  readonly splits: readonly { readonly phase: number; readonly duration: Duration }[];
}

const s = (ms: number): string => `${String(ms / 1000)} s`;

const splitOf = (plan: RingBarrierPlan, phase: number): number => plan.splits.find((split) => split.phase === phase)?.duration ?? 0;

const lengthOf = (plan: RingBarrierPlan, phases: readonly number[]): number =>
  phases.reduce((total, phase) => total + splitOf(plan, phase), 0);

const groupsOf = (structure: RingBarrier, phase: number): readonly SignalGroupId[] =>
  structure.phases.find(({ number }) => number === phase)?.groups ?? [];

const checkSplits = (site: Site, structure: RingBarrier, plan: RingBarrierPlan): Refusal | undefined => {
  const known = new Set(structure.phases.map(({ number }) => number));
  for (const { phase } of plan.splits)
    if (!known.has(phase)) return refuse('unknown-phase', `${plan.name}: there is no phase ${String(phase)}`);
  for (const phase of structure.rings.flat(2)) {
    if (!known.has(phase)) return refuse('unknown-phase', `ring names phase ${String(phase)}, which serves no group`);
    for (const id of groupsOf(structure, phase)) {
      const group = site.groups.find((candidate) => candidate.id === id);
      if (group === undefined) return refuse('unknown-group', `phase ${String(phase)} serves ${id}, which the site does not have`);
      const needed = group.minGreen + group.clearance;
      if (splitOf(plan, phase) < needed)
        return refuse(
          'short-split',
          `${plan.name}: phase ${String(phase)} has ${s(splitOf(plan, phase))}, ${id} needs ${s(needed)} (minimum green and clearance)`,
        );
    }
  }
  return undefined;
};

const checkBarriers = (structure: RingBarrier, plan: RingBarrierPlan): Refusal | undefined => {
  const barriers = Math.max(0, ...structure.rings.map((ring) => ring.length));
  let cycle = 0;
  for (let b = 0; b < barriers; b++) {
    const lengths = structure.rings.map((ring) => lengthOf(plan, ring[b] ?? []));
    const first = lengths[0] ?? 0;
    const other = lengths.findIndex((length) => length !== first);
    if (other >= 0)
      return refuse(
        'barrier',
        `${plan.name}: ring 1 reaches barrier ${String(b + 1)} after ${s(first)}, ring ${String(other + 1)} after ${s(lengths[other]!)}`,
      );
    cycle += first;
  }
  return cycle === plan.cycle ? undefined : refuse('cycle', `${plan.name}: splits add up to ${s(cycle)}, the cycle is ${s(plan.cycle)}`);
};

/** Phases of all rings that run `t` after the begin of barrier group b. */
const phasesAt = (structure: RingBarrier, plan: RingBarrierPlan, b: number, t: number): readonly number[] =>
  structure.rings.flatMap((ring) => {
    let end = 0;
    const running = (ring[b] ?? []).find((phase) => (end += splitOf(plan, phase)) > t);
    return running === undefined ? [] : [running];
  });

/**
 * Compiles a ring-barrier plan to stages and splits, so that the same controller and `validatePlan` run it: a new stage begins wherever
 * any ring changes its phase. Stages the site lacks are added to it, named by their phases.
 */
export const compileRingBarrier = (site: Site, plan: RingBarrierPlan): Result<{ readonly site: Site; readonly plan: TimeOfDayPlan }> => {
  const structure = site.ringBarrier;
  if (structure === undefined) return refuse('no-rings', `${site.id} has no ring-barrier structure`);
  const refusal = checkSplits(site, structure, plan) ?? checkBarriers(structure, plan);
  if (refusal !== undefined) return refusal;

  const stages: Stage[] = [...site.stages];
  const splits: { stage: Stage['id']; duration: Duration }[] = [];
  const barriers = structure.rings[0]?.length ?? 0;
  for (let b = 0; b < barriers; b++) {
    const ends = structure.rings.flatMap((ring) => (ring[b] ?? []).map((_, i) => lengthOf(plan, ring[b]!.slice(0, i + 1))));
    let from = 0;
    for (const to of [...new Set(ends)].sort((x, y) => x - y)) {
      if (to === from) continue;
      const phases = phasesAt(structure, plan, b, from);
      const green = [...new Set(phases.flatMap((phase) => groupsOf(structure, phase)))];
      const same = stages.find((stage) => stage.green.length === green.length && green.every((group) => stage.green.includes(group)));
      const stage = same ?? { id: stageId(`phases-${phases.join('+')}`), green };
      if (same === undefined) stages.push(stage);
      splits.push({ stage: stage.id, duration: milliseconds(to - from) });
      from = to;
    }
  }
  const compiled: Site = { ...site, stages, stageSequence: splits.map(({ stage }) => stage) };
  const bad = [...indexSite(compiled).badStages][0];
  if (bad !== undefined)
    return refuse('conflicting-greens', `${plan.name}: ${bad[0]} would have ${bad[1][0]} and ${bad[1][1]} green together`);
  const { name, cycle, offset } = plan;
  return accept({ site: compiled, plan: { name, cycle, offset, splits } });
};
