import type { DetectorReport, JunctionCounts, Result, Site } from '@songxanh/core';

/** The health tests and repairs of `core/detection`, as a pair of pure functions over a state of their own. */
export interface DetectionRules<S> {
  readonly start: (site: Site) => S;
  readonly detect: (
    site: Site,
    state: S,
    report: DetectorReport,
  ) => { readonly state: S; readonly outcome: Result<JunctionCounts>; readonly repaired: readonly string[] };
}
