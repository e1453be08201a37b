import type { Result } from '@songxanh/core';
import { keys } from '../keys.ts';
import type { Store } from '../store.ts';

/** A process that lives beats every HEARTBEAT_MS; one that has been silent for HEARTBEAT_TTL_MS counts as down: 2 × HEARTBEAT_MS < HEARTBEAT_TTL_MS. */
export const HEARTBEAT_MS = 400;
export const HEARTBEAT_TTL_MS = 2000;

export interface ProcessBeat {
  readonly kind: string;
  readonly name: string;
  /** host:port where others reach it; '' for none. */
  readonly address: string;
  readonly pid: number;
  readonly detail: string;
}

export interface KnownProcess {
  readonly kind: string;
  readonly name: string;
  /** Its last beat; undefined when it has fallen silent. */
  readonly beat: ProcessBeat | undefined;
}

export const beat = (store: Store, process: ProcessBeat, ttlMs = HEARTBEAT_TTL_MS): Promise<Result<unknown>> =>
  store.attempt((client) =>
    Promise.all([
      client.set(keys.heartbeat(process.kind, process.name), JSON.stringify(process), { expiration: { type: 'PX', value: ttlMs } }),
      client.sAdd(keys.processes, `${process.kind}/${process.name}`),
    ]),
  );

/** An orderly goodbye: the process is no longer expected. */
export const leave = (store: Store, kind: string, name: string): Promise<Result<unknown>> =>
  store.attempt((client) => Promise.all([client.del(keys.heartbeat(kind, name)), client.sRem(keys.processes, `${kind}/${name}`)]));

/** Every process that has ever beaten and not left, with its last beat where it still lives; in order of name. */
export const listProcesses = (store: Store): Promise<Result<readonly KnownProcess[]>> =>
  store.attempt(async (client) => {
    const known = (await client.sMembers(keys.processes)).sort();
    return Promise.all(
      known.map(async (entry) => {
        const slash = entry.indexOf('/');
        const kind = entry.slice(0, slash);
        const name = entry.slice(slash + 1);
        const text = await client.get(keys.heartbeat(kind, name));
        return { kind, name, beat: text === null ? undefined : (JSON.parse(text) as ProcessBeat) };
      }),
    );
  });

/** Beats now and every HEARTBEAT_MS until stopped; stopping says goodbye. */
export const keepBeating = (store: Store, process: () => ProcessBeat): (() => Promise<void>) => {
  const send = (): void => {
    void beat(store, process());
  };
  send();
  const timer = setInterval(send, HEARTBEAT_MS);
  return async () => {
    clearInterval(timer);
    const { kind, name } = process();
    await leave(store, kind, name);
  };
};
