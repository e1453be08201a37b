import { localTime } from './local-time.ts';
import { instant } from './time.ts';

test.each([
  ['Asia/Ho_Chi_Minh', Date.UTC(2026, 0, 4, 17, 0, 0), 1, 0],
  ['Asia/Ho_Chi_Minh', Date.UTC(2026, 0, 4, 16, 59, 59), 0, 86_399_000],
  ['Asia/Kathmandu', Date.UTC(2026, 0, 5, 0, 0, 0), 1, 20_700_000],
  // Summer time begins in Berlin on 29 March 2026 at 01:00 UTC.
  ['Europe/Berlin', Date.UTC(2026, 2, 29, 0, 59, 59), 0, 7_199_000],
  ['Europe/Berlin', Date.UTC(2026, 2, 29, 1, 0, 0), 0, 10_800_000],
])('clocks in %s', (zone, epochMs, day, sinceMidnight) => {
  expect(localTime(instant(epochMs), zone)).toEqual({ day, sinceMidnight });
});
