import {
  before,
  createOutflowBoard,
  loopStep,
  reportController,
  seconds,
  startController,
  startLoop,
  step,
  type Instant,
  type OutflowBoard,
  type Lamp,
  type LoopInput,
  type LoopOptions,
  type Planner,
  type Site,
} from '@songxanh/core';

/** Heads of one junction from `now` on, after what was seen since the last call. */
type Show = (seen: LoopInput) => readonly Lamp[];

export interface ControlledJunction {
  readonly site: Site;
  readonly show: Show;
}

/** Who plans, by what. */
export interface Planning {
  readonly planner: (site: Site) => Planner;
  readonly sensing: LoopOptions['sensing'];
}

/** Every junction under a planner of its own; without one, under its time-of-day plans, as when the centre is silent. */
export const controlJunctions = (sites: readonly Site[], begin: Instant, planning?: Planning): readonly ControlledJunction[] => {
  const board = createOutflowBoard();
  return sites.map((site) => ({ site, show: planning ? planned(site, planning, begin, board) : clocked(site, begin) }));
};

/** Detection, demand, planner and controller in one process, a plan being taken up one step after its report. */
const planned = (site: Site, { planner, sensing }: Planning, begin: Instant, board: OutflowBoard): Show => {
  let loop = startLoop(site, before(begin, seconds(1)), { planner: planner(site), sensing, planDelay: 'next-step' });
  return (seen) => {
    const inflow = board.inflowOf(site, seen.now);
    const { state, report, outflow } = loopStep(loop, { ...seen, inflow });
    loop = state;
    board.tell(site.id, seen.now, outflow);
    return report.heads;
  };
};

const clocked = (site: Site, begin: Instant): Show => {
  let controller = startController(site, begin);
  return ({ now, actuations }) => {
    controller = step(site, controller, { now, actuations, plans: [], overrides: [], failedDetectors: [], cabinetFault: false }).state;
    return reportController(site, controller).heads;
  };
};
