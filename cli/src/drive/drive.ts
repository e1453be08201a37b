import {
  adaptivePlanner,
  fixedTimePlanner,
  instant,
  createOutflowBoard,
  loopStep,
  maxPressurePlanner,
  seconds,
  startLoop,
  type Instant,
  type JunctionId,
  type Lamp,
  type LoopState,
  type OutflowBoard,
  type Planner,
  type Site,
  type StageId,
} from '@songxanh/core';
import { readAdditional, readNetwork } from '@songxanh/sumo-files';
import { openSumoStreet, type StreetStep } from '@songxanh/sumo-street';
import { UsageFault } from '../usage-fault.ts';
import type { ControlMethod, DriveOptions } from './drive-options.ts';
import { driveSites } from './drive-sites.ts';
import { gridPlanner } from './grid-planner.ts';
import { watchReds, type RedTimes } from './red-watch.ts';
import { noBreaches, watchSafety, type SafetyCounters } from './safety-watch.ts';
import { timedPlanner, type Latency } from './stopwatch.ts';

/** Street time of SUMO's second 0: 2026-01-05 (a Monday) 00:00 UTC, the date of scenarios that name none. */
const MIDNIGHT = instant(Date.UTC(2026, 0, 5));

export interface DriveReport extends RedTimes {
  readonly decisionLatency: Latency;
  readonly decisions: number;
  /** Changes of stage of all junctions. */
  readonly switches: number;
  readonly safety: SafetyCounters;
  /** Plans the controller refused, by reason; the old plan went on. */
  readonly refused: Record<string, number>;
  /** Promises of countdown displays that were broken. */
  readonly brokenCommitments: number;
  readonly steps: number;
  readonly ownTime_s: number;
}

const PLANNERS: Readonly<Record<ControlMethod, () => Planner>> = {
  // A plan is taken up in the step it is made in.
  adaptive: () => adaptivePlanner({ lead: seconds(0) }),
  'max-pressure': () => maxPressurePlanner(),
  // Both leave the plan to the controller: its time-of-day plan, or local actuation by the site's schedule.
  fixed: () => fixedTimePlanner(),
  actuated: () => fixedTimePlanner(),
};

/** One junction's loop with all that is watched of it. */
interface Junction {
  readonly site: Site;
  readonly detectors: ReadonlySet<string>;
  readonly watchSafety: ReturnType<typeof watchSafety>;
  readonly watchReds: ReturnType<typeof watchReds>;
  state: LoopState;
  stage: StageId | undefined;
}

/** Controls all signals of a SUMO that somebody else has started, to its end; with `decide` where a planner is given, else as `options.control` says. */
export const drive = async (options: DriveOptions, decide: Planner = PLANNERS[options.control]()): Promise<DriveReport> => {
  const network = await readNetwork(options.net);
  if (network.programs.size === 0) throw new UsageFault(`${options.net}: no <tlLogic>: expected a network with signals`);
  const furniture = options.detectors === undefined ? { detectors: [], busStops: [] } : await readAdditional([options.detectors], network);
  const sites = driveSites(network, furniture, options);
  const street = await openSumoStreet({
    host: options.host,
    port: options.port,
    network,
    sites,
    loops: furniture.detectors.filter(({ kind }) => kind === 'loop').map(({ id }) => id),
    sightings: options.sensing === 'vehicles',
    midnight: MIDNIGHT,
    endS: options.endS,
  });

  const board = createOutflowBoard();
  const tally = { switches: 0, brokenCommitments: 0, refused: {} as Record<string, number> };
  const safety = noBreaches();
  const reds: RedTimes = { worstRed_s: {}, exempt_s: {} };
  let steps = 0;
  let ownMs = 0;
  let seen = await street.start();
  const timed = timedPlanner(decide);
  const planner = onTiming(timed.planner, options, seen.now);
  const junctions = [...sites.values()].map((site) => startJunction(site, seen.now, options, planner, safety, reds));

  while (!seen.ended) {
    const began = performance.now();
    const heads = new Map(junctions.map((junction) => [junction.site.id, stepJunction(junction, seen, board, tally)]));
    ownMs += performance.now() - began;
    steps++;
    seen = await street.step(heads);
  }
  await street.close();
  return {
    decisionLatency: timed.latency(),
    decisions: timed.decisions(),
    switches: tally.switches,
    safety,
    refused: tally.refused,
    brokenCommitments: tally.brokenCommitments,
    ...reds,
    steps,
    ownTime_s: Math.round(ownMs) / 1000,
  };
};

/** Only planners that make plans are held to the grid. */
const onTiming = (planner: Planner, { control, timing, gridStepS }: DriveOptions, begin: Instant): Planner =>
  timing === 'grid' && (control === 'adaptive' || control === 'max-pressure') ? gridPlanner(planner, begin, gridStepS) : planner;

const startJunction = (
  site: Site,
  now: Instant,
  { sensing }: DriveOptions,
  planner: Planner,
  safety: SafetyCounters,
  reds: RedTimes,
): Junction => ({
  site,
  detectors: new Set(site.detectors.map(({ id }) => id as string)),
  watchSafety: watchSafety(site, safety),
  watchReds: watchReds(site, reds),
  state: startLoop(site, now, { planner, sensing, planDelay: 'same-step' }),
  stage: undefined,
});

const stepJunction = (
  junction: Junction,
  { now, actuations, sightings, exits }: StreetStep,
  board: OutflowBoard,
  tally: { switches: number; brokenCommitments: number; refused: Record<string, number> },
): readonly Lamp[] => {
  const id: JunctionId = junction.site.id;
  const own = exits.get(id) ?? [];
  const { state, report, effects, demand, outflow } = loopStep(junction.state, {
    now,
    actuations: actuations.filter(({ detector }) => junction.detectors.has(detector)),
    sightings: sightings.get(id) ?? [],
    inflow: board.inflowOf(junction.site, now),
    ...(own.length > 0 ? { exits: own } : {}),
  });
  board.tell(id, now, outflow);
  junction.state = state;
  if (report.stage !== undefined && report.stage !== junction.stage) {
    if (junction.stage !== undefined) tally.switches++;
    junction.stage = report.stage;
  }
  for (const effect of effects) {
    if (effect.kind === 'plan-refused') tally.refused[effect.refusal.reason] = (tally.refused[effect.refusal.reason] ?? 0) + 1;
    if (effect.kind === 'commitment-broken') tally.brokenCommitments++;
  }
  junction.watchSafety(now, report.lamps);
  junction.watchReds(now, report.lamps, demand, own);
  return report.heads;
};
