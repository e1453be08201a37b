import type { ActiveRequest, Instant, JunctionId, Result } from '@songxanh/core';
import { accept } from '@songxanh/core';
import { channels, keys } from '../keys.ts';
import type { Store } from '../store.ts';

/** What a junction's optimizer is to weigh, as of `at`. */
export interface JunctionRequests {
  readonly junction: JunctionId;
  readonly at: Instant;
  readonly requests: readonly ActiveRequest[];
}

/** A list that nobody renews is nobody's request any more; wall time, since its writer may be gone. */
export const REQUESTS_TTL_MS = 8000;

/** Publishes a junction's list to its optimizer and keeps it for the next owner. */
export const saveRequests = (store: Store, lists: readonly JunctionRequests[]): Promise<Result<unknown>> =>
  store.attempt((client) =>
    Promise.all([
      ...lists.map((list) =>
        client.set(keys.requests(list.junction), JSON.stringify(list), { expiration: { type: 'PX', value: REQUESTS_TTL_MS } }),
      ),
      client.publish(channels.requests, JSON.stringify(lists)),
    ]),
  );

export const findRequests = async (store: Store, junction: JunctionId): Promise<Result<JunctionRequests | undefined>> => {
  const text = await store.attempt((client) => client.get(keys.requests(junction)));
  if (!text.ok) return text;
  return accept(text.value === null ? undefined : (JSON.parse(text.value) as JunctionRequests));
};
