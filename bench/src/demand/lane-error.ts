import type { Passage } from './passages.ts';

/** What was believed of one lane at one second. */
export interface LaneSecond {
  readonly atS: number;
  readonly queuePcu: number;
  readonly queuePersons: number;
  /** Due at the stop line within 30 s. */
  readonly comingPcu: number;
  readonly comingPersons: number;
  readonly saturationPcuPerS: number;
  /** All of the lane's groups have had a protected green for 3 s. */
  readonly free: boolean;
}

export interface Deviation {
  readonly samples: number;
  readonly truth: number;
  readonly bias: number;
  readonly rms: number;
}

export interface LaneError {
  readonly lane: string;
  readonly queuePcu: Deviation;
  readonly queuePersons: Deviation;
  readonly comingPcu: Deviation;
  readonly comingPersons: Deviation;
  readonly saturationPcuPerS: Deviation;
  /** Time the queue needs to clear: queue over saturation. */
  readonly clearS: Deviation;
}

const AHEAD_S = 30;
/** Discharge is saturated while at least this waits, PCU. */
const SATURATED_PCU = 1;
/** Fewer saturated seconds say nothing of a lane's saturation flow. */
const LEAST_SATURATED_S = 20;

const deviation = (pairs: readonly (readonly [truth: number, estimate: number])[]): Deviation => {
  const n = Math.max(1, pairs.length);
  return {
    samples: pairs.length,
    truth: pairs.reduce((sum, [truth]) => sum + truth, 0) / n,
    bias: pairs.reduce((sum, [truth, estimate]) => sum + estimate - truth, 0) / n,
    rms: Math.sqrt(pairs.reduce((sum, [truth, estimate]) => sum + (estimate - truth) ** 2, 0) / n),
  };
};

/** Mean over lanes, weighted by their samples. */
export const meanOf = (lanes: readonly Deviation[]): Deviation => {
  const samples = lanes.reduce((sum, lane) => sum + lane.samples, 0);
  const mean = (of: (lane: Deviation) => number): number =>
    lanes.reduce((sum, lane) => sum + lane.samples * of(lane), 0) / Math.max(1, samples);
  return { samples, truth: mean((l) => l.truth), bias: mean((l) => l.bias), rms: Math.sqrt(mean((l) => l.rms ** 2)) };
};

/** Truth against estimate, second by second. A vehicle is queued from its free arrival until it leaves. */
export const compareLane = (lane: string, estimates: readonly LaneSecond[], passages: readonly Passage[]): LaneError => {
  const truths = estimates.map(({ atS }) => {
    const sums = { queuePcu: 0, queuePersons: 0, comingPcu: 0, comingPersons: 0, leavingPcu: 0 };
    for (const { freeAtS, leftAtS, pcu, persons } of passages) {
      if (freeAtS <= atS && leftAtS > atS) {
        sums.queuePcu += pcu;
        sums.queuePersons += persons;
      } else if (freeAtS > atS && freeAtS <= atS + AHEAD_S) {
        sums.comingPcu += pcu;
        sums.comingPersons += persons;
      }
      if (leftAtS > atS && leftAtS <= atS + 1) sums.leavingPcu += pcu;
    }
    return sums;
  });
  const saturated = estimates.flatMap(({ free }, i) =>
    free && truths[i]!.queuePcu >= SATURATED_PCU && (truths[i + 1]?.queuePcu ?? 0) >= SATURATED_PCU ? [i] : [],
  );
  const discharge = saturated.reduce((sum, i) => sum + truths[i]!.leavingPcu, 0) / Math.max(1, saturated.length);
  const known = saturated.length >= LEAST_SATURATED_S && discharge > 0;
  const of = (key: 'queuePcu' | 'queuePersons' | 'comingPcu' | 'comingPersons'): Deviation =>
    deviation(estimates.map((estimate, i) => [truths[i]![key], estimate[key]]));
  return {
    lane,
    queuePcu: of('queuePcu'),
    queuePersons: of('queuePersons'),
    comingPcu: of('comingPcu'),
    comingPersons: of('comingPersons'),
    saturationPcuPerS: deviation(known ? saturated.map((i) => [discharge, estimates[i]!.saturationPcuPerS]) : []),
    clearS: deviation(known ? estimates.map((e, i) => [truths[i]!.queuePcu / discharge, e.queuePcu / e.saturationPcuPerS]) : []),
  };
};
