import { applyMessage, type PageState } from './live-state.ts';
import type { FromWorker } from './live-worker.ts';

export type Connection = 'connecting' | 'open' | 'lost';

export interface Live {
  readonly connection: Connection;
  readonly state: PageState | undefined;
}

/** What shows a street: the live one, or a recorded one. */
export interface StreetFeed {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => Live;
}

/** Follows `/live` in a worker, which resumes after a break, and tells its subscribers of each change. */
export class LiveFeed implements StreetFeed {
  private live: Live = { connection: 'connecting', state: undefined };
  private readonly listeners = new Set<() => void>();

  constructor(url: string) {
    const worker = new Worker(new URL('./live-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind !== 'message') this.set({ ...this.live, connection: data.kind });
      else
        this.set({
          connection: 'open',
          state: applyMessage(this.live.state, { ...data.message, ...(data.vehicles && { vehicles: data.vehicles }) }),
        });
    };
    worker.postMessage(url);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): Live => this.live;

  private set(live: Live): void {
    this.live = live;
    this.listeners.forEach((listener) => listener());
  }
}
