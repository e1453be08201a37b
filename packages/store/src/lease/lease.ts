import type { JunctionId, Result } from '@songxanh/core';
import { accept } from '@songxanh/core';
import { keys } from '../keys.ts';
import type { Store } from '../store.ts';

/**
 * A lost owner must be replaced within 3 s of wall time: LEASE_TTL_MS + LEASE_TICK_MS < 3000.
 * An owner that lives renews in time: LEASE_TICK_MS < LEASE_TTL_MS / 3, so that two ticks may be late.
 */
export const LEASE_TTL_MS = 2400;
export const LEASE_TICK_MS = 400;

/** An optimizer process: its name, and where agents reach it. */
export interface Owner {
  readonly name: string;
  /** host:port */
  readonly address: string;
}

const encodeOwner = (owner: Owner): string => `${owner.name}@${owner.address}`;
const parseOwner = (text: string): Owner => {
  const at = text.lastIndexOf('@');
  return { name: text.slice(0, at), address: text.slice(at + 1) };
};

/** Takes or renews the lease; the value is who holds it afterwards. */
export const acquireLease = async (store: Store, junction: JunctionId, owner: Owner, ttlMs = LEASE_TTL_MS): Promise<Result<Owner>> => {
  const holder = await store.attempt((client) => client.acquireLease(keys.lease(junction), encodeOwner(owner), ttlMs));
  return holder.ok ? accept(parseOwner(holder.value)) : holder;
};

/** Gives the lease back; false when somebody else holds it. */
export const releaseLease = (store: Store, junction: JunctionId, owner: Owner): Promise<Result<boolean>> =>
  store.attempt((client) => client.releaseLease(keys.lease(junction), encodeOwner(owner)));

export const findOwner = async (store: Store, junction: JunctionId): Promise<Result<Owner | undefined>> => {
  const holder = await store.attempt((client) => client.get(keys.lease(junction)));
  if (!holder.ok) return holder;
  return accept(holder.value === null ? undefined : parseOwner(holder.value));
};
