import type { Duration, Instant } from './time.ts';

export interface LocalTime {
  /** 0 Sunday … 6 Saturday. */
  readonly day: number;
  readonly sinceMidnight: Duration;
}

const DAY_MS = 86_400_000;
/** Zone offsets only ever change on a quarter of an hour (IANA tz database), so one look-up per quarter is exact. */
const QUARTER_MS = 900_000;
const CACHE_SIZE = 4096;

const formatters = new Map<string, Intl.DateTimeFormat>();
/** Zone → quarter since 1970 → offset, ms. */
const offsets = new Map<string, Map<number, number>>();

const formatterOf = (timeZone: string): Intl.DateTimeFormat => {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
};

const offsetMs = (at: Instant, timeZone: string): number => {
  const quarter = Math.floor(at / QUARTER_MS);
  let ofZone = offsets.get(timeZone);
  if (ofZone === undefined) {
    ofZone = new Map();
    offsets.set(timeZone, ofZone);
  }
  const known = ofZone.get(quarter);
  if (known !== undefined) return known;
  const field: Record<string, number> = {};
  for (const part of formatterOf(timeZone).formatToParts(quarter * QUARTER_MS)) field[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - quarter * QUARTER_MS;
  if (ofZone.size >= CACHE_SIZE) ofZone.clear();
  ofZone.set(quarter, offset);
  return offset;
};

/** Day of the week and time since midnight on the clocks of `timeZone` (an IANA name). */
export const localTime = (at: Instant, timeZone: string): LocalTime => {
  const local = at + offsetMs(at, timeZone);
  const days = Math.floor(local / DAY_MS);
  // 1970-01-01 was a Thursday (4).
  return { day: (((days + 4) % 7) + 7) % 7, sinceMidnight: (local - days * DAY_MS) as Duration };
};
