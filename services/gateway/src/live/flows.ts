import type { DetectorCount, Site } from '@songxanh/core';

/** Long enough for several cycles, short enough to follow a peak (HCM counts by 15 min, signals are tuned by 5). */
const WINDOW_MS = 5 * 60_000;
const SLOT_MS = 15_000;
/** Before this much has been counted nothing is said. */
const LEAST_MS = 60_000;

/** Vehicles per hour and lane over the last minutes, by the loops that count them. */
export interface Flows {
  readonly see: (junction: string, from: number, to: number, counts: readonly DetectorCount[]) => void;
  /** By lane; undefined while nothing new can be said. */
  readonly take: () => Readonly<Record<string, number>> | undefined;
}

/** One loop for each lane: upstream where there is one (at the stop line a queue stands on it), else at the stop line. */
const counters = (sites: readonly Site[]): ReadonlyMap<string, ReadonlyMap<string, string>> =>
  new Map(
    sites.map((site) => {
      const ofLane = new Map<string, string>();
      for (const role of ['stop-line', 'upstream'] as const)
        for (const { id, lane, role: is } of site.detectors) if (is === role && lane !== undefined) ofLane.set(lane, id);
      return [site.id, new Map([...ofLane].map(([lane, detector]) => [detector, lane]))];
    }),
  );

interface Slot {
  readonly begin: number;
  readonly counts: Map<string, number>;
}

export const keepFlows = (sites: readonly Site[]): Flows => {
  const laneOf = counters(sites);
  let slots: Slot[] = [];
  let began: number | undefined;
  let now = -Infinity;
  let told = -Infinity;
  return {
    see: (junction, from, to, counts) => {
      const lanes = laneOf.get(junction);
      if (lanes === undefined) return;
      // Another street has begun.
      if (to < now - WINDOW_MS) [slots, began, told] = [[], undefined, -Infinity];
      began ??= from;
      now = Math.max(to, slots.at(-1)?.begin ?? to);
      const begin = Math.floor(to / SLOT_MS) * SLOT_MS;
      let slot = slots.find((one) => one.begin === begin);
      if (slot === undefined) {
        slot = { begin, counts: new Map() };
        slots = [...slots.filter((one) => one.begin > begin - WINDOW_MS), slot];
      }
      for (const { detector, count, quality } of counts) {
        const lane = lanes.get(detector);
        if (lane !== undefined && quality === 'good' && count > 0) slot.counts.set(lane, (slot.counts.get(lane) ?? 0) + count);
      }
    },
    take: () => {
      const current = slots.at(-1)?.begin;
      if (current === undefined || began === undefined || current === told || current - began < LEAST_MS) return undefined;
      told = current;
      const overH = Math.min(WINDOW_MS - SLOT_MS, current - began) / 3_600_000;
      const sums = new Map<string, number>();
      // The slot that runs is not full yet.
      for (const { begin, counts } of slots) if (begin < current) for (const [lane, n] of counts) sums.set(lane, (sums.get(lane) ?? 0) + n);
      return Object.fromEntries([...sums].map(([lane, n]) => [lane, Math.round(n / overH)]));
    },
  };
};
