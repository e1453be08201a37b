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
import { openMicroStreet, type Kpis } from '@songxanh/micro';
import type { Scenario } from '@songxanh/sumo-files';

export interface MicroRun {
  readonly scenario: Scenario;
  readonly sites: readonly Site[];
  /** Absent: the controllers run their time-of-day plans, as when the centre is silent. */
  readonly planner?: (site: Site) => Planner;
  readonly seed: number;
  readonly beginS: number;
  readonly endS: number;
}

/** One run of our simulator with every junction under `planner` (or its own plans); returns the figures at `endS`. */
export const runMicro = ({ scenario, sites, planner, seed, beginS, endS }: MicroRun): Kpis => {
  const opened = openMicroStreet({ ...scenario, files: { ...scenario.files, beginS, endS } }, seed);
  if (!opened.ok) throw new Error(opened.message);
  const { simulation, begin, step: stepStreet } = opened.value;
  const drivers = sites.map((site) => ({ site, show: planner ? planned(site, planner(site), begin) : clocked(site, begin) }));
  let now = begin;
  let inputs: ReadonlyMap<string, readonly DetectorActuation[]> = new Map();
  for (let ended = false; !ended;) {
    for (const { site, show } of drivers) simulation.setHeads(site.id, show(now, inputs.get(site.id) ?? []));
    ({ now, inputs, ended } = stepStreet(new Map()));
  }
  return simulation.kpis();
};

type Show = (now: Instant, actuations: readonly DetectorActuation[]) => readonly Lamp[];

/** Detection, demand, planner and controller in one process, a plan being taken up one step after its report. */
const planned = (site: Site, planner: Planner, begin: Instant): Show => {
  let loop = startLoop(site, before(begin, seconds(1)), { planner, sensing: 'detectors', planDelay: 'next-step' });
  return (now, actuations) => {
    const { state, report } = loopStep(loop, { now, actuations });
    loop = state;
    return report.heads;
  };
};

/** The controller alone: no centre, so it runs the time-of-day plans. */
const clocked = (site: Site, begin: Instant): Show => {
  let controller = startController(site, begin);
  return (now, actuations) => {
    controller = step(site, controller, { now, actuations, plans: [], overrides: [], failedDetectors: [], cabinetFault: false }).state;
    return reportController(site, controller).heads;
  };
};
