import {
  before,
  detect,
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
}

export const openJunction = (site: Site): Junction => ({
  site,
  controller: undefined,
  detection: startDetection(site),
  failedDetectors: [],
  sequence: 0,
  last: undefined,
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

/** One step of one junction: what to command, what to report. */
export const stepJunction = (junction: Junction, input: JunctionInput): JunctionStep => {
  const { site } = junction;
  const { now } = input;
  // A street whose time went back is another street.
  const sameStreet = junction.last === undefined || now > junction.last;
  const controller = (sameStreet ? junction.controller : undefined) ?? startController(site, now);
  const { state, effects } = step(site, controller, {
    now,
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
    from: sameStreet && junction.last !== undefined ? junction.last : before(now, seconds(1)),
    to: now,
    actuations: input.actuations,
  };
  const detection = detect(site, sameStreet ? junction.detection : startDetection(site), detectors);
  const failedDetectors = detection.outcome.ok
    ? detection.outcome.value.counts.filter((c) => c.quality === 'failed').map((c) => c.detector)
    : junction.failedDetectors;
  return {
    junction: { site, controller: state, detection: detection.state, failedDetectors, sequence: detectors.sequence, last: now },
    heads,
    state: controllerReport,
    effects,
    report: {
      epoch: input.epoch,
      detectors,
      signals,
      events: effects.flatMap((e): SignalEvent[] => (e.kind === 'event' ? [e.event] : [])),
      cabinet: input.health,
    },
  };
};
