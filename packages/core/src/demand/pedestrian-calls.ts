import type { LampState } from '../controller/lamp.ts';
import { isGreen } from '../controller/lamp.ts';
import type { DetectorActuation } from '../detection/actuation.ts';
import type { DetectorId, SignalGroupId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Duration, Instant } from '../time.ts';
import type { PedestrianCall } from './demand.ts';

/** A pedestrian group: who waits since when; served while it is green. */
export interface PedestrianState {
  readonly group: SignalGroupId;
  /** Begin of the first call not yet served. */
  readonly since?: Instant;
  /** Who has called: each press is a person at least. */
  readonly persons: number;
  /** First calls, and the time in which one could have come, forgotten exponentially: the one over the other is the rate at which people arrive. */
  readonly calls: number;
  readonly idleMs: number;
}

/** A crossing without a push button is taken to have somebody waiting now and then: half a person per red. */
const UNSEEN_PERSONS = 0.5;
/** Before any is measured: one person in two minutes; weighs like one call. */
const PRIOR = { calls: 1, idleMs: 120_000 };
const MEMORY_MS = 1_800_000;
/** A call that comes within a moment says little of the rate: never more than one person a second. */
const MOST_PER_MS = 1 / 1000;

const buttonsOf = (site: Site, group: SignalGroupId): ReadonlySet<DetectorId> =>
  new Set(site.detectors.filter((d) => d.role === 'push-button' && d.groups.includes(group)).map((d) => d.id));

const isRecalled = (site: Site, group: SignalGroupId): boolean =>
  site.recalls.some((r) => r.group === group && r.recall !== 'none' && r.recall !== 'soft');

export function startPedestrians(site: Site, now: Instant): readonly PedestrianState[] {
  return site.groups
    .filter((group) => group.kind === 'pedestrian')
    .map((group) =>
      buttonsOf(site, group.id).size === 0
        ? { group: group.id, since: now, persons: UNSEEN_PERSONS, ...PRIOR }
        : { group: group.id, persons: 0, ...PRIOR },
    );
}

/** Calls begin with a pushed button (or at once where there is none, or on recall) and end when the group is green. */
export function updatePedestrians(
  site: Site,
  states: readonly PedestrianState[],
  actuations: readonly DetectorActuation[],
  lamps: readonly LampState[],
  elapsed: Duration,
  now: Instant,
): readonly PedestrianState[] {
  if (states.length === 0) return states;
  const lampOf = new Map(lamps.map((lamp) => [lamp.group, lamp]));
  return states.map((state) => {
    const { group, calls, idleMs } = state;
    const lamp = lampOf.get(group);
    if (lamp && isGreen(lamp.lamp)) return { group, persons: 0, calls, idleMs };
    const buttons = buttonsOf(site, group);
    const pushes = actuations.filter((a) => a.on && buttons.has(a.detector));
    if (pushes.length > 0) {
      const persons = state.persons + pushes.length;
      return state.since === undefined
        ? { group, since: pushes[0]!.at, persons, ...forget(calls + 1, idleMs, elapsed) }
        : { ...state, persons };
    }
    if (state.since !== undefined) return state;
    if (buttons.size === 0 || isRecalled(site, group)) return { group, since: now, persons: UNSEEN_PERSONS, calls, idleMs };
    return { ...state, ...forget(calls, idleMs + elapsed, elapsed) };
  });
}

const forget = (calls: number, idleMs: number, elapsed: Duration): { readonly calls: number; readonly idleMs: number } => {
  const kept = Math.exp((0 - elapsed) / MEMORY_MS);
  return { calls: calls * kept, idleMs: idleMs * kept };
};

/** Who waits: whoever called, or, where it is more, as many as arrive in the time since at the crossing's rate. Who comes later need not press. */
export function readPedestrians(states: readonly PedestrianState[], now: Instant): readonly PedestrianCall[] {
  return states.flatMap(({ group, since, persons, calls, idleMs }) =>
    since === undefined
      ? []
      : [{ group, since, persons: Math.max(persons, Math.min(1, persons) + Math.min(MOST_PER_MS, calls / idleMs) * (now - since)) }],
  );
}
