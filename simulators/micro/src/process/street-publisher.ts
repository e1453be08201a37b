import type { TrafficDemand } from '@songxanh/core';
import { channels, keepBeating, openStore, publishLive } from '@songxanh/store';
import type { Simulation } from '../simulation.ts';
import { classesOf, streetMessage } from './street-message.ts';

export interface StreetPublisher {
  /** Tells the page what the street looks like; at most 10 times per second of wall time, however fast the street runs. */
  readonly publish: (at: number) => void;
  readonly close: () => Promise<void>;
}

const LEAST_GAP_MS = 95;

export interface StreetPublisherOptions {
  readonly redis: string;
  readonly address: string;
  readonly simulation: Simulation;
  readonly demand: TrafficDemand;
}

/** The street's window: without Redis nobody looks in, and the street goes on. */
export const openStreetPublisher = ({ redis, address, simulation, demand }: StreetPublisherOptions): StreetPublisher => {
  const store = openStore(redis);
  const classes = classesOf(simulation, demand);
  const stopBeating = keepBeating(store, () => ({ kind: 'street', name: 'street', address, pid: process.pid, detail: '' }));
  let last = -Infinity;
  return {
    publish: (at) => {
      const now = performance.now();
      if (now - last < LEAST_GAP_MS || !store.isUp()) return;
      last = now;
      void publishLive(store, channels.street, streetMessage(simulation, classes, at));
    },
    close: async () => {
      await stopBeating();
      await store.close();
    },
  };
};
