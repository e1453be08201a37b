import type { Duration } from '../time.ts';

/** Discharge of a queue, measured in slots. */
export interface Discharge {
  readonly saturationPcuPerS: number;
  readonly slotMs: number;
  readonly slotPcu: number;
}

/** Discharge is counted in slots of this length: two car headways, so that rows of motorcycles, which keep no headway one by one, fill a slot. */
const SLOT_MS = 4000;
const LEAST_SATURATION = 0.15;
const MOST_SATURATION = 3;
/** Weight of a slot: some forty slots, a dozen cycles, make the mean. */
const SLOT_SHARE = 0.025;

export const startDischarge = (saturationPcuPerS: number): Discharge => ({ saturationPcuPerS, slotMs: 0, slotPcu: 0 });

/** Whole slots in which a queue discharged without a gap change the mean; a slot that is broken off says nothing. */
export function measureDischarge(discharge: Discharge, elapsed: Duration, departedPcu: number, saturated: boolean): Discharge {
  const { saturationPcuPerS } = discharge;
  if (!saturated) return startDischarge(saturationPcuPerS);
  const slotMs = discharge.slotMs + elapsed;
  const slotPcu = discharge.slotPcu + departedPcu;
  if (slotMs < SLOT_MS) return { saturationPcuPerS, slotMs, slotPcu };
  const mean = saturationPcuPerS + SLOT_SHARE * ((slotPcu * 1000) / slotMs - saturationPcuPerS);
  return startDischarge(Math.min(MOST_SATURATION, Math.max(LEAST_SATURATION, mean)));
}
