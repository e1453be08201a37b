/** Ordinary acceleration from a stop, m/s² (SUMO's passenger default 2.6; ITE uses 1.1–2.0 for queues: between them). */
const ACCELERATION_MPS2 = 2.2;

/** Seconds to travel `distanceM` from `speedMps` when nothing hinders: accelerate to `freeSpeedMps`, then keep it. */
export function travelTimeS(distanceM: number, speedMps: number, freeSpeedMps: number): number {
  if (distanceM <= 0) return 0;
  const v = Math.min(speedMps, freeSpeedMps);
  const rampM = (freeSpeedMps * freeSpeedMps - v * v) / (2 * ACCELERATION_MPS2);
  return distanceM < rampM
    ? (Math.sqrt(v * v + 2 * ACCELERATION_MPS2 * distanceM) - v) / ACCELERATION_MPS2
    : (freeSpeedMps - v) / ACCELERATION_MPS2 + (distanceM - rampM) / freeSpeedMps;
}
