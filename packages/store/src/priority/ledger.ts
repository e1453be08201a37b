import type { RequestOutcome, RequestProof, Result } from '@songxanh/core';
import { accept } from '@songxanh/core';
import { keys } from '../keys.ts';
import type { Store } from '../store.ts';

/** A month of a city with some 300 bus passages an hour over its junctions; the oldest leave first. */
const MOST_ENTRIES = 200_000;

/** Values of one month, appended and read whole: what the statements are made of. */
export interface Ledger<T> {
  readonly append: (store: Store, month: string, value: T) => Promise<Result<unknown>>;
  readonly read: (store: Store, month: string) => Promise<Result<readonly T[]>>;
}

const ledger = <T>(key: (month: string) => string): Ledger<T> => ({
  append: (store, month, value) =>
    store.attempt((client) =>
      client.xAdd(
        key(month),
        '*',
        { v: JSON.stringify(value) },
        { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: MOST_ENTRIES } },
      ),
    ),
  read: async (store, month) => {
    const entries = await store.attempt((client) => client.xRange(key(month), '-', '+'));
    if (!entries.ok) return entries;
    return accept((entries.value ?? []).flatMap(({ message }) => (message['v'] === undefined ? [] : [JSON.parse(message['v']) as T])));
  },
});

export const outcomeLedger = ledger<RequestOutcome>(keys.outcomes);
export const proofLedger = ledger<RequestProof>(keys.proofs);
