/** Whose page is open now, and since when the others' are gone. Wall time, ms. */
export interface Presence {
  readonly came: (name: string) => void;
  readonly left: (name: string, now: number) => void;
  /** When the person's last page went away; undefined while one is open. `since` counts for somebody who has never been here. */
  readonly lostAt: (name: string, since: number) => number | undefined;
  readonly names: () => readonly string[];
}

export const watchPresence = (): Presence => {
  const open = new Map<string, number>();
  const gone = new Map<string, number>();
  return {
    came: (name) => {
      open.set(name, (open.get(name) ?? 0) + 1);
      gone.delete(name);
    },
    left: (name, now) => {
      const pages = (open.get(name) ?? 1) - 1;
      if (pages > 0) {
        open.set(name, pages);
        return;
      }
      open.delete(name);
      gone.set(name, now);
    },
    lostAt: (name, since) => (open.has(name) ? undefined : (gone.get(name) ?? since)),
    names: () => [...open.keys()].sort(),
  };
};
