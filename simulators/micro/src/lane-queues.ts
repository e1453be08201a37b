import type { World } from './world.ts';

export interface LaneQueue {
  readonly lane: string;
  readonly standing: number;
  readonly vehicles: number;
  /** From the stop line to the back of the last standing vehicle, m. */
  readonly lengthM: number;
}

/** Vehicles slower than this stand in a queue, m/s (SUMO's lane-area jam speed, 5 km/h). */
const QUEUED_MPS = 5 / 3.6;

export const laneQueues = (world: World): LaneQueue[] => {
  const { fleet, street, order } = world;
  const queues: LaneQueue[] = [];
  for (let lane = 0; lane < street.laneIds.length; lane++) {
    if (street.laneLink[lane]! >= 0 || order.count[lane] === 0) continue;
    let standing = 0;
    let lengthM = 0;
    for (let v = order.first[lane]!; v >= 0; v = fleet.behind[v]!) {
      if (fleet.speed[v]! >= QUEUED_MPS) continue;
      standing++;
      lengthM = street.laneLength[lane]! - fleet.pos[v]! + fleet.length[v]!;
    }
    queues.push({ lane: street.laneIds[lane]!, standing, vehicles: order.count[lane]!, lengthM });
  }
  return queues;
};
