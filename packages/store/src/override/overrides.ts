import type { JunctionId, Override, Result } from '@songxanh/core';
import { accept } from '@songxanh/core';
import { keys } from '../keys.ts';
import type { Store } from '../store.ts';

/** An override and its junction, kept so that a restart of the gateway releases nothing. */
export interface StoredOverride {
  readonly junction: JunctionId;
  readonly override: Override;
}

export const saveOverride = (store: Store, stored: StoredOverride): Promise<Result<unknown>> =>
  store.attempt((client) => client.hSet(keys.overrides, stored.override.id, JSON.stringify(stored)));

export const deleteOverride = (store: Store, id: string): Promise<Result<unknown>> =>
  store.attempt((client) => client.hDel(keys.overrides, id));

export const listOverrides = async (store: Store): Promise<Result<readonly StoredOverride[]>> => {
  const all = await store.attempt((client) => client.hVals(keys.overrides));
  return all.ok ? accept(all.value.map((text) => JSON.parse(text) as StoredOverride)) : all;
};
