import type { Result } from '@songxanh/core';
import { accept } from '@songxanh/core';
import { keys } from '../keys.ts';
import type { Store } from '../store.ts';

/** What the control room keeps by id, so that a restart of the gateway forgets nothing. */
export type RoomTable = 'locks' | 'alarms' | 'runs' | 'works' | 'reports' | 'sessions';

export const saveInRoom = (store: Store, table: RoomTable, id: string, value: unknown): Promise<Result<unknown>> =>
  store.attempt((client) => client.hSet(keys.room(table), id, JSON.stringify(value)));

export const deleteFromRoom = (store: Store, table: RoomTable, id: string): Promise<Result<unknown>> =>
  store.attempt((client) => client.hDel(keys.room(table), id));

export const listRoom = async <T>(store: Store, table: RoomTable): Promise<Result<readonly T[]>> => {
  const all = await store.attempt((client) => client.hVals(keys.room(table)));
  return all.ok ? accept(all.value.map((text) => JSON.parse(text) as T)) : all;
};
