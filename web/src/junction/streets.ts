import type { JunctionSummary } from '@songxanh/wire/live';

export interface Street {
  readonly name: string;
  /** In the order of the list. */
  readonly junctions: readonly string[];
}

/** Named streets with several signals, the longest first: corridors that one may want to take as a whole. */
export const streetsOf = (junctions: readonly JunctionSummary[]): readonly Street[] => {
  const byName = new Map<string, Set<string>>();
  for (const { id, roads = [] } of junctions)
    for (const { name } of roads) if (name !== '') byName.set(name, (byName.get(name) ?? new Set()).add(id));
  return [...byName]
    .filter(([, ids]) => ids.size > 1)
    .map(([name, ids]) => ({ name, junctions: [...ids] }))
    .sort((a, b) => b.junctions.length - a.junctions.length || a.name.localeCompare(b.name));
};
