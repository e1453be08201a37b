import { instant, type Instant } from '../time.ts';
import type { DetectorActuation } from './actuation.ts';
import type { RepairReason } from './check-report.ts';

/** What a detector showed last: `on` is undefined before its first event. */
export interface LastPulse {
  readonly on: boolean | undefined;
  readonly since: Instant;
}

/** Two ons this close are two vehicles whose gap was missed; the off is put at the second on (measures' rule for split failures). */
const CLOSE_ONS_MS = 2000;
const STAMP_MS = 100;

const halfWay = (a: Instant, b: Instant): number => Math.round((a + b) / 2 / STAMP_MS) * STAMP_MS;

/**
 * One detector's pulses with the missing half of each broken pair put back: two ons ≤ 2 s apart → off at the second on, further
 * apart → off half-way; two offs → on half-way; a leading off gets an on one stamp before. Nothing is put before `from`, which is already reported.
 */
export const repairPulses = (
  last: LastPulse,
  pulses: readonly DetectorActuation[],
  from: Instant,
): { readonly pulses: readonly DetectorActuation[]; readonly last: LastPulse; readonly repaired: readonly RepairReason[] } => {
  const out: DetectorActuation[] = [];
  const repaired: RepairReason[] = [];
  let { on, since } = last;
  for (const pulse of pulses) {
    if (pulse.on === on || (on === undefined && !pulse.on)) {
      const between =
        on === undefined ? pulse.at - STAMP_MS : pulse.on && pulse.at - since <= CLOSE_ONS_MS ? pulse.at : halfWay(since, pulse.at);
      const at = instant(Math.min(pulse.at, Math.max(between, from + STAMP_MS)));
      out.push({ ...pulse, at, on: !pulse.on });
      repaired.push(pulse.on ? 'missing-off' : 'missing-on');
    }
    out.push(pulse);
    on = pulse.on;
    since = pulse.at;
  }
  return { pulses: out, last: { on, since }, repaired };
};
