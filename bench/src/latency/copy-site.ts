import { junctionId, type Site } from '@songxanh/core';

/** The same junction in another town: an id and lanes of its own, so that only junctions of the same copy are neighbours. */
export const copySite = (site: Site, copy: number): Site => {
  const lanes = new Set<unknown>([
    ...site.lanes.map(({ id }) => id),
    ...site.movements.flatMap(({ toLane, downstreamLane }) => [toLane, downstreamLane]),
  ]);
  const renamed = JSON.parse(JSON.stringify(site), (_key, value: unknown) =>
    lanes.has(value) ? `${copy}/${String(value)}` : value,
  ) as Site;
  return { ...renamed, id: junctionId(`${site.id}-${copy}`) };
};
