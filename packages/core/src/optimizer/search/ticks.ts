/** The moments at which the search looks again, ms from its begin: every second, then every three, then every five. */
export interface Ticks {
  readonly at: Float64Array;
  /** First tick at or behind each whole second. */
  readonly from: Int32Array;
  readonly last: number;
}

const MIDDLE_MS = 3000;
const MIDDLE_COUNT = 8;
const COARSE_MS = 5000;

export function buildTicks(horizonMs: number, fineMs: number): Ticks {
  const at: number[] = [];
  const middleEnd = fineMs + MIDDLE_MS * MIDDLE_COUNT;
  for (let t = 0; t <= horizonMs; t += t < fineMs ? 1000 : t < middleEnd ? MIDDLE_MS : COARSE_MS) at.push(t);
  const from: number[] = [];
  for (let i = 0; i < at.length; i++) while (from.length * 1000 <= at[i]!) from.push(i);
  return { at: Float64Array.from(at), from: Int32Array.from(from), last: at.length - 1 };
}

/** The first tick at or behind `ms`; one behind the last where it lies beyond the horizon. */
export const tickFrom = (ticks: Ticks, ms: number): number => ticks.from[Math.ceil(ms / 1000)] ?? ticks.last + 1;
