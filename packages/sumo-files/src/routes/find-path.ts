import { createMinHeap } from './min-heap.ts';

export interface Step {
  readonly to: string;
  /** Cost of getting from the begin of this node to the begin of `to`. */
  readonly cost: number;
}

/** Dijkstra's cheapest path, both ends included; undefined where there is none. */
export const findPath = (from: string, to: string, steps: (node: string) => readonly Step[]): readonly string[] | undefined => {
  const best = new Map<string, { cost: number; before: string | undefined }>([[from, { cost: 0, before: undefined }]]);
  const settled = new Set<string>();
  const open = createMinHeap<string>();
  open.push(0, from);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { key, value: node } = next;
    if (settled.has(node)) continue;
    settled.add(node);
    if (node === to) break;
    for (const step of steps(node)) {
      const cost = key + step.cost;
      if (cost < (best.get(step.to)?.cost ?? Infinity)) {
        best.set(step.to, { cost, before: node });
        open.push(cost, step.to);
      }
    }
  }
  if (!settled.has(to)) return undefined;
  const path: string[] = [];
  for (let node: string | undefined = to; node !== undefined; node = best.get(node)?.before) path.push(node);
  return path.reverse();
};
