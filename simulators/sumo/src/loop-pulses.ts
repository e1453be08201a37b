import { after, detectorId, milliseconds, type DetectorActuation, type Instant } from '@songxanh/core';

/** A passage over a loop in street time; `leave` undefined while it lasts. */
export interface Passage {
  readonly vehicle: string;
  readonly enter: Instant;
  readonly leave: Instant | undefined;
}

/** Resolution of stamps. */
const TICK_MS = 100;

const round = (at: Instant): Instant => (Math.round(at / TICK_MS) * TICK_MS) as Instant;

/**
 * Makes one loop's on/off pulses of the passages SUMO tells step by step. Vehicles side by side make one pulse; each pulse and
 * each gap is at least one tick, so that no vehicle is lost by rounding.
 */
export const createLoopPulses = (id: string): ((passages: readonly Passage[], now: Instant) => readonly DetectorActuation[]) => {
  const present = new Set<string>();
  // Of the last stamp, or the end of the last step: what is told now has happened after both.
  let last = -Infinity as Instant;
  let held: DetectorActuation[] = [];

  const stamp = (at: Instant): Instant => {
    const earliest = after(last, milliseconds(TICK_MS));
    last = round(at) > earliest ? round(at) : earliest;
    return last;
  };

  return (passages, now) => {
    // A vehicle may leave the loop without SUMO telling when (a lane change, an arrival on it): it is gone when it is no longer told.
    const told = new Set(passages.map(({ vehicle }) => vehicle));
    const changes = [
      ...passages.flatMap(({ vehicle, enter, leave }) => [
        ...(present.has(vehicle) ? [] : [{ at: enter, vehicle, on: true }]),
        ...(leave === undefined ? [] : [{ at: leave, vehicle, on: false }]),
      ]),
      ...[...present].filter((vehicle) => !told.has(vehicle)).map((vehicle) => ({ at: now, vehicle, on: false })),
    ].sort((a, b) => a.at - b.at || Number(a.on) - Number(b.on));

    for (const { at, vehicle, on } of changes) {
      const before = present.size;
      if (on) present.add(vehicle);
      else present.delete(vehicle);
      if (before === 0 && present.size === 1) held.push({ detector: detectorId(id), at: stamp(at), on: true });
      if (before === 1 && present.size === 0) held.push({ detector: detectorId(id), at: stamp(at), on: false });
    }
    // A stamp pushed past the end of the step waits for the next one.
    const due = held.filter(({ at }) => at <= now);
    held = held.filter(({ at }) => at > now);
    if (now > last) last = now;
    return due;
  };
};
