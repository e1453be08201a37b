import type { Network, NetworkLane, Point, Site } from '@songxanh/core';
import type { Approach, Arm, Road } from '@songxanh/wire';
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

/** What people call the parts of a junction. */
export interface JunctionGeometry {
  /** By signal group: the arms, turns and lanes it serves; for pedestrians the arm they cross. */
  readonly groups: ReadonlyMap<string, Approach>;
  readonly roads: readonly Road[];
}

/** The junction as people on the street would say it: by the four points of the compass where they tell its arms apart, else by eight. */
export const geometryOf = (network: Network, site: Site): JunctionGeometry => {
  const links = network.connections.filter(({ signal }) => signal?.program === site.id);
  const drawn = (edge: string, lane = 0): NetworkLane | undefined => {
    const found = network.edges.get(edge)?.lanes[lane];
    return found !== undefined && found.shape.length >= 2 ? found : undefined;
  };
  const into = new Map<string, Mouth>();
  const out = new Map<string, Mouth>();
  for (const { fromEdge, fromLane, toEdge, toLane, crossing } of links) {
    if (crossing !== undefined) continue;
    const [from, to] = [drawn(fromEdge, fromLane), drawn(toEdge, toLane)];
    if (from !== undefined) into.set(fromEdge, mouthOf(fromEdge, from, 'in'));
    if (to !== undefined) out.set(toEdge, mouthOf(toEdge, to, 'out'));
  }
  const cardinals = new Set([...into.values()].map(({ bearing }) => named(bearing, CARDINALS)));
  const names = cardinals.size === into.size ? CARDINALS : OCTANTS;
  const armOf = ({ bearing }: Mouth): Arm => named(bearing, names);
  const mouths = [...into.values(), ...out.values()];
  const crossed = (crossing: string): Mouth | undefined => {
    const lane = drawn(crossing);
    return lane === undefined ? undefined : nearest(mouths, placeAt(lane.shape, shapeLength(lane.shape) / 2).point);
  };
  const roadsOf = (some: ReadonlyMap<string, Mouth>, way: Road['way']): readonly Road[] =>
    [...some.values()].map((mouth) => ({ edge: mouth.edge, arm: armOf(mouth), way, name: network.edges.get(mouth.edge)?.name ?? '' }));

  return {
    groups: new Map(
      site.groups.map(({ id, heads }) => {
        const own = site.movements.filter(({ group }) => group === id);
        const arms = links
          .filter(({ signal }) => signal !== undefined && heads.includes(signal.index))
          .map(({ fromEdge, crossing }) => (crossing === undefined ? into.get(fromEdge) : crossed(crossing)))
          .flatMap((mouth) => (mouth === undefined ? [] : [armOf(mouth)]));
        const lanes = [...new Set<string>(own.map(({ fromLane }) => fromLane))];
        return [id, { arms: [...new Set(arms)], turns: [...new Set(own.map(({ turn }) => turn))], lanes }];
      }),
    ),
    roads: [...roadsOf(into, 'in'), ...roadsOf(out, 'out')],
  };
};
