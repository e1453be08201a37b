import type { RoomTable, Store } from '@songxanh/store';
import { deleteFromRoom, listRoom, saveInRoom } from '@songxanh/store';

/** A table of the room as Redis keeps it for the next gateway; without Redis nothing is kept, and nobody waits for it. */
export interface Kept<T> {
  readonly save: (id: string, value: T) => void;
  readonly drop: (id: string) => void;
  readonly load: () => Promise<readonly T[]>;
}

export const keptIn = <T>(store: Store | undefined, table: RoomTable): Kept<T> => ({
  save: (id, value) => {
    if (store !== undefined) void saveInRoom(store, table, id, value);
  },
  drop: (id) => {
    if (store !== undefined) void deleteFromRoom(store, table, id);
  },
  load: async () => {
    const stored = store === undefined ? undefined : await listRoom<T>(store, table);
    return stored?.ok === true ? stored.value : [];
  },
});
