import type { Network } from '@songxanh/core';
import { isGo, meet } from './signal-links.ts';
import type { Aspect, SignalLink } from './signal-links.ts';

/** Links that become one signal group. */
export interface LinkGroup {
  readonly id: string;
  readonly links: readonly SignalLink[];
  readonly heads: readonly number[];
  readonly aspects: readonly Aspect[];
  readonly pedestrian: boolean;
}

const signature = (link: SignalLink): string => link.aspects.join('');

/** Half turns count with the full ones. */
const turnOf = (link: SignalLink): string => link.connection.direction.toLowerCase();

/** Links of one approach that always show the same belong together when they turn the same way. */
const belongTogether = (a: SignalLink, b: SignalLink): boolean =>
  a.pedestrian === b.pedestrian &&
  !a.pedestrian &&
  signature(a) === signature(b) &&
  a.connection.fromEdge === b.connection.fromEdge &&
  turnOf(a) === turnOf(b);

const toGroup = (links: readonly SignalLink[]): LinkGroup => {
  const heads = [...new Set(links.map((link) => link.index))].sort((a, b) => a - b);
  return {
    id: `g${String(heads[0] ?? 0)}`,
    links,
    heads,
    aspects: links[0]?.aspects ?? [],
    pedestrian: links.some((link) => link.pedestrian),
  };
};

/**
 * One group per approach, turn and aspects: finer than the program needs, so that stages it never shows can be formed (a right turn beside the
 * left turn of the street it joins). A shared lane may so have green for one turn only.
 * Links that meet are never in one group. Links the program never lets go have none: their heads stay red.
 */
export const groupLinks = (network: Network, links: readonly SignalLink[]): readonly LinkGroup[] => {
  const open = links.filter((link) => link.aspects.some(isGo));
  const parent = open.map((_, i) => i);
  const root = (i: number): number => {
    const above = parent[i] ?? i;
    return above === i ? i : root(above);
  };
  open.forEach((a, i) => {
    open.slice(0, i).forEach((b, j) => {
      if (a.index === b.index || belongTogether(a, b)) parent[root(i)] = root(j);
    });
  });
  const byRoot = new Map<number, SignalLink[]>();
  open.forEach((link, i) => {
    byRoot.set(root(i), [...(byRoot.get(root(i)) ?? []), link]);
  });
  return [...byRoot.values()]
    .flatMap((members) => {
      const clash = members.some((a) => members.some((b) => a.index !== b.index && meet(network, a, b)));
      if (!clash) return [toGroup(members)];
      return [...new Set(members.map((link) => link.index))].map((index) => toGroup(members.filter((link) => link.index === index)));
    })
    .sort((a, b) => (a.heads[0] ?? 0) - (b.heads[0] ?? 0));
};
