import type { ControllerEffect, ControllerReport, Override } from '../controller/controller.ts';
import type { ControllerState } from '../controller/controller-state.ts';
import { reportController, startController, step } from '../controller/step.ts';
import type { DemandSettings } from '../demand/demand-settings.ts';
import { readDemand, startDemand, updateDemand } from '../demand/demand-state.ts';
import type { DemandState, LaneInflow } from '../demand/demand-state.ts';
import type { ExitStorage, JunctionDemand } from '../demand/demand.ts';
import type { DetectorActuation, VehicleSighting } from '../detection/actuation.ts';
import { detect, startDetection, type DetectionState } from '../detection/detection.ts';
import { planId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Decision, Planner } from '../optimizer/planner.ts';
import type { StagePlan } from '../plan/stage-plan.ts';
import { projectTimeline } from '../plan/timeline.ts';
import { after, earliest, seconds, type Instant } from '../time.ts';
import { predictOutflow } from '../demand/predict-outflow.ts';

export interface LoopOptions {
  readonly planner: Planner;
  /** `detectors`: loops only. `vehicles`: positions of all vehicles in sight. */
  readonly sensing: 'detectors' | 'vehicles';
  /** `next-step`: a plan is taken up one step after the report it answers, as between processes. */
  readonly planDelay: 'same-step' | 'next-step';
  readonly demand?: DemandSettings;
}

/** One junction's whole way from pulses to lamps, in one process. */
export interface LoopState {
  readonly site: Site;
  readonly options: LoopOptions;
  readonly now: Instant;
  readonly sequence: number;
  readonly controller: ControllerState;
  readonly detection: DetectionState;
  readonly demand: DemandState;
  readonly failedDetectors: readonly string[];
  /** A plan on its way to the controller. */
  readonly pending: StagePlan | undefined;
}

export interface LoopInput {
  readonly now: Instant;
  /** Since the last step. */
  readonly actuations: readonly DetectorActuation[];
  readonly sightings?: readonly VehicleSighting[];
  readonly exits?: readonly ExitStorage[];
  readonly inflow?: readonly LaneInflow[];
  readonly overrides?: readonly Override[];
  readonly cabinetFault?: boolean;
}

export interface LoopStep {
  readonly state: LoopState;
  readonly report: ControllerReport;
  readonly effects: readonly ControllerEffect[];
  readonly decision?: Decision;
  readonly demand: JunctionDemand;
  /** For the junctions downstream: their `inflow` at the next step. */
  readonly outflow: readonly LaneInflow[];
}

/** A plan further ahead than this is likely to be another one by then. */
const FORESEEN = seconds(60);

export function startLoop(site: Site, now: Instant, options: LoopOptions): LoopState {
  return {
    site,
    options,
    now,
    sequence: 0,
    controller: startController(site, now),
    detection: startDetection(site),
    demand: startDemand(site, now, options.demand),
    failedDetectors: [],
    pending: undefined,
  };
}

/** Detection, demand, plan, validation, lamps: one step of street time. */
export function loopStep(state: LoopState, input: LoopInput): LoopStep {
  const { site, options } = state;
  const { now } = input;
  const sequence = state.sequence + 1;
  const seen = detect(site, state.detection, { junction: site.id, sequence, from: state.now, to: now, actuations: input.actuations });
  const counts = seen.outcome.ok ? seen.outcome.value : undefined;
  const failedDetectors = counts
    ? counts.counts.filter((count) => count.quality === 'failed').map((count) => count.detector as string)
    : state.failedDetectors;
  const before = reportController(site, state.controller);
  const demand = updateDemand(site, state.demand, {
    now,
    lamps: before.lamps,
    ...(counts ? { counts } : {}),
    ...(options.sensing === 'vehicles' ? { sightings: input.sightings ?? [] } : {}),
    ...(input.exits ? { exits: input.exits } : {}),
    ...(input.inflow ? { inflow: input.inflow } : {}),
  });
  const picture = readDemand(site, demand, now);
  const controllerInput = {
    now,
    actuations: counts?.actuations ?? [],
    overrides: input.overrides ?? [],
    failedDetectors,
    cabinetFault: input.cabinetFault ?? false,
  };
  const plan = (report: ControllerReport): Decision | undefined =>
    report.mode === 'running'
      ? options.planner({ site, now, signals: report, demand: picture, planId: planId(`${site.id}/${sequence}`) })
      : undefined;

  const early = options.planDelay === 'same-step' ? plan(before) : undefined;
  const arrived = options.planDelay === 'same-step' ? early?.plan : state.pending;
  const moved = step(site, state.controller, { ...controllerInput, plans: arrived ? [arrived] : [] });
  const report = reportController(site, moved.state);
  const decision = options.planDelay === 'next-step' ? plan(report) : early;
  return {
    state: {
      ...state,
      now,
      sequence,
      controller: moved.state,
      detection: seen.state,
      demand,
      failedDetectors,
      pending: options.planDelay === 'next-step' ? decision?.plan : undefined,
    },
    report,
    effects: moved.effects,
    demand: picture,
    outflow: foreseeOutflow(site, report, picture, demand),
    ...(decision ? { decision } : {}),
  };
}

/** What a junction will send on by its plan in force. */
export function foreseeOutflow(
  site: Site,
  signals: Pick<ControllerReport, 'lamps' | 'plan'>,
  picture: JunctionDemand,
  demand: DemandState,
): readonly LaneInflow[] {
  if (site.movements.every(({ downstreamLane }) => downstreamLane === undefined)) return [];
  const until = earliest(signals.plan.until, after(picture.at, FORESEEN));
  return predictOutflow(site, projectTimeline(site, signals.lamps, signals.plan, until, picture.at), picture, demand.sent, until);
}
