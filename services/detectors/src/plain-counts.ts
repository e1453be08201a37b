import type { DetectorReport, JunctionCounts, Result, Site } from '@songxanh/core';
import { accept, ZERO } from '@songxanh/core';
import type { DetectionRules } from './detection-rules.ts';

/** Counts without health tests: every detector is believed. */
export const plainCounts: DetectionRules<{ readonly last: number }> = {
  start: () => ({ last: 0 }),
  detect: (site: Site, { last }, report: DetectorReport) => {
    const outcome: Result<JunctionCounts> =
      report.sequence <= last
        ? { ok: false, reason: 'duplicate', message: `report ${String(report.sequence)} of ${site.id}: expected ${String(last + 1)}` }
        : accept({
            junction: report.junction,
            sequence: report.sequence,
            from: report.from,
            to: report.to,
            counts: site.detectors.map(({ id }) => {
              const own = report.actuations.filter(({ detector }) => detector === id);
              return { detector: id, count: own.filter(({ on }) => on).length, occupied: ZERO, on: own.at(-1)?.on ?? false, quality: 'good' as const };
            }),
            actuations: report.actuations,
          });
    return { state: { last: outcome.ok ? report.sequence : last }, outcome, repaired: [] };
  },
};
