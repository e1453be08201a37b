import { RUNNING } from './trip-book.ts';
import type { Street } from './street.ts';
import type { World } from './world.ts';

/** Mean speed of each edge over the last three minutes, m/s: what drivers who choose their way at departure know (SUMO's device.rerouting). */
export interface EdgeSpeeds {
  readonly mean: Float64Array;
  /** The last `KEPT_S` seconds of each edge, in a ring. */
  readonly past: Float64Array;
  /** 1: somebody has driven on the edge; the others keep their free speed. */
  readonly used: Uint8Array;
  readonly next: Int32Array;
}

/** SUMO's device.rerouting.adaptation-steps, of 1 s each. */
const KEPT_S = 180;

/** Speeds on empty streets; `kept`: with room to note others. */
export const freeSpeeds = (street: Street, kept: boolean): EdgeSpeeds => {
  const mean = Float64Array.from(street.edgeFirstLane, (lane) => street.laneSpeed[lane]!);
  const past = new Float64Array(kept ? mean.length * KEPT_S : 0);
  mean.forEach((speed, edge) => past.fill(speed, edge * KEPT_S, (edge + 1) * KEPT_S));
  return { mean, past, used: new Uint8Array(mean.length), next: new Int32Array(1) };
};

/** Reused work space: sum of speeds and vehicles per edge. */
let sums = new Float64Array(0);
let counts = new Int32Array(0);

/** Notes how fast everybody drives now, once a second; standing at a stop does not count. */
export const noteSpeeds = ({ fleet, street }: World, { mean, past, used, next }: EdgeSpeeds): void => {
  if (sums.length < mean.length) {
    sums = new Float64Array(mean.length);
    counts = new Int32Array(mean.length);
  }
  sums.fill(0);
  counts.fill(0);
  for (let v = 0; v < fleet.end; v++) {
    if (fleet.state[v] !== RUNNING) continue;
    const edge = street.laneEdge[fleet.lane[v]!]!;
    used[edge] = 1;
    if (fleet.dwellUntil[v]! >= 0) continue;
    sums[edge]! += fleet.speed[v]!;
    counts[edge]!++;
  }
  const at = next[0]!;
  next[0] = (at + 1) % KEPT_S;
  for (let edge = 0; edge < mean.length; edge++) {
    if (used[edge] === 0) continue;
    const speed = counts[edge]! > 0 ? sums[edge]! / counts[edge]! : street.laneSpeed[street.edgeFirstLane[edge]!]!;
    const entry = edge * KEPT_S + at;
    mean[edge]! += (speed - past[entry]!) / KEPT_S;
    past[entry] = speed;
  }
};
