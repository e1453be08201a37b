import {
  before,
  loopStep,
  reportController,
  seconds,
  startController,
  startLoop,
  step,
  type DetectorActuation,
  type Instant,
  type Lamp,
  type Planner,
  type Site,
} from '@songxanh/core';

/** Heads of one junction from `now` on, after what its detectors saw since the last call. */
type Show = (now: Instant, actuations: readonly DetectorActuation[]) => readonly Lamp[];

export interface ControlledJunction {
  readonly site: Site;
  readonly show: Show;
}

/** Every junction under a planner of its own; without one, under its time-of-day plans, as when the centre is silent. */
export const controlJunctions = (sites: readonly Site[], begin: Instant, planner?: () => Planner): readonly ControlledJunction[] =>
  sites.map((site) => ({ site, show: planner ? planned(site, planner(), begin) : clocked(site, begin) }));

/** Detection, demand, planner and controller in one process, a plan being taken up one step after its report. */
const planned = (site: Site, planner: Planner, begin: Instant): Show => {
  let loop = startLoop(site, before(begin, seconds(1)), { planner, sensing: 'detectors', planDelay: 'next-step' });
  return (now, actuations) => {
    const { state, report } = loopStep(loop, { now, actuations });
    loop = state;
    return report.heads;
  };
};

const clocked = (site: Site, begin: Instant): Show => {
  let controller = startController(site, begin);
  return (now, actuations) => {
    controller = step(site, controller, { now, actuations, plans: [], overrides: [], failedDetectors: [], cabinetFault: false }).state;
    return reportController(site, controller).heads;
  };
};
