import { isGreen, type LampState } from './lamp.ts';
import type { Recall } from '../intersection/detector.ts';
import type { Site } from '../intersection/site.ts';
import type { DetectorActuation } from '../detection/actuation.ts';
import type { Instant } from '../time.ts';

/** One detector as the controller knows it. */
export interface DetectorMemory {
  readonly on: boolean;
  /** Last change; null before the first. */
  readonly since: Instant | null;
  /** Last moment at which an actuation of at least the delay was on; null before the first. */
  readonly lastCall: Instant | null;
}

/** A group's call; null while none waits. */
export interface Call {
  readonly since: Instant;
  /** Stays until the group has been served. */
  readonly locked: boolean;
}

export interface CallState {
  /** In the order of `site.detectors`. */
  readonly detectors: readonly DetectorMemory[];
  /** In the order of `site.groups`. */
  readonly calls: readonly (Call | null)[];
}

export const NO_CALLS = (site: Site): CallState => ({
  detectors: site.detectors.map(() => ({ on: false, since: null, lastCall: null })),
  calls: site.groups.map(() => null),
});

const remember = (site: Site, memory: readonly DetectorMemory[], actuations: readonly DetectorActuation[], now: Instant) => {
  const detectors = [...memory];
  const at = new Map(site.detectors.map((detector, i) => [detector.id, i]));
  for (const actuation of actuations) {
    const i = at.get(actuation.detector);
    if (i === undefined) continue;
    const was = detectors[i]!;
    if (was.on === actuation.on) continue;
    const enough = was.on && was.since !== null && actuation.at - was.since >= site.detectors[i]!.delay;
    detectors[i] = { on: actuation.on, since: actuation.at, lastCall: enough ? actuation.at : was.lastCall };
  }
  return detectors.map((was, i) =>
    was.on && was.since !== null && now - was.since >= site.detectors[i]!.delay ? { ...was, lastCall: now } : was,
  );
};

/** Recall of each group: the engineer's, that of a failed detector, or minimum recall where nothing could ever call the group. */
const recallsOf = (site: Site, failed: ReadonlySet<string>): readonly Recall[] =>
  site.groups.map((group) => {
    const own = site.recalls.find((recall) => recall.group === group.id)?.recall;
    if (own !== undefined && own !== 'none') return own;
    const serving = site.detectors.filter((detector) => detector.groups.includes(group.id));
    if (serving.length === 0) return own ?? 'minimum';
    return serving.find((detector) => failed.has(detector.id) && detector.onFailure !== 'none')?.onFailure ?? 'none';
  });

export interface CallInput {
  readonly before: Instant;
  readonly now: Instant;
  readonly actuations: readonly DetectorActuation[];
  readonly failedDetectors: readonly string[];
}

/** Calls and extensions after this step's actuations. `extended[g]`: an actuation or maximum recall holds the group's green. */
export const updateCalls = (
  site: Site,
  state: CallState,
  lamps: readonly LampState[],
  input: CallInput,
): CallState & { readonly extended: readonly boolean[] } => {
  const { before, now } = input;
  const failed = new Set(input.failedDetectors);
  const detectors = remember(site, state.detectors, input.actuations, now);
  const recalls = recallsOf(site, failed);

  const calling = site.groups.map(() => false);
  const locking = site.groups.map(() => false);
  const index = new Map(site.groups.map((group, g) => [group.id, g]));
  site.detectors.forEach((detector, i) => {
    const { lastCall } = detectors[i]!;
    if (lastCall === null || failed.has(detector.id)) return;
    for (const id of detector.groups) {
      const g = index.get(id);
      if (g === undefined) continue;
      if (now - lastCall <= detector.extension) calling[g] = true;
      if (detector.locking && lastCall > before) locking[g] = true;
    }
  });

  const place = (g: number): Call | null => {
    if (isGreen(lamps[g]!.lamp)) return null;
    const known = state.calls[g] ?? null;
    const recalled = recalls[g] !== 'none' && recalls[g] !== 'soft';
    const wanted = calling[g] === true || locking[g] === true || recalled;
    if (known !== null) return wanted || known.locked ? { since: known.since, locked: known.locked || locking[g] === true } : null;
    return wanted ? { since: now, locked: locking[g] === true } : null;
  };
  const calls: (Call | null)[] = site.groups.map((_, g) => place(g));
  if (!calls.some((call) => call !== null))
    for (let g = 0; g < calls.length; g++)
      if (recalls[g] === 'soft' && !isGreen(lamps[g]!.lamp)) calls[g] = { since: state.calls[g]?.since ?? now, locked: false };
  return { detectors, calls, extended: site.groups.map((_, g) => calling[g] === true || recalls[g] === 'maximum') };
};
