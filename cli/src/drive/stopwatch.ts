import type { Planner } from '@songxanh/core';

export interface Latency {
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
}

/** A planner whose decisions are timed, in wall time. */
export const timedPlanner = (
  planner: Planner,
): { readonly planner: Planner; readonly latency: () => Latency; readonly decisions: () => number } => {
  const taken: number[] = [];
  const timed: Planner = (input) => {
    const began = performance.now();
    const decision = planner(input);
    taken.push(performance.now() - began);
    return decision;
  };
  const latency = (): Latency => {
    const sorted = Float64Array.from(taken).sort();
    const at = (share: number): number =>
      Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 1000) / 1000;
    return { p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1) };
  };
  return { planner: timed, latency, decisions: () => taken.length };
};
