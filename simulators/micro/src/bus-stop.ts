import type { BusStopVisit } from '@songxanh/core';
import type { World } from './world.ts';

/** A stop counts as reached up to so far behind its end, m. */
const OVERSHOOT_M = 0.5;
const STANDING_MPS = 0.1;

/** The stop ahead of `v`, which has one (`stopLane` ≥ 0). */
export const nextStop = ({ book, fleet }: World, v: number): BusStopVisit => book.trips[fleet.trip[v]!]!.stops[fleet.nextStop[v]!]!;

/** Begins and ends the dwell of `v`, which has a stop ahead, there. */
export const serveStop = (world: World, v: number): void => {
  const { fleet, street, now } = world;
  if (fleet.dwellUntil[v]! >= 0) {
    if (now < fleet.dwellUntil[v]!) return;
    fleet.dwellUntil[v] = -1;
    headForNext(world, v);
    return;
  }
  const stop = nextStop(world, v);
  const lane = fleet.stopLane[v]!;
  const passed = fleet.lane[v] === lane ? fleet.pos[v]! > stop.endPosM + OVERSHOOT_M : !edgeAhead(world, v, street.laneEdge[lane]!);
  if (passed) headForNext(world, v);
  else if (
    fleet.lane[v] === lane &&
    fleet.speed[v]! <= STANDING_MPS &&
    fleet.pos[v]! >= stop.startPosM &&
    fleet.pos[v]! <= stop.endPosM + OVERSHOOT_M
  )
    fleet.dwellUntil[v] = Math.max(now + stop.durationS, stop.untilS ?? 0);
};

const headForNext = ({ book, fleet, street }: World, v: number): void => {
  const { stops } = book.trips[fleet.trip[v]!]!;
  const next = stops[++fleet.nextStop[v]!];
  fleet.stopLane[v] = next === undefined ? -1 : street.laneIndex.get(next.lane)!;
};

const edgeAhead = ({ fleet, guides }: World, v: number, edge: number): boolean => {
  for (let step = fleet.step[v]!; ; step++) {
    if (guides.edge[step] === edge) return true;
    if (guides.last[step] === 1) return false;
  }
};
