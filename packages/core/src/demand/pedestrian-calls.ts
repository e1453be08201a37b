import type { LampState } from '../controller/lamp.ts';
import { isGreen } from '../controller/lamp.ts';
import type { DetectorActuation } from '../detection/actuation.ts';
import type { DetectorId, SignalGroupId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Instant } from '../time.ts';
import type { PedestrianCall } from './demand.ts';

/** A pedestrian group: who waits since when; served while it is green. */
export interface PedestrianState {
  readonly group: SignalGroupId;
  /** Begin of the first call not yet served. */
  readonly since?: Instant;
  readonly persons: number;
}

/** A crossing without a push button is taken to have somebody waiting now and then: half a person per red. */
const UNSEEN_PERSONS = 0.5;

const buttonsOf = (site: Site, group: SignalGroupId): ReadonlySet<DetectorId> =>
  new Set(site.detectors.filter((d) => d.role === 'push-button' && d.groups.includes(group)).map((d) => d.id));

const isRecalled = (site: Site, group: SignalGroupId): boolean =>
  site.recalls.some((r) => r.group === group && r.recall !== 'none' && r.recall !== 'soft');

export function startPedestrians(site: Site, now: Instant): readonly PedestrianState[] {
  return site.groups
    .filter((group) => group.kind === 'pedestrian')
    .map((group) =>
      buttonsOf(site, group.id).size === 0 ? { group: group.id, since: now, persons: UNSEEN_PERSONS } : { group: group.id, persons: 0 },
    );
}

/** Calls begin with a pushed button (or at once where there is none, or on recall) and end when the group is green. */
export function updatePedestrians(
  site: Site,
  states: readonly PedestrianState[],
  actuations: readonly DetectorActuation[],
  lamps: readonly LampState[],
  now: Instant,
): readonly PedestrianState[] {
  if (states.length === 0) return states;
  const lampOf = new Map(lamps.map((lamp) => [lamp.group, lamp]));
  return states.map((state) => {
    const lamp = lampOf.get(state.group);
    if (lamp && isGreen(lamp.lamp)) return { group: state.group, persons: 0 };
    const buttons = buttonsOf(site, state.group);
    const pushes = actuations.filter((a) => a.on && buttons.has(a.detector));
    if (pushes.length > 0) return { group: state.group, since: state.since ?? pushes[0]!.at, persons: state.persons + pushes.length };
    if (state.since === undefined && (buttons.size === 0 || isRecalled(site, state.group))) {
      return { group: state.group, since: now, persons: UNSEEN_PERSONS };
    }
    return state;
  });
}

export function readPedestrians(states: readonly PedestrianState[]): readonly PedestrianCall[] {
  return states.flatMap((state) => (state.since === undefined ? [] : [{ group: state.group, since: state.since, persons: state.persons }]));
}
