import type { Instant, Planner, Site } from '@songxanh/core';
import { after, instant, planId, readDemand, reportController, seconds, startController, startDemand, step } from '@songxanh/core';

/** Longer than any start-up sequence (flash, all-red, first stage). */
const LONGEST_START_UP_S = 120;

/**
 * Plans once for a junction that just came up, and throws the plan away: a planner prepares each site's tables on first use, which would
 * otherwise cost the first real answer its second.
 */
export const rehearse = (site: Site, planner: Planner): void => {
  let now: Instant = instant(0);
  let controller = startController(site, now);
  for (let s = 0; s < LONGEST_START_UP_S; s += 1) {
    const { mode, lamps, plan, commitments, calls } = reportController(site, controller);
    if (mode === 'running') {
      planner({
        site,
        now,
        signals: { lamps, plan, commitments, calls },
        demand: readDemand(site, startDemand(site, now), now),
        planId: planId('rehearsal'),
      });
      return;
    }
    now = after(now, seconds(1));
    controller = step(site, controller, { now, actuations: [], plans: [], overrides: [], failedDetectors: [], cabinetFault: false }).state;
  }
};
