import type { Lamp, LampState } from '../controller/lamp.ts';
import { isGreen } from '../controller/lamp.ts';
import type { SignalGroupId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { NEVER, type Instant } from '../time.ts';
import { beginProjection, changeStage, finishProjection, type Projection } from './interstage.ts';
import { indexSite, type SiteIndex } from './site-index.ts';
import type { PlanStep, StagePlan } from './stage-plan.ts';

export interface LampInterval {
  readonly lamp: Lamp;
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * What every group shows, in order of time, from the begin of what it shows now. A change is known where another interval follows;
 * the last interval of a group is cut at the end of the projection.
 */
export type Timeline = ReadonlyMap<SignalGroupId, readonly LampInterval[]>;

/** When the group's permissive green stands in for green: while one it yields to is green or still clears the conflict area. */
const permissiveSpans = (
  index: SiteIndex,
  lamps: readonly LampState[],
  greens: readonly (readonly number[])[],
  g: number,
): (readonly [number, number])[] => {
  const spans: (readonly [number, number])[] = [];
  for (const h of index.yieldsTo[g]!) {
    const list = greens[h]!;
    const clearing = index.intergreen[h * index.size + g]!;
    const { lamp, since, ended } = lamps[h]!;
    if (!isGreen(lamp)) spans.push([-Infinity, (lamp === 'clearance' ? since : (ended ?? since - index.clearance[h]!)) + clearing]);
    for (let i = 0; i < list.length; i += 2) spans.push([list[i]!, (list[i + 1] ?? NEVER) + clearing]);
  }
  return spans.sort((a, b) => a[0] - b[0]);
};

const pushGreen = (out: LampInterval[], from: number, to: number, spans: readonly (readonly [number, number])[]): void => {
  const push = (lamp: Lamp, a: number, b: number): void => {
    if (b <= a) return;
    const last = out[out.length - 1];
    if (last?.lamp === lamp && last.to === a) out[out.length - 1] = { lamp, from: last.from, to: b as Instant };
    else out.push({ lamp, from: a as Instant, to: b as Instant });
  };
  let t = from;
  for (const [a, b] of spans) {
    if (b <= t) continue;
    if (a >= to) break;
    push('green', t, Math.min(a, to));
    push('permissive', Math.max(t, a), Math.min(b, to));
    t = Math.min(b, to);
  }
  push('green', t, to);
};

/** Lamp intervals from greens: green or permissive, clearance, red. */
export const lampIntervals = (
  index: SiteIndex,
  now: Instant,
  lamps: readonly LampState[],
  greens: readonly (readonly number[])[],
  until: Instant,
): Timeline => {
  const timeline = new Map<SignalGroupId, readonly LampInterval[]>();
  for (let g = 0; g < index.size; g++) {
    const out: LampInterval[] = [];
    const list = greens[g]!;
    const spans = index.yieldsTo[g]!.length > 0 ? permissiveSpans(index, lamps, greens, g) : [];
    const state = lamps[g]!;
    const clear = (from: number, next: number, end: number): void => {
      if (from < until && end > from) out.push({ lamp: 'clearance', from: from as Instant, to: Math.min(end, until) as Instant });
      const redEnd = Math.min(next, until);
      if (redEnd > end) out.push({ lamp: 'red', from: end as Instant, to: redEnd as Instant });
    };
    const first = list[0] ?? NEVER;
    if (state.lamp === 'clearance') clear(state.since, first, Math.max(now, state.since + index.clearance[g]!));
    else if (!isGreen(state.lamp)) clear(state.since, first, state.since);
    for (let i = 0; i < list.length && list[i]! < until; i += 2) {
      const end = list[i + 1] ?? NEVER;
      pushGreen(out, list[i]!, Math.min(end, until), spans);
      if (end < until) clear(end, list[i + 2] ?? NEVER, end + index.clearance[g]!);
    }
    timeline.set(index.ids[g]!, out);
  }
  return timeline;
};

/** Lamps in the order of the site's groups; a group nobody has told about counts as red for ever. */
export const orderLamps = (site: Site, lamps: readonly LampState[]): readonly LampState[] => {
  if (lamps.length === site.groups.length && site.groups.every((group, i) => lamps[i]!.group === group.id)) return lamps;
  const byGroup = new Map(lamps.map((state) => [state.group, state]));
  return site.groups.map((group) => byGroup.get(group.id) ?? { group: group.id, lamp: 'red', since: 0 as Instant });
};

/**
 * Carries the lamps through the steps of a plan of the controller's own: starts are stretched to what the minimum times allow.
 * Returns the steps with the starts they really get; the first is in force already. Steps to unknown stages are left out.
 */
export const projectSteps = (
  site: Site,
  now: Instant,
  lamps: readonly LampState[],
  steps: readonly PlanStep[],
): { readonly projection: Projection; readonly steps: readonly PlanStep[] } => {
  const index = indexSite(site);
  const projection = beginProjection(index, now, orderLamps(site, lamps));
  const real: PlanStep[] = [];
  for (const step of steps) {
    const mask = index.stages.get(step.stage);
    if (mask === undefined) continue;
    const start = changeStage(projection, mask, step.start, true) as Instant;
    real.push(real.length === 0 || start === step.start ? step : { stage: step.stage, start });
  }
  return { projection, steps: real };
};

/** What each group shows until `until` when `plan` runs from `lamps` (as of the latest change among them). Minimum times are kept by stretching. */
export const projectTimeline = (site: Site, lamps: readonly LampState[], plan: StagePlan, until: Instant, now?: Instant): Timeline => {
  const ordered = orderLamps(site, lamps);
  const from = now ?? (Math.max(...ordered.map((state) => state.since), plan.steps[0]?.start ?? 0) as Instant);
  const { projection } = projectSteps(site, from, ordered, plan.steps);
  return lampIntervals(projection.index, from, ordered, finishProjection(projection), until);
};
