import type { ControllerState, DetectionState, DetectorActuation, Instant, Planner, Site, StagePlan } from '@songxanh/core';
import {
  after,
  before,
  createOutflowBoard,
  detect,
  instant,
  milliseconds,
  reportController,
  seconds,
  startController,
  startDetection,
  step,
} from '@songxanh/core';
import { encodeAnswer, encodeObservation, parseObservation } from '@songxanh/wire';
import type { JunctionMind } from './junction-mind.ts';
import { openJunctionMind } from './junction-mind.ts';

/** Longer than any start-up sequence (flash, all-red, first stage). */
const LONGEST_START_UP_S = 120;
const STEP = seconds(1);
/** A vehicle over a loop of 2 m at some 25 km/h. */
const PULSE = milliseconds(600);

interface Rehearsed {
  readonly site: Site;
  readonly mind: JunctionMind;
  readonly controller: ControllerState;
  readonly detection: DetectionState;
  readonly plan: StagePlan | undefined;
  readonly decisions: number;
}

/** Every loop sees a vehicle each three to seven seconds, and each button is pushed as often. */
const traffic = (site: Site, now: Instant, second: number): readonly DetectorActuation[] =>
  site.detectors.flatMap(({ id }, i) =>
    (second + i) % (3 + (i % 5)) === 0
      ? [
          { detector: id, at: before(now, PULSE), on: true },
          { detector: id, at: now, on: false },
        ]
      : [],
  );

/** One second of one junction, from pulses to the answer as it would be sent. */
const rehearseSecond = (junction: Rehearsed, now: Instant, second: number): Rehearsed => {
  const { site, mind } = junction;
  const actuations = traffic(site, now, second);
  const { state: controller } = step(site, junction.controller, {
    now,
    actuations,
    plans: junction.plan === undefined ? [] : [junction.plan],
    overrides: [],
    failedDetectors: [],
    cabinetFault: false,
  });
  const signals = reportController(site, controller);
  const report = { junction: site.id, sequence: second, from: before(now, STEP), to: now, actuations };
  const { state: detection, outcome } = detect(site, junction.detection, report);
  const observation = outcome.ok ? parseObservation(encodeObservation({ epoch: 1, counts: outcome.value, signals })) : outcome;
  const answered = observation.ok ? mind.answer(observation.value) : undefined;
  if (answered !== undefined) encodeAnswer(answered.answer);
  mind.settle();
  return {
    ...junction,
    controller,
    detection,
    plan: answered?.decision?.plan,
    decisions: junction.decisions + (answered?.decision === undefined ? 0 : 1),
  };
};

/**
 * Answers for junctions that nobody drives through, and throws the answers away, until each junction has decided `decisions` times or `withinMs` of
 * wall time are over. Between two seconds of the junctions other work goes on.
 */
const rehearse = async (sites: readonly Site[], planner: Planner, decisions: number, withinMs = Infinity): Promise<void> => {
  const end = performance.now() + withinMs;
  const board = createOutflowBoard();
  let now = instant(0);
  let junctions = sites.map((site): Rehearsed => ({
    site,
    mind: openJunctionMind(site, planner, board),
    controller: startController(site, now),
    detection: startDetection(site),
    plan: undefined,
    decisions: 0,
  }));
  const unready = (junction: Rehearsed): boolean => junction.decisions < decisions;
  const mayGoOn = (second: number): boolean => second <= LONGEST_START_UP_S + decisions && performance.now() < end;
  for (let second = 1; mayGoOn(second) && junctions.some(unready); second += 1) {
    now = after(now, STEP);
    junctions = junctions.map((junction) => (unready(junction) ? rehearseSecond(junction, now, second) : junction));
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** The processor time of an answer falls to a fourth within the first 600 answers, and no further. */
const WARM_UP_DECISIONS = 600;
const WARM_UP_SITES = 8;
/** Agents wait 10 s of wall time for the centre, a supervisor 30 s for a healthy process: on a crowded machine this must not use them up. */
const WARM_UP_WITHIN_MS = 2000;

/** Code is slow until it has been compiled, which would otherwise make the first minute's answers late. */
export const warmUp = (sites: readonly Site[], planner: Planner): Promise<void> => {
  const some = sites.slice(0, WARM_UP_SITES);
  return rehearse(some, planner, Math.ceil(WARM_UP_DECISIONS / some.length), WARM_UP_WITHIN_MS);
};

/** A planner prepares each site's tables on first use, which would otherwise cost the junction's first answer its second. */
export const prepare = (site: Site, planner: Planner): Promise<void> => rehearse([site], planner, 1);
