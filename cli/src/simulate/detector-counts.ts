import type { DetectorActuation, Instant } from '@songxanh/core';
import type { DetectorRow } from '@songxanh/sumo-files';

/** Counts what loops report, interval by interval. */
export interface DetectorCounts {
  note(actuations: Iterable<DetectorActuation>): void;
  /** All whole or begun intervals up to `endS` (scenario seconds). */
  rows(endS: number): DetectorRow[];
}

/** `midnight` is street time of scenario second 0; intervals of `periodS` begin at `beginS`. */
export const countDetectors = (loops: readonly string[], midnight: Instant, beginS: number, periodS: number): DetectorCounts => {
  const counts = new Map(
    loops.map((id) => [id, { vehicles: [] as number[], onS: [] as number[], since: undefined as number | undefined }]),
  );
  const binOf = (atS: number): number => Math.max(0, Math.ceil((atS - beginS) / periodS - 1e-9) - 1);
  const addTime = (onS: number[], fromS: number, toS: number): void => {
    for (let at = fromS; at < toS - 1e-9;) {
      const bin = Math.floor((at - beginS) / periodS + 1e-9);
      const end = Math.min(toS, beginS + (bin + 1) * periodS);
      onS[bin] = (onS[bin] ?? 0) + end - at;
      at = end;
    }
  };
  return {
    note(actuations) {
      for (const { detector, at, on } of actuations) {
        const count = counts.get(detector);
        if (count === undefined) continue;
        const atS = (at - midnight) / 1000;
        if (on) {
          count.since ??= atS;
          continue;
        }
        const bin = binOf(atS);
        count.vehicles[bin] = (count.vehicles[bin] ?? 0) + 1;
        if (count.since !== undefined) addTime(count.onS, count.since, atS);
        count.since = undefined;
      }
    },
    rows(endS) {
      const bins = Math.ceil((endS - beginS) / periodS - 1e-9);
      for (const count of counts.values()) {
        if (count.since !== undefined) addTime(count.onS, count.since, endS);
        if (count.since !== undefined) count.since = endS;
      }
      return Array.from({ length: bins }, (_, bin) => {
        const [from, to] = [beginS + bin * periodS, Math.min(endS, beginS + (bin + 1) * periodS)];
        return [...counts].map(([id, { vehicles, onS }]) => ({
          id,
          beginS: from,
          endS: to,
          vehicles: vehicles[bin] ?? 0,
          occupancyRatio: Math.min(1, (onS[bin] ?? 0) / (to - from)),
        }));
      }).flat();
    },
  };
};
