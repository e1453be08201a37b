import { refuse, accept, type Instant, type JunctionId, type Override, type Result } from '@songxanh/core';

/** Takes preemption to the agents, through the control room's override desk. */
export interface OverrideClient {
  /** Replaces what was given for the junction before. */
  readonly give: (junction: JunctionId, override: Omit<Override, 'id'>, now: Instant) => Promise<Result<string>>;
  readonly release: (junction: JunctionId) => Promise<Result<true>>;
}

const WITHIN_MS = 2000;

/** The gateway's HTTP API at `url`, with the token for preemption. */
export const openOverrideClient = (url: string, token: string): OverrideClient => {
  const inForce = new Map<JunctionId, string>();
  /** One call at a time for each junction: a release must find what was given before it. */
  const queues = new Map<JunctionId, Promise<unknown>>();
  const inTurn = <T>(junction: JunctionId, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(junction) ?? Promise.resolve()).then(work);
    queues.set(junction, turn);
    return turn;
  };
  const call = async (method: string, path: string, body?: unknown): Promise<Result<unknown>> => {
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(WITHIN_MS),
      });
      const text = await response.text();
      if (!response.ok) return refuse('override-refused', `${method} ${path}: HTTP ${String(response.status)} ${text.slice(0, 300)}`);
      return accept(text === '' ? undefined : (JSON.parse(text) as unknown));
    } catch (error) {
      return refuse('gateway-unavailable', `${method} ${path}: ${(error as Error).message}`);
    }
  };
  const remove = async (junction: JunctionId, id: string): Promise<Result<true>> => {
    const removed = await call('DELETE', `/api/overrides/${encodeURIComponent(id)}`);
    if (inForce.get(junction) === id) inForce.delete(junction);
    return removed.ok ? accept(true) : removed;
  };
  const give: OverrideClient['give'] = async (junction, { action, source, reason, by, expires }, now) => {
    const durationS = Math.max(1, Math.round((expires - now) / 1000));
    const before = inForce.get(junction);
    const path = `/api/junctions/${encodeURIComponent(junction)}/overrides`;
    const given = await call('POST', path, { action, source, reason, by, durationS });
    if (!given.ok) return given;
    const { id } = given.value as { readonly id: string };
    inForce.set(junction, id);
    // The new one first: between the two nobody else may have the junction.
    if (before !== undefined) await remove(junction, before);
    return accept(id);
  };
  return {
    give: (junction, override, now) => inTurn(junction, () => give(junction, override, now)),
    release: (junction) =>
      inTurn(junction, async () => {
        const id = inForce.get(junction);
        return id === undefined ? accept(true) : remove(junction, id);
      }),
  };
};
