import type { ControllerReport, DetectorCount, Lamp, Site } from '@songxanh/core';
import type { DetectorLetters, LiveSignals } from '@songxanh/wire';

const LETTER: Readonly<Record<Lamp, string>> = {
  red: 'r',
  green: 'G',
  permissive: 'g',
  clearance: 'y',
  'flash-yellow': 'f',
  'flash-red': 'F',
  dark: 'd',
};

/** What the page may know of a junction's signals, in the order of the site's groups. */
export const liveSignals = (site: Site, report: Omit<ControllerReport, 'heads'>): LiveSignals => {
  const lamps = new Map(report.lamps.map(({ group, lamp }) => [group, lamp]));
  const numbers = new Map(report.countdowns.map(({ group, number }) => [group, number]));
  return {
    at: report.at,
    mode: report.mode,
    source: report.source,
    why: report.why,
    stage: report.stage ?? '',
    lamps: site.groups.map(({ id }) => LETTER[lamps.get(id) ?? 'dark']).join(''),
    countdowns: site.groups.map(({ id }) => numbers.get(id) ?? null),
    worstWaitS: Math.round(report.worstWait / 1000),
  };
};

const DETECTOR_LETTER = { good: ['0', '1'], suspect: ['s', 'S'], failed: ['x', 'X'] } as const;

/** State and health of a junction's detectors, in the order of the site's. */
export const detectorLetters = (site: Site, counts: readonly DetectorCount[]): DetectorLetters => {
  const byId = new Map(counts.map((count) => [count.detector, count]));
  return site.detectors
    .map(({ id }) => {
      const count = byId.get(id);
      return count === undefined ? '0' : DETECTOR_LETTER[count.quality][count.on ? 1 : 0];
    })
    .join('');
};
