import type { Simulation } from '@songxanh/micro';

/** One vehicle over one stop line. Times are scenario seconds. */
export interface Passage {
  readonly lane: string;
  /** When it would have come to the stop line had nothing held it on the last stretch. */
  readonly freeAtS: number;
  readonly leftAtS: number;
  readonly pcu: number;
  readonly persons: number;
}

/** The fleet's state of a vehicle on the street. */
const RUNNING = 1;
/** The stretch before the stop line on which a vehicle's free way is reckoned, m; it begins behind the last signal at the nearest. */
const STRETCH_M = 150;

interface Way {
  lane: number;
  leftM: number;
  /** Odometer by second since the last signal. */
  readonly odometer: number[];
}

/** Follows every vehicle and notes when it crosses the stop line of one of `lanes`: what an estimate is measured against. */
export const watchPassages = (
  { world }: Simulation,
  lanes: ReadonlyMap<string, number>,
): { readonly look: () => void; readonly passages: () => readonly Passage[] } => {
  const { fleet, street } = world;
  const passages: Passage[] = [];
  /** By trip: a vehicle's place in the fleet changes. */
  const ways = new Map<number, Way>();
  const approaches = new Map([...lanes].map(([id, speedMps]) => [street.laneIndex.get(id)!, { id, speedMps }]));

  const running = (): number[] => [...Array(fleet.end).keys()].filter((v) => fleet.state[v] === RUNNING);

  /** `sinceS`: age of the newest odometer reading. */
  const describe = (v: number, way: Way, sinceS: number, leftAtS: number): readonly Passage[] => {
    const approach = approaches.get(way.lane);
    if (approach === undefined) return [];
    const last = way.odometer.length - 1;
    const line = way.odometer[last]! + way.leftM;
    const first = way.odometer.findIndex((m) => m >= line - STRETCH_M);
    const freeAtS = world.now - sinceS - (last - first) + (line - way.odometer[first]!) / approach.speedMps;
    const { pcu, persons } = fleet.types[fleet.typeOf[v]!]!;
    return [{ lane: approach.id, freeAtS: Math.min(freeAtS, leftAtS), leftAtS, pcu, persons }];
  };
  const pass = (v: number, way: Way): void => {
    const moved = fleet.odometer[v]! - way.odometer.at(-1)!;
    passages.push(...describe(v, way, 1, world.now - 1 + Math.min(1, moved > 0 ? way.leftM / moved : 1)));
  };

  const look = (): void => {
    for (const v of running()) {
      const trip = fleet.trip[v]!;
      const lane = fleet.lane[v]!;
      const link = street.laneLink[lane]!;
      const way = ways.get(trip);
      if (way !== undefined && way.lane !== lane && street.laneEdge[way.lane] !== street.laneEdge[lane]) pass(v, way);
      if (link >= 0 && street.linkSignal[link]! >= 0) ways.delete(trip);
      else {
        const here = ways.get(trip) ?? { lane, leftM: 0, odometer: [] };
        here.lane = lane;
        here.leftM = street.laneLength[lane]! - fleet.pos[v]!;
        here.odometer.push(fleet.odometer[v]!);
        ways.set(trip, here);
      }
    }
  };
  /** Who is still before a stop line has not left it. */
  const waiting = (): readonly Passage[] =>
    running().flatMap((v) => {
      const way = ways.get(fleet.trip[v]!);
      return way === undefined ? [] : describe(v, way, 0, Infinity);
    });
  return { look, passages: () => [...passages, ...waiting()] };
};
