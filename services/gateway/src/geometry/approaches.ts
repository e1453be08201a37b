import type { Network, NetworkLane, Point, Site } from '@songxanh/core';
import type { Approach, Arm } from '@songxanh/wire';
import { placeAt, shapeLength } from './shape.ts';

/** Where a road meets the junction, and the bearing it lies at, degrees clockwise from north. */
interface Mouth {
  readonly edge: string;
  readonly point: Point;
  readonly bearing: number;
}

const CARDINALS: readonly Arm[] = ['N', 'E', 'S', 'W'];
const OCTANTS: readonly Arm[] = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'];
/** The last metres before a stop line may bend; a road's direction is taken from here to there. */
const SEEN_M = 30;

const bearingOf = ([ax, ay]: Point, [bx, by]: Point): number => ((Math.atan2(bx - ax, by - ay) * 180) / Math.PI + 360) % 360;
const named = (bearing: number, names: readonly Arm[]): Arm => names[Math.round((bearing * names.length) / 360) % names.length] ?? 'N';

const mouthOf = (edge: string, { shape }: NetworkLane, end: 'in' | 'out'): Mouth => {
  const length = shapeLength(shape);
  const [at, away] = end === 'in' ? [length, Math.max(0, length - SEEN_M)] : [0, Math.min(length, SEEN_M)];
  const point = placeAt(shape, at).point;
  return { edge, point, bearing: bearingOf(point, placeAt(shape, away).point) };
};

const nearest = (mouths: readonly Mouth[], [x, y]: Point): Mouth | undefined =>
  mouths.reduce<{ mouth: Mouth; m: number } | undefined>((best, mouth) => {
    const m = Math.hypot(mouth.point[0] - x, mouth.point[1] - y);
    return best !== undefined && best.m <= m ? best : { mouth, m };
  }, undefined)?.mouth;

/**
 * What each signal group serves, as people on the street would say it: the arms by the compass, the turns, the lanes; for pedestrians
 * the arm they cross. The four points of the compass where they tell the arms apart, else eight.
 */
export const approachesOf = (network: Network, site: Site): ReadonlyMap<string, Approach> => {
  const links = network.connections.filter(({ signal }) => signal?.program === site.id);
  const drawn = (edge: string, lane = 0): NetworkLane | undefined => {
    const found = network.edges.get(edge)?.lanes[lane];
    return found !== undefined && found.shape.length >= 2 ? found : undefined;
  };
  const mouths = new Map<string, Mouth>();
  for (const { fromEdge, fromLane, toEdge, toLane, crossing } of links) {
    if (crossing !== undefined) continue;
    const [into, out] = [drawn(fromEdge, fromLane), drawn(toEdge, toLane)];
    if (into !== undefined) mouths.set(fromEdge, mouthOf(fromEdge, into, 'in'));
    if (out !== undefined) mouths.set(`out ${toEdge}`, mouthOf(toEdge, out, 'out'));
  }
  const incoming = [...mouths].flatMap(([key, mouth]) => (key.startsWith('out ') ? [] : [mouth]));
  const cardinals = new Set(incoming.map(({ bearing }) => named(bearing, CARDINALS)));
  const names = cardinals.size === incoming.length ? CARDINALS : OCTANTS;
  const armOf = (mouth: Mouth | undefined): readonly Arm[] => (mouth === undefined ? [] : [named(mouth.bearing, names)]);

  return new Map(
    site.groups.map(({ id, heads }) => {
      const own = site.movements.filter(({ group }) => group === id);
      const lanes = [...new Set<string>(own.map(({ fromLane }) => fromLane))];
      const arms = links
        .filter(({ signal }) => signal !== undefined && heads.includes(signal.index))
        .flatMap(({ fromEdge, crossing }) => {
          if (crossing === undefined) return armOf(mouths.get(fromEdge));
          const lane = drawn(crossing);
          return lane === undefined ? [] : armOf(nearest([...mouths.values()], placeAt(lane.shape, shapeLength(lane.shape) / 2).point));
        });
      return [id, { arms: [...new Set(arms)], turns: [...new Set(own.map(({ turn }) => turn))], lanes }];
    }),
  );
};
