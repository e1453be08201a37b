/** Smallest key first; equal keys in order of insertion, so that searches are deterministic. */
export interface MinHeap<T> {
  readonly push: (key: number, value: T) => void;
  readonly pop: () => { readonly key: number; readonly value: T } | undefined;
}

export const createMinHeap = <T>(): MinHeap<T> => {
  const entries: { key: number; order: number; value: T }[] = [];
  let pushed = 0;
  const less = (i: number, j: number): boolean => {
    const a = entries[i];
    const b = entries[j];
    return a !== undefined && b !== undefined && (a.key < b.key || (a.key === b.key && a.order < b.order));
  };
  const swap = (i: number, j: number): void => {
    const a = entries[i];
    const b = entries[j];
    if (a === undefined || b === undefined) return;
    entries[i] = b;
    entries[j] = a;
  };
  return {
    push: (key, value) => {
      entries.push({ key, order: pushed++, value });
      for (let i = entries.length - 1; i > 0 && less(i, (i - 1) >> 1); i = (i - 1) >> 1) swap(i, (i - 1) >> 1);
    },
    pop: () => {
      const top = entries[0];
      const last = entries.pop();
      if (top === undefined || last === undefined) return undefined;
      if (entries.length > 0) entries[0] = last;
      for (let i = 0; ;) {
        const child = 2 * i + 1;
        const smaller = less(child + 1, child) ? child + 1 : child;
        if (!less(smaller, i)) break;
        swap(smaller, i);
        i = smaller;
      }
      return top;
    },
  };
};
