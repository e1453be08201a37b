import { createClient } from 'redis';
import type { Result } from '@songxanh/core';
import { accept } from '@songxanh/core';
import { scripts } from './scripts.ts';

const newClient = (url: string) =>
  createClient({
    url,
    // Without a timeout node-redis 6 makes no AbortSignal per command: four times the throughput.
    // (The option's type forbids an explicit undefined under exactOptionalPropertyTypes.)
    commandOptions: { timeout: undefined } as object,
    // A command on a dead connection fails at once instead of waiting: nobody's second may hang on Redis.
    disableOfflineQueue: true,
    scripts,
    socket: {
      connectTimeout: 1000,
      // 100 ms … 2 s: back soon after a restart, quiet during a long outage.
      reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, 2000),
    },
  });

export type StoreClient = ReturnType<typeof newClient>;

/** A connection to Redis that comes and goes: every function of this package returns a refusal while it is away, and nobody waits for it. */
export interface Store {
  readonly url: string;
  readonly client: StoreClient;
  readonly isUp: () => boolean;
  /** Runs a command; an error is returned as `redis-unavailable`. */
  readonly attempt: <T>(command: (client: StoreClient) => Promise<T>) => Promise<Result<T>>;
  /** A connection of its own, for subscriptions; closed with the store. */
  readonly openSubscriber: () => StoreClient;
  readonly close: () => Promise<void>;
}

export interface StoreOptions {
  /** Told of each change between up and down. */
  readonly onState?: (up: boolean, why: string) => void;
}

const closeClient = async (client: StoreClient): Promise<void> => {
  if (client.isReady) await client.close().catch(() => undefined);
  else if (client.isOpen) client.destroy();
};

/** Opens a store at once; the connection is made, and made again after each loss, in the background. */
export const openStore = (url: string, options: StoreOptions = {}): Store => {
  let up = false;
  const changed = (now: boolean, why: string): void => {
    if (now === up) return;
    up = now;
    options.onState?.(now, why);
  };
  const client = newClient(url);
  client.on('ready', () => {
    changed(true, 'connected');
  });
  client.on('error', (error: Error) => {
    changed(false, error.message);
  });
  client.on('end', () => {
    changed(false, 'closed');
  });
  client.connect().catch(() => undefined);
  const subscribers: StoreClient[] = [];
  return {
    url,
    client,
    isUp: () => client.isReady,
    attempt: async (command) => {
      try {
        return accept(await command(client));
      } catch (error) {
        return {
          ok: false,
          reason: 'redis-unavailable',
          message: `Redis at ${url}: ${error instanceof Error ? error.message : String(error)}`,
        };
      }
    },
    openSubscriber: () => {
      const subscriber = newClient(url);
      subscriber.on('error', () => undefined);
      subscribers.push(subscriber);
      return subscriber;
    },
    close: async () => {
      await Promise.all([client, ...subscribers].map(closeClient));
    },
  };
};

/** Resolves when the store is connected, or with a refusal after `timeoutMs` of wall time. */
export const waitForStore = async (store: Store, timeoutMs: number): Promise<Result<true>> => {
  const end = Date.now() + timeoutMs;
  while (!store.isUp()) {
    if (Date.now() > end)
      return { ok: false, reason: 'redis-unavailable', message: `no Redis at ${store.url} within ${String(timeoutMs)} ms` };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return accept(true);
};
