import type { SummaryRow } from '@songxanh/sumo-files';
import { ARRIVED, RUNNING } from './trip-book.ts';
import type { World } from './world.ts';

/** Below this a vehicle halts, m/s (SUMO). */
const HALTING_MPS = 0.1;

export const summarizeStep = (world: World, loaded: number, waiting: number): SummaryRow => {
  const { book, fleet, street } = world;
  let [inserted, arrived, delay, travel] = [0, 0, 0, 0];
  for (let t = 0; t < loaded; t++) {
    const state = book.state[t]!;
    if (state !== RUNNING && state !== ARRIVED) continue;
    inserted++;
    delay += book.departed[t]! - book.trips[t]!.departS;
    if (state !== ARRIVED) continue;
    arrived++;
    travel += book.arrived[t]! - book.departed[t]!;
  }
  let [halting, stopped, speed, relative] = [0, 0, 0, 0];
  for (let v = 0; v < fleet.end; v++) {
    if (fleet.state[v] !== RUNNING) continue;
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
    running: fleet.running,
    waiting,
    arrived,
    halting,
    stopped,
    meanDepartDelayS: mean(delay, inserted),
    meanTravelTimeS: mean(travel, arrived),
    meanSpeedMps: mean(speed, fleet.running),
    meanSpeedRelative: mean(relative, fleet.running),
  };
};
