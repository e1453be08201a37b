import { isGreen, type LampState } from './lamp.ts';
import type { CallState } from './calls.ts';
import type { SignalEvent } from './controller.ts';
import type { DetectorActuation } from '../detection/actuation.ts';
import type { Site } from '../intersection/site.ts';
import { indexSite } from '../plan/site-index.ts';
import type { Instant } from '../time.ts';

/**
 * High-resolution events by the Indiana/Purdue enumeration. The parameter of a group's event is its position + 1 (as phase number);
 * of a vehicle detector's its position + 1; of a push button's the number of the first group it calls, so that presses match walks.
 */
export const EVENT = {
  beginGreen: 1,
  minComplete: 3,
  gapOut: 4,
  maxOut: 5,
  forceOff: 6,
  greenTermination: 7,
  beginYellow: 8,
  endYellow: 9,
  beginRedClearance: 10,
  endRedClearance: 11,
  inactive: 12,
  beginWalk: 21,
  beginPedestrianClearance: 22,
  beginDontWalk: 23,
  callRegistered: 43,
  callDropped: 44,
  pedestrianCallRegistered: 45,
  detectorOff: 81,
  detectorOn: 82,
  pushButtonOff: 89,
  pushButtonOn: 90,
  preemptionOn: 102,
  preemptionOff: 104,
  patternChange: 131,
  flashStatus: 173,
  manualControl: 178,
} as const;

/** Parameter of `flashStatus`, by NTCIP 1202 unitFlashStatus. */
export const FLASH_STATUS = { notFlash: 2, automatic: 3, faultMonitor: 5, startup: 7 } as const;

/** How a green came to its end. */
export type Termination = 'gap-out' | 'max-out' | 'force-off';

const TERMINATION_CODE: Record<Termination, number> = { 'gap-out': EVENT.gapOut, 'max-out': EVENT.maxOut, 'force-off': EVENT.forceOff };

const vehicleCodes = (was: LampState, is: LampState, termination: Termination): readonly number[] => {
  if (!isGreen(was.lamp) && isGreen(is.lamp)) return [EVENT.beginGreen];
  const codes: number[] = [];
  if (isGreen(was.lamp) && !isGreen(is.lamp)) codes.push(TERMINATION_CODE[termination], EVENT.greenTermination);
  if (is.lamp === 'clearance' && was.lamp !== 'clearance') codes.push(EVENT.beginYellow);
  if (is.lamp === 'red' && was.lamp === 'clearance') codes.push(EVENT.endYellow, EVENT.beginRedClearance);
  return codes;
};

const pedestrianCodes = (was: LampState, is: LampState): readonly number[] => {
  if (!isGreen(was.lamp) && isGreen(is.lamp)) return [EVENT.beginWalk];
  if (is.lamp === 'clearance' && was.lamp !== 'clearance') return [EVENT.beginPedestrianClearance];
  if (is.lamp === 'red' && was.lamp !== 'red') return [EVENT.beginDontWalk];
  return [];
};

/** True at the first step at which `age` has been reached. */
const reached = (since: Instant, age: number, before: Instant, now: Instant): boolean => now - since >= age && before - since < age;

export const lampEvents = (
  site: Site,
  before: Instant,
  now: Instant,
  was: readonly LampState[],
  is: readonly LampState[],
  termination: Termination,
): readonly SignalEvent[] => {
  const index = indexSite(site);
  return site.groups.flatMap((group, g) => {
    const [a, b] = [was[g]!, is[g]!];
    const codes = [...(group.kind === 'pedestrian' ? pedestrianCodes(a, b) : vehicleCodes(a, b, termination))];
    if (isGreen(b.lamp) && reached(b.since, index.minGreen[g]!, before, now)) codes.push(EVENT.minComplete);
    if (group.kind !== 'pedestrian' && b.lamp === 'red') {
      let longest = 0;
      for (let h = 0; h < index.size; h++) longest = Math.max(longest, index.intergreen[g * index.size + h]!);
      const allRed = Math.max(0, longest - index.clearance[g]!);
      const cleared = allRed === 0 ? a.lamp === 'clearance' : a.lamp === 'red' && reached(b.since, allRed, before, now);
      if (cleared) codes.push(EVENT.endRedClearance, EVENT.inactive);
    }
    return codes.map((code) => ({ junction: site.id, at: now, code, parameter: g + 1 }));
  });
};

export const callEvents = (site: Site, now: Instant, was: CallState['calls'], is: CallState['calls']): readonly SignalEvent[] =>
  site.groups.flatMap((group, g): readonly SignalEvent[] => {
    const [a, b] = [was[g] ?? null, is[g] ?? null];
    if ((a === null) === (b === null)) return [];
    const pedestrian = group.kind === 'pedestrian';
    if (b === null && pedestrian) return [];
    const code = b === null ? EVENT.callDropped : pedestrian ? EVENT.pedestrianCallRegistered : EVENT.callRegistered;
    return [{ junction: site.id, at: now, code, parameter: g + 1 }];
  });

export const detectorEvents = (site: Site, actuations: readonly DetectorActuation[]): readonly SignalEvent[] =>
  actuations.flatMap(({ detector: id, at, on }): readonly SignalEvent[] => {
    const i = site.detectors.findIndex((detector) => detector.id === id);
    const detector = site.detectors[i];
    if (detector === undefined) return [];
    if (detector.role !== 'push-button')
      return [{ junction: site.id, at, code: on ? EVENT.detectorOn : EVENT.detectorOff, parameter: i + 1 }];
    const group = site.groups.findIndex((candidate) => candidate.id === detector.groups[0]);
    return [{ junction: site.id, at, code: on ? EVENT.pushButtonOn : EVENT.pushButtonOff, parameter: group + 1 }];
  });
