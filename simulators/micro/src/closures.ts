import { accept, refuse, type Closure, type Result } from '@songxanh/core';
import type { Street } from './street.ts';

/** A closure by numbers. */
export interface ClosedEdges {
  readonly beginS: number;
  readonly endS: number;
  readonly edges: Int32Array;
  /** 1 for each edge on which drivers learn of it; everywhere where absent. */
  readonly noticedOn?: Uint8Array;
}

/** Refuses a closure of edges that the street does not have. */
export const findClosedEdges = (street: Street, closures: readonly Closure[]): Result<readonly ClosedEdges[]> => {
  const found: ClosedEdges[] = [];
  for (const { id, edges, beginS, endS, noticedOn } of closures) {
    const unknown = [...edges, ...(noticedOn ?? [])].find((edge) => !street.edgeIndex.has(edge));
    if (unknown !== undefined) return refuse('unknown-edge', `closure ${id}: edge ${unknown} is not in the network`);
    const numbers = (ids: readonly string[]): Int32Array => Int32Array.from(ids, (edge) => street.edgeIndex.get(edge)!);
    const closed = { beginS, endS, edges: numbers(edges) };
    if (noticedOn === undefined) found.push(closed);
    else {
      const noticed = new Uint8Array(street.edgeIds.length);
      for (const edge of numbers(noticedOn)) noticed[edge] = 1;
      found.push({ ...closed, noticedOn: noticed });
    }
  }
  return accept(found);
};

export const isInForce = ({ beginS, endS }: ClosedEdges, atS: number): boolean => beginS <= atS && atS < endS;
