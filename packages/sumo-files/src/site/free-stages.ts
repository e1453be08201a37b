import type { Conflict } from '@songxanh/core';
import type { LinkGroup } from './link-groups.ts';

/** Enumeration ends here: a junction with more maximal sets gets the first ones only. */
const MOST_SETS = 20_000;

/** All maximal cliques of the compatibility graph (Bron and Kerbosch 1973, with Tomita's pivot), in a fixed order. */
const maximalSets = (size: number, compatible: (a: number, b: number) => boolean): readonly (readonly number[])[] => {
  const sets: (readonly number[])[] = [];
  const extend = (chosen: readonly number[], candidates: readonly number[], excluded: readonly number[]): void => {
    if (sets.length >= MOST_SETS) return;
    if (candidates.length === 0 && excluded.length === 0) {
      sets.push(chosen);
      return;
    }
    const reach = (v: number): number => candidates.filter((c) => c !== v && compatible(v, c)).length;
    const pivot = [...candidates, ...excluded].reduce((best, v) => (reach(v) > reach(best) ? v : best));
    let open = candidates;
    let closed = excluded;
    for (const v of candidates.filter((c) => c === pivot || !compatible(pivot, c))) {
      const near = (u: number): boolean => u !== v && compatible(v, u);
      extend([...chosen, v], open.filter(near), closed.filter(near));
      open = open.filter((u) => u !== v);
      closed = [...closed, v];
    }
  };
  extend(
    [],
    Array.from({ length: size }, (_, i) => i),
    [],
  );
  return sets;
};

/**
 * Every maximal set of groups without a hard conflict: the stages the program could show but does not. At most `most`, those that serve
 * the most lanes and then the most links first.
 */
export const listFreeStages = (
  groups: readonly LinkGroup[],
  conflicts: readonly Conflict[],
  most: number,
): readonly (readonly string[])[] => {
  const hard = new Set(conflicts.flatMap((c) => (c.kind === 'hard' ? [`${c.a} ${c.b}`, `${c.b} ${c.a}`] : [])));
  const compatible = (a: number, b: number): boolean => !hard.has(`${groups[a]?.id ?? ''} ${groups[b]?.id ?? ''}`);
  const order = groups.map(({ id }) => id);
  return maximalSets(groups.length, compatible)
    .map((set) => {
      const members = set.flatMap((i) => groups[i] ?? []);
      const links = members.flatMap((group) => group.links);
      return {
        ids: members.map(({ id }) => id).sort((a, b) => order.indexOf(a) - order.indexOf(b)),
        lanes: new Set(links.map(({ fromLane }) => fromLane)).size,
        links: links.length,
      };
    })
    .sort((a, b) => b.lanes - a.lanes || b.links - a.links || (a.ids.join(' ') < b.ids.join(' ') ? -1 : 1))
    .slice(0, Math.max(0, most))
    .map(({ ids }) => ids);
};
