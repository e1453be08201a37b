import { keepBeating } from '../process/heartbeat.ts';
import { openStore } from '../store.ts';
import { channels } from '../keys.ts';
import { publishLive, subscribeLive, type ClosuresMessage, type StreetMessage } from './live.ts';

export interface StreetWindow {
  /** Shows the street as `look` finds it; at most 10 times per second of wall time, however fast the street runs. */
  readonly show: (look: () => StreetMessage) => void;
  readonly close: () => Promise<void>;
}

const LEAST_GAP_MS = 95;

/** The street's window, through which it is also told what works close: without Redis nobody looks in, and the street goes on. */
export const openStreetWindow = (redis: string, address: string, onClosures?: (closed: readonly string[]) => void): StreetWindow => {
  const store = openStore(redis);
  if (onClosures !== undefined) {
    subscribeLive(store, channels.closures, (value) => {
      onClosures((value as ClosuresMessage).closed);
    });
  }
  const stopBeating = keepBeating(store, () => ({ kind: 'street', name: 'street', address, pid: process.pid, detail: '' }));
  let last = -Infinity;
  return {
    show: (look) => {
      const now = performance.now();
      if (now - last < LEAST_GAP_MS || !store.isUp()) return;
      last = now;
      void publishLive(store, channels.street, look());
    },
    close: async () => {
      await stopBeating();
      await store.close();
    },
  };
};
