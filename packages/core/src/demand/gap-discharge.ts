/** What has left a waiting queue through the gaps of a permissive green. */
export interface GapDischarge {
  readonly waitedMs: number;
  readonly departedPcu: number;
}

/** Two cars, one every 4 s, until it is measured: 900 an hour, the permitted left turns of HCM against an opposing stream of 500. */
export const START_GAPS: GapDischarge = { waitedMs: 8000, departedPcu: 2 };
/** So much waiting at permissive greens is remembered: some ten greens, so that it follows the opposing traffic through the day. */
const MEMORY_MS = 180_000;

/** One more update in which somebody stood at a permissive green or went on it. */
export function measureGaps({ waitedMs, departedPcu }: GapDischarge, elapsedMs: number, leftPcu: number): GapDischarge {
  const kept = Math.exp(-elapsedMs / MEMORY_MS);
  return { waitedMs: waitedMs * kept + elapsedMs, departedPcu: departedPcu * kept + leftPcu };
}

/** Where nobody finds a gap, no more is claimed than this, ms per PCU. */
const MOST_MS = 30_000;

/** Time per PCU that leaves through gaps, ms. */
export const gapHeadwayMs = ({ waitedMs, departedPcu }: GapDischarge): number => Math.min(MOST_MS, waitedMs / Math.max(departedPcu, 1e-3));
