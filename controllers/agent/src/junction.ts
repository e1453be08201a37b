import {
  before as earlier,
  detect,
  milliseconds,
  reportController,
  seconds,
  startController,
  startDetection,
  step,
  type ControllerEffect,
  type ControllerReport,
  type ControllerState,
  type DetectionState,
  type DetectorActuation,
  type DetectorReport,
  type Duration,
  type Instant,
  type Lamp,
  type Override,
  type SignalEvent,
  type Site,
  type StagePlan,
} from '@songxanh/core';
import type { CabinetHealth, JunctionReport } from '@songxanh/wire';

/** One junction in an agent's care. Junctions share nothing. */
export interface Junction {
  readonly site: Site;
  /** Undefined until the first inputs, and after the cabinet was lost: then the controller begins anew. */
  readonly controller: ControllerState | undefined;
  /** The agent's own health tests: the recalls of failed detectors must not need the centre. */
  readonly detection: DetectionState;
  readonly failedDetectors: readonly string[];
  /** Of the last report; 0 before the first. */
  readonly sequence: number;
  readonly last: Instant | undefined;
  /** Between the last report and the one before. */
  readonly every: Duration | undefined;
  /** Since the last report. */
  readonly untold: readonly SignalEvent[];
}

export const openJunction = (site: Site): Junction => ({
  site,
  controller: undefined,
  detection: startDetection(site),
  failedDetectors: [],
  sequence: 0,
  last: undefined,
  every: undefined,
  untold: [],
});

/** The cabinet has flashed meanwhile: start-up comes first. */
export const restart = (junction: Junction): Junction => ({ ...junction, controller: undefined });

export interface JunctionInput {
  readonly now: Instant;
  readonly actuations: readonly DetectorActuation[];
  readonly health: CabinetHealth;
  readonly plans: readonly StagePlan[];
  readonly overrides: readonly Override[];
  readonly epoch: number;
}

export interface JunctionStep {
  readonly junction: Junction;
  readonly heads: readonly Lamp[];
  readonly state: ControllerReport;
  readonly report: JunctionReport;
  readonly effects: readonly ControllerEffect[];
}

const eventsOf = (effects: readonly ControllerEffect[]): readonly SignalEvent[] =>
  effects.flatMap((e) => (e.kind === 'event' ? [e.event] : []));

/** One step of one junction: what to command, what to report. */
export const stepJunction = (junction: Junction, input: JunctionInput): JunctionStep => {
  const { site } = junction;
  const { now } = input;
  // A street whose time went back is another street.
  const sameStreet = junction.last === undefined || now > junction.last;
  const before = sameStreet ? junction.last : undefined;
  const every = before === undefined ? undefined : milliseconds(now - before);
  const known = sameStreet ? junction.controller : undefined;
  const { state, effects } = step(site, known ?? startController(site, now), {
    now,
    ...(known === undefined || before === undefined || every === undefined ? {} : { beat: { before, every } }),
    actuations: input.actuations,
    plans: input.plans,
    overrides: input.overrides,
    failedDetectors: junction.failedDetectors,
    cabinetFault: input.health.monitorFault,
  });
  const controllerReport = reportController(site, state);
  const { heads, ...signals } = controllerReport;
  const detectors: DetectorReport = {
    junction: site.id,
    sequence: (sameStreet ? junction.sequence : 0) + 1,
    from: before ?? earlier(now, seconds(1)),
    to: now,
    actuations: input.actuations,
  };
  const detection = detect(site, sameStreet ? junction.detection : startDetection(site), detectors);
  const failedDetectors = detection.outcome.ok
    ? detection.outcome.value.counts.filter((c) => c.quality === 'failed').map((c) => c.detector)
    : junction.failedDetectors;
  return {
    junction: {
      site,
      controller: state,
      detection: detection.state,
      failedDetectors,
      sequence: detectors.sequence,
      last: now,
      every,
      untold: [],
    },
    heads,
    state: controllerReport,
    effects,
    report: {
      epoch: input.epoch,
      detectors,
      signals,
      events: [...junction.untold, ...eventsOf(effects)],
      cabinet: input.health,
    },
  };
};

export type JunctionBetween = Omit<JunctionStep, 'report'>;

/**
 * A step between two reports, for an order that must not wait for the next one: nothing new was seen, no plan is due. Undefined where the junction is not
 * there yet to be commanded, or where nothing has passed.
 */
export const stepBetween = (
  junction: Junction,
  { now, overrides, health }: Pick<JunctionInput, 'now' | 'overrides' | 'health'>,
): JunctionBetween | undefined => {
  const { site, controller, last, every } = junction;
  if (controller === undefined || last === undefined || every === undefined || now <= controller.now) return undefined;
  if (controller.mode === 'start-up' || health.monitorFault) return undefined;
  const { state, effects } = step(site, controller, {
    ...{ now, overrides, actuations: [], plans: [], failedDetectors: junction.failedDetectors, cabinetFault: false },
    beat: { before: last, every },
  });
  const report = reportController(site, state);
  return {
    junction: { ...junction, controller: state, untold: [...junction.untold, ...eventsOf(effects)] },
    heads: report.heads,
    state: report,
    effects,
  };
};

/** Longer than any change from one stage to the next takes: pedestrians clear a wide street in half of it. */
const CHANGE_MS = 60_000;

/** Whether a change of stage lies, or has just begun, between two regular steps: the lamps of that change have to be switched there too. */
export const isOffBeat = ({ controller, last, every }: Junction): boolean =>
  controller !== undefined &&
  last !== undefined &&
  every !== undefined &&
  controller.steps.some(({ start }) => (start - last) % every !== 0 && start > controller.now - CHANGE_MS);
