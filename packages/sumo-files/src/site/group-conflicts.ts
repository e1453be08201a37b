import { signalGroupId } from '@songxanh/core';
import type { Conflict, Network } from '@songxanh/core';
import type { LinkGroup } from './link-groups.ts';
import { givesWay, isGo, meet } from './signal-links.ts';

/**
 * Groups whose links meet conflict: hard, unless the program itself lets both go at once. Then it is permissive, and who yields is told by the
 * letters (g to G) or, where both show the same, by the node's right of way.
 */
export const deriveConflicts = (network: Network, groups: readonly LinkGroup[]): readonly Conflict[] =>
  groups.flatMap((a, i) => groups.slice(i + 1).flatMap((b) => conflictsBetween(network, a, b)));

const conflictsBetween = (network: Network, a: LinkGroup, b: LinkGroup): readonly Conflict[] => {
  const pairs = a.links.flatMap((x) => b.links.filter((y) => meet(network, x, y) || meet(network, y, x)).map((y) => ({ x, y })));
  if (pairs.length === 0) return [];
  const ids = { a: signalGroupId(a.id), b: signalGroupId(b.id) };
  const together = a.aspects.map((aspect, k) => [aspect, b.aspects[k]] as const).filter(([x, y]) => isGo(x) && isGo(y));
  if (together.length === 0) return [{ kind: 'hard', ...ids }];

  const aYields = { kind: 'permissive', yields: ids.a, to: ids.b } as const;
  const bYields = { kind: 'permissive', yields: ids.b, to: ids.a } as const;
  const byLetter = [
    ...(together.some(([x, y]) => x === 'g' && y === 'G') ? [aYields] : []),
    ...(together.some(([x, y]) => x === 'G' && y === 'g') ? [bYields] : []),
  ];
  if (byLetter.length > 0) return byLetter;
  // Turning traffic gives way to people on a crossing, whatever the letters say.
  if (a.pedestrian !== b.pedestrian) return [a.pedestrian ? bYields : aYields];
  const byRule = [
    ...(pairs.some(({ x, y }) => givesWay(network, x, y)) ? [aYields] : []),
    ...(pairs.some(({ x, y }) => givesWay(network, y, x)) ? [bYields] : []),
  ];
  return byRule.length > 0 ? byRule : [bYields];
};
