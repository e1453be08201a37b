import type { Duration } from '../time.ts';

/**
 * What a lane's upstream loop saw against what left its stop line. The two differ where vehicles change lanes or join between them, and where
 * either loop miscounts. They are compared whenever a green ends or the queue is known to be empty: all that came has left then, but for a known rest.
 */
export interface LaneBalance {
  /** Since they were last compared. */
  readonly arrivedPcu: number;
  readonly departedPcu: number;
  readonly elapsedMs: number;
  /** What was left waiting at the last comparison, as the upstream loop counts. */
  readonly storedPcu: number;
  /** Sums over earlier such periods, forgotten exponentially. */
  readonly totalArrivedPcu: number;
  readonly totalDepartedPcu: number;
  readonly totalMs: number;
}

const MEMORY_MS = 900_000;
/** Both loops are believed until several times this has passed, PCU. */
const PRIOR_PCU = 10;
/** One pulse stands for at most this many times its usual load; what leaves beyond that was never seen upstream. */
const MOST_GAIN = 1.5;
const LEAST_GAIN = 0.2;

export const START_BALANCE: LaneBalance = {
  arrivedPcu: 0,
  departedPcu: 0,
  elapsedMs: 0,
  storedPcu: 0,
  totalArrivedPcu: PRIOR_PCU,
  totalDepartedPcu: PRIOR_PCU,
  totalMs: 0,
};

export const countBalance = (balance: LaneBalance, elapsed: Duration, arrivedPcu: number, departedPcu: number): LaneBalance => ({
  ...balance,
  arrivedPcu: balance.arrivedPcu + arrivedPcu,
  departedPcu: balance.departedPcu + departedPcu,
  elapsedMs: balance.elapsedMs + elapsed,
});

/** What came and what left since the last comparison goes into the sums; what still waits has yet to leave. */
export const compareBalance = (balance: LaneBalance, storedPcu: number): LaneBalance => {
  const kept = Math.exp(-balance.elapsedMs / MEMORY_MS);
  return {
    arrivedPcu: 0,
    departedPcu: 0,
    elapsedMs: 0,
    storedPcu,
    totalArrivedPcu: balance.totalArrivedPcu * kept + balance.arrivedPcu - (storedPcu - balance.storedPcu),
    totalDepartedPcu: balance.totalDepartedPcu * kept + balance.departedPcu,
    totalMs: balance.totalMs * kept + balance.elapsedMs,
  };
};

/** Part of what the upstream loop sees that leaves by this lane. */
export const gainOf = ({ totalArrivedPcu, totalDepartedPcu }: LaneBalance): number =>
  Math.min(MOST_GAIN, Math.max(LEAST_GAIN, totalDepartedPcu / Math.max(totalArrivedPcu, 1e-6)));

/** Traffic that leaves although no upstream loop has seen it, PCU/s. */
export const unseenPcuPerS = ({ totalArrivedPcu, totalDepartedPcu, totalMs }: LaneBalance): number =>
  totalMs > 0 ? Math.max(0, ((totalDepartedPcu - MOST_GAIN * totalArrivedPcu) * 1000) / totalMs) : 0;
