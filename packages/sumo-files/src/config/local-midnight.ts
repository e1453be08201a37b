import { instant } from '@songxanh/core';
import type { Instant } from '@songxanh/core';

/** Milliseconds by which `timeZone` is ahead of UTC at that moment. */
const aheadMs = (timeZone: string, epochMs: number): number => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(epochMs);
  const part = (type: string): number => Number(parts.find((p) => p.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - epochMs;
};

/** The moment a local day (yyyy-mm-dd) begins; undefined where day or zone does not exist. */
export const localMidnight = (date: string, timeZone: string): Instant | undefined => {
  const utcMs = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
  // 30 February is read as 2 March.
  if (Number.isNaN(utcMs) || !new Date(utcMs).toISOString().startsWith(date)) return undefined;
  try {
    const guess = utcMs - aheadMs(timeZone, utcMs);
    // A second look, for days on which the offset changes.
    return instant(utcMs - aheadMs(timeZone, guess));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
