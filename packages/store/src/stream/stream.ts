import type { DecisionRecord, JunctionId, Result, SignalEvent } from '@songxanh/core';
import { accept } from '@songxanh/core';
import { keys } from '../keys.ts';
import type { Store } from '../store.ts';

/** One junction's stream of JSON values, capped: it carries the recent past to whoever takes over or looks, not the archive. */
export interface JunctionStream<T> {
  readonly append: (store: Store, junction: JunctionId, values: readonly T[]) => Promise<Result<number>>;
  /** The last `count`, oldest first. */
  readonly readLast: (store: Store, junction: JunctionId, count: number) => Promise<Result<readonly T[]>>;
}

const junctionStream = <T>(key: (junction: string) => string, cap: number): JunctionStream<T> => ({
  append: (store, junction, values) =>
    store.attempt(async (client) => {
      const trim = { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: cap } } as const;
      await Promise.all(values.map((value) => client.xAdd(key(junction), '*', { v: JSON.stringify(value) }, trim)));
      return values.length;
    }),
  readLast: async (store, junction, count) => {
    const entries = await store.attempt((client) => client.xRevRange(key(junction), '+', '-', { COUNT: count }));
    if (!entries.ok) return entries;
    return accept(
      (entries.value ?? []).reverse().flatMap(({ message }) => (message['v'] === undefined ? [] : [JSON.parse(message['v']) as T])),
    );
  },
});

/** Five minutes at one report per second: as much as a new owner replays to know a junction's demand. */
const OBSERVATIONS = 300;
const DECISIONS = 300;
const EVENTS = 3000;

/** `T` is the caller's observation value; it must survive JSON. */
export const observationStream = <T>(): JunctionStream<T> => junctionStream<T>(keys.observations, OBSERVATIONS);
export const decisionStream = junctionStream<DecisionRecord>(keys.decisions, DECISIONS);
export const eventStream = junctionStream<SignalEvent>(keys.events, EVENTS);
