import type { JunctionId } from '@songxanh/core';
import type { Owner, Store } from '@songxanh/store';
import { acquireLease, findOwner, listProcesses, preferredOwner, releaseLease } from '@songxanh/store';

export interface Ownership {
  /** Renews, takes and gives back leases; call it every LEASE_TICK_MS. False when Redis could not be asked. */
  readonly tick: () => Promise<boolean>;
  readonly owns: (junction: JunctionId) => boolean;
  /** Where a junction that is not ours is owned, as far as known. */
  readonly ownerOf: (junction: JunctionId) => Owner | undefined;
  /** Gives everything back: an orderly end needs no time-out. */
  readonly releaseAll: () => Promise<void>;
}

export interface OwnershipEvents {
  readonly onGained: (junctions: readonly JunctionId[]) => void;
  readonly onLost: (junctions: readonly JunctionId[]) => void;
}

/**
 * Which junctions this optimizer owns. Each live optimizer takes the junctions that rendezvous hashing gives it and hands others over.
 * While Redis is away everybody keeps what they own.
 */
export const openOwnership = (store: Store, self: Owner, junctions: readonly JunctionId[], events: OwnershipEvents): Ownership => {
  const owned = new Set<JunctionId>();
  const others = new Map<JunctionId, Owner>();

  const tickOne = async (junction: JunctionId, live: readonly string[]): Promise<'gained' | 'lost' | undefined> => {
    const preferred = preferredOwner(junction, live);
    if (preferred === self.name) {
      const holder = await acquireLease(store, junction, self);
      if (!holder.ok) return undefined;
      const ours = holder.value.name === self.name;
      if (ours) others.delete(junction);
      else others.set(junction, holder.value);
      if (ours === owned.has(junction)) return undefined;
      return ours ? 'gained' : 'lost';
    }
    if (owned.has(junction)) {
      const released = await releaseLease(store, junction, self);
      return released.ok ? 'lost' : undefined;
    }
    const holder = await findOwner(store, junction);
    if (holder.ok && holder.value !== undefined) others.set(junction, holder.value);
    return undefined;
  };

  return {
    tick: async () => {
      const known = await listProcesses(store);
      if (!known.ok) return false;
      const live = known.value.flatMap(({ kind, name, beat }) => (kind === 'optimizer' && beat !== undefined ? [name] : []));
      const names = live.includes(self.name) ? live : [...live, self.name];
      const changes = await Promise.all(junctions.map(async (junction) => ({ junction, change: await tickOne(junction, names) })));
      const changed = (kind: 'gained' | 'lost'): readonly JunctionId[] =>
        changes.filter(({ change }) => change === kind).map(({ junction }) => junction);
      const gained = changed('gained');
      const lost = changed('lost');
      for (const junction of gained) owned.add(junction);
      for (const junction of lost) owned.delete(junction);
      if (lost.length > 0) events.onLost(lost);
      if (gained.length > 0) events.onGained(gained);
      return true;
    },
    owns: (junction) => owned.has(junction),
    ownerOf: (junction) => others.get(junction),
    releaseAll: async () => {
      await Promise.all([...owned].map((junction) => releaseLease(store, junction, self)));
      owned.clear();
    },
  };
};
