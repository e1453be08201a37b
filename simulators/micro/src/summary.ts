import type { SummaryRow } from '@songxanh/sumo-files';
import { ARRIVED, RUNNING } from './fleet.ts';
import type { World } from './world.ts';

/** Below this a vehicle halts, m/s (SUMO). */
const HALTING_MPS = 0.1;

export const summarizeStep = (world: World, loaded: number, waiting: number): SummaryRow => {
  const { fleet, street } = world;
  let [inserted, arrived, delay, travel] = [0, 0, 0, 0];
  for (let v = 0; v < loaded; v++) {
    const state = fleet.state[v]!;
    if (state !== RUNNING && state !== ARRIVED) continue;
    inserted++;
    delay += fleet.departed[v]! - fleet.trips[v]!.departS;
    if (state !== ARRIVED) continue;
    arrived++;
    travel += fleet.arrived[v]! - fleet.departed[v]!;
  }
  let [halting, stopped, speed, relative] = [0, 0, 0, 0];
  for (let a = 0; a < world.activeCount; a++) {
    const v = world.active[a]!;
    if (fleet.dwellUntil[v]! >= 0) stopped++;
    else if (fleet.speed[v]! < HALTING_MPS) halting++;
    speed += fleet.speed[v]!;
    relative += fleet.speed[v]! / street.laneSpeed[fleet.lane[v]!]!;
  }
  const mean = (sum: number, count: number): number => (count > 0 ? sum / count : -1);
  return {
    timeS: world.now - world.stepS,
    loaded,
    inserted,
    running: world.activeCount,
    waiting,
    arrived,
    halting,
    stopped,
    meanDepartDelayS: mean(delay, inserted),
    meanTravelTimeS: mean(travel, arrived),
    meanSpeedMps: mean(speed, world.activeCount),
    meanSpeedRelative: mean(relative, world.activeCount),
  };
};
