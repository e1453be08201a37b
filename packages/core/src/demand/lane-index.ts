import type { DetectorId, SignalGroupId } from '../ids.ts';
import type { Detector } from '../intersection/detector.ts';
import type { Lane, Movement } from '../intersection/lane.ts';
import type { Site } from '../intersection/site.ts';

/** One approach lane with what belongs to it. */
export interface IndexedLane {
  readonly lane: Lane;
  readonly movements: readonly Movement[];
  readonly groups: readonly SignalGroupId[];
  readonly stopLines: ReadonlySet<DetectorId>;
  /** Upstream loops by id; more than one where a short approach is fed by several lanes. */
  readonly upstream: ReadonlyMap<DetectorId, Detector>;
}

const cache = new WeakMap<Site, readonly IndexedLane[]>();

/** The site's lanes in their order, each with its movements and loops; computed once per site. */
export function indexLanes(site: Site): readonly IndexedLane[] {
  const known = cache.get(site);
  if (known) return known;
  const lanes = site.lanes.map((lane): IndexedLane => {
    const movements = site.movements.filter((movement) => movement.fromLane === lane.id);
    const loops = site.detectors.filter((detector) => detector.lane === lane.id);
    return {
      lane,
      movements,
      groups: [...new Set(movements.map((movement) => movement.group))],
      stopLines: new Set(loops.filter((loop) => loop.role === 'stop-line').map((loop) => loop.id)),
      upstream: new Map(loops.filter((loop) => loop.role === 'upstream').map((loop) => [loop.id, loop])),
    };
  });
  cache.set(site, lanes);
  return lanes;
}
