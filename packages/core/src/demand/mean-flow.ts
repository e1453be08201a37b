import type { Duration } from '../time.ts';

/** A lane's mean flow: counts forgotten exponentially, with the weight seen so far so that it is unbiased from the first minute. */
export interface MeanFlow {
  readonly countWeighted: number;
  readonly secondsWeighted: number;
}

/** Long enough to average several cycles, short enough to follow a peak. */
const MEMORY_S = 300;
/** 300 veh/h: what an unmeasured lane is taken to carry; weighs like half a minute of counting. */
const PRIOR_VEH_PER_S = 300 / 3600;
const PRIOR_S = 30;

/** Before anything is counted; `each` is what one vehicle counts for. */
export const startFlow = (each: number): MeanFlow => ({ countWeighted: each * PRIOR_VEH_PER_S * PRIOR_S, secondsWeighted: PRIOR_S });
export const START_FLOW = startFlow(1);

/** Forgets by the time that passed and adds what was counted in it. */
export function updateFlow(flow: MeanFlow, elapsed: Duration, count: number): MeanFlow {
  const kept = Math.exp((0 - elapsed) / 1000 / MEMORY_S);
  return { countWeighted: flow.countWeighted * kept + count, secondsWeighted: flow.secondsWeighted * kept + elapsed / 1000 };
}

export const flowPerS = (flow: MeanFlow): number => (flow.secondsWeighted > 0 ? flow.countWeighted / flow.secondsWeighted : 0);
