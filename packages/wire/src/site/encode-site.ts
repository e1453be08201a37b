import { toSeconds, type Duration, type Site } from '@songxanh/core';
import type { SiteFile } from './site-file.ts';

const clock = (sinceMidnight: Duration): string => {
  const total = Math.floor(sinceMidnight / 60_000);
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`;
};

const matrix = (site: Site): Record<string, Record<string, number>> => {
  const rows: Record<string, Record<string, number>> = {};
  for (const { from, to, duration } of site.intergreens) (rows[from] ??= {})[to] = toSeconds(duration);
  return rows;
};

/** The file that `parseSite` reads back to the same site; every default is written out. */
export const encodeSite = (site: Site): SiteFile => ({
  id: site.id,
  name: site.name,
  position: site.position,
  timeZone: site.timeZone,
  mode: site.mode,
  headCount: site.headCount,
  lanes: site.lanes,
  movements: site.movements,
  groups: site.groups.map(({ minGreen, maxGreen, clearance, minRed, redCap, countdown, leadingInterval, ...group }) => ({
    ...group,
    minGreenS: toSeconds(minGreen),
    maxGreenS: toSeconds(maxGreen),
    clearanceS: toSeconds(clearance),
    minRedS: toSeconds(minRed),
    redCapS: toSeconds(redCap),
    countdown: { green: countdown.green, red: countdown.red, tailS: toSeconds(countdown.tail) },
    ...(leadingInterval === undefined ? {} : { leadingIntervalS: toSeconds(leadingInterval) }),
  })),
  conflicts: {
    hard: site.conflicts.flatMap((c) => (c.kind === 'hard' ? [[c.a, c.b] as const] : [])),
    permissive: site.conflicts.flatMap((c) => (c.kind === 'permissive' ? [{ yields: c.yields, to: c.to }] : [])),
  },
  intergreensS: matrix(site),
  crossings: site.crossings,
  stages: site.stages,
  stageOrder: site.stageOrder,
  stageSequence: site.stageSequence,
  detectors: site.detectors.map(({ delay, extension, ...detector }) => ({
    ...detector,
    delayS: toSeconds(delay),
    extensionS: toSeconds(extension),
  })),
  recalls: site.recalls,
  plans: site.plans.map(({ name, cycle, offset, splits }) => ({
    name,
    cycleS: toSeconds(cycle),
    offsetS: toSeconds(offset),
    splits: splits.map(({ stage, duration }) => ({ stage, durationS: toSeconds(duration) })),
  })),
  schedule: site.schedule.map(({ days, from, plan }) => ({ days, from: clock(from), plan })),
  ...(site.ringBarrier === undefined ? {} : { ringBarrier: site.ringBarrier }),
  startUp: { flashS: toSeconds(site.startUp.flash), allRedS: toSeconds(site.startUp.allRed), stage: site.startUp.stage },
  flashYellow: site.flashYellow,
  weights: site.weights,
  ...(site.traffic === undefined ? {} : { traffic: site.traffic }),
});
