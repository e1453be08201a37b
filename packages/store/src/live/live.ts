import type { Result } from '@songxanh/core';
import type { Channel } from '../keys.ts';
import type { Store } from '../store.ts';

/** Publishes a value to whoever listens now; nobody listening is no fault. */
export const publishLive = (store: Store, channel: Channel, value: unknown): Promise<Result<number>> =>
  store.attempt((client) => client.publish(channel, JSON.stringify(value)));

/** Listens until the store is closed, through every loss of the connection. */
export const subscribeLive = (store: Store, channel: Channel, listener: (value: unknown) => void): void => {
  const subscriber = store.openSubscriber();
  const listen = async (): Promise<void> => {
    // Resolves at the first connection, however late; the client itself subscribes again after each later loss.
    await subscriber.connect();
    await subscriber.subscribe(channel, (text) => {
      listener(JSON.parse(text));
    });
  };
  listen().catch(() => undefined);
};
