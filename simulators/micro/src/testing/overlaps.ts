import type { World } from '../world.ts';

/** Two vehicles in one place, told in words for whoever has to find out why: trip, type, lane and front of each. */
export type Overlap = string;

const describe = ({ book, fleet, street }: World, v: number): string =>
  `${book.trips[fleet.trip[v]!]!.id} (${fleet.types[fleet.typeOf[v]!]!.id}) on ${street.laneIds[fleet.lane[v]!]!} at ${fleet.pos[v]!.toFixed(2)} m`;

/** Pairs of vehicles that overlap on a lane while sharing one of its slots. */
export const overlapsOnLanes = (world: World): Overlap[] => {
  const { fleet, order, street } = world;
  const found: Overlap[] = [];
  const longest = Math.max(0, ...fleet.types.map(({ lengthM }) => lengthM));
  for (let lane = 0; lane < street.laneIds.length; lane++)
    for (let v = order.last[lane]!; v >= 0; v = fleet.ahead[v]!)
      // Nobody farther ahead than the longest vehicle is long reaches back to here.
      for (let a = fleet.ahead[v]!; a >= 0 && fleet.pos[a]! - longest < fleet.pos[v]!; a = fleet.ahead[a]!)
        if (fleet.slots[v]! & fleet.slots[a]! && fleet.pos[a]! - fleet.length[a]! < fleet.pos[v]! - 0.01)
          found.push(`${describe(world, v)}, ${describe(world, a)}`);
  return found;
};

/** Front and back of everybody on a link's path, m from its stop line. */
const onPath = (world: World, link: number): { vehicle: number; front: number; back: number }[] => {
  const { fleet, order, street } = world;
  const found: { vehicle: number; front: number; back: number }[] = [];
  for (const lane of [street.linkVia[link]!, street.linkSecondVia[link]!])
    for (let v = lane < 0 ? -1 : order.first[lane]!; v >= 0; v = fleet.behind[v]!) {
      const front = street.lanePathOffset[lane]! + fleet.pos[v]!;
      found.push({ vehicle: v, front, back: front - fleet.length[v]! });
    }
  return found;
};

/** Pairs of vehicles on crossing paths whose bodies are both where the paths cross; `counts` may leave pairs of links out. */
export const overlapsInNodes = (world: World, counts: (link: number, foe: number) => boolean = () => true): Overlap[] => {
  const { street } = world;
  const found: Overlap[] = [];
  const { conflicts } = street;
  for (let link = 0; link < street.linkFrom.length; link++) {
    if (isEmpty(world, link)) continue;
    const own = onPath(world, link);
    for (let c = street.conflictBegin[link]!; c < street.conflictBegin[link + 1]!; c++) {
      const foe = conflicts.foe[c]!;
      if (foe < link || street.linkTo[foe] === street.linkTo[link] || isEmpty(world, foe) || !counts(link, foe)) continue;
      for (const theirs of onPath(world, foe))
        for (const mine of own)
          if (
            mine.front > conflicts.begin[c]! &&
            mine.back < conflicts.end[c]! &&
            theirs.front > conflicts.foeBegin[c]! &&
            theirs.back < conflicts.foeEnd[c]!
          )
            found.push(`${describe(world, mine.vehicle)}, ${describe(world, theirs.vehicle)}`);
    }
  }
  return found;
};

const isEmpty = ({ order, street }: World, link: number): boolean => {
  const [via, second] = [street.linkVia[link]!, street.linkSecondVia[link]!];
  return (via < 0 || order.count[via] === 0) && (second < 0 || order.count[second] === 0);
};
