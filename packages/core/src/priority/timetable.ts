import { between, milliseconds, type Duration, type Instant } from '../time.ts';

/** A stop of one trip, with its place on the trip's way. */
export interface ScheduledStop {
  readonly stop: string;
  readonly distanceM: number;
  readonly arrival: Instant;
  readonly departure: Instant;
}

/** When the timetable has the vehicle at `distanceM` of its way: between two stops in proportion, at a stop its departure. */
export const scheduledAt = (stops: readonly ScheduledStop[], distanceM: number): Instant | undefined => {
  const next = stops.findIndex((stop) => stop.distanceM > distanceM);
  const before = stops[next < 0 ? stops.length - 1 : next - 1];
  const after = next < 0 ? undefined : stops[next];
  if (before === undefined) return after?.arrival;
  if (after === undefined) return before.departure;
  const share = (distanceM - before.distanceM) / (after.distanceM - before.distanceM);
  return (before.departure + Math.round(share * (after.arrival - before.departure))) as Instant;
};

/** How late a vehicle is that was at `distanceM` at `at`; negative when early, undefined without a timetable. Standing at a stop before its departure is not early. */
export const latenessAt = (stops: readonly ScheduledStop[], distanceM: number, at: Instant): Duration | undefined => {
  const due = scheduledAt(stops, distanceM);
  return due === undefined ? undefined : between(due, at);
};

/** When a vehicle passed a place. */
export interface Passage {
  readonly vehicle: string;
  readonly at: Instant;
}

/** Gap to the last other vehicle of the line before it / the scheduled gap. */
export const headwayRatio = (passages: readonly Passage[], vehicle: string, at: Instant, scheduled: Duration): number | undefined => {
  const before = passages.filter((passage) => passage.vehicle !== vehicle && passage.at < at).map((passage) => passage.at);
  return before.length === 0 || scheduled <= 0 ? undefined : (at - Math.max(...before)) / scheduled;
};

/** Spread of a line's headways at one place: standard deviation / mean, 0 = regular. Undefined with fewer than three passages. */
export const headwayVariation = (passages: readonly Passage[]): number | undefined => {
  const times = passages.map(({ at }) => at).sort((a, b) => a - b);
  if (times.length < 3) return undefined;
  const gaps = times.slice(1).map((at, i) => at - times[i]!);
  const mean = gaps.reduce((total, gap) => total + gap, 0) / gaps.length;
  const variance = gaps.reduce((total, gap) => total + (gap - mean) ** 2, 0) / gaps.length;
  return mean === 0 ? undefined : Math.sqrt(variance) / mean;
};

/** Mean gap between trips of a line around `at`, from their scheduled times at one place. */
export const scheduledHeadway = (times: readonly Instant[], at: Instant): Duration | undefined => {
  const sorted = [...times].sort((a, b) => a - b);
  const next = sorted.findIndex((time) => time >= at);
  const i = next < 0 ? sorted.length - 1 : Math.max(1, next);
  const [a, b] = [sorted[i - 1], sorted[i]];
  return a === undefined || b === undefined ? undefined : milliseconds(b - a);
};
