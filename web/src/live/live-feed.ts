import type { LiveMessage } from '@songxanh/wire/live';
import { applyMessage, type PageState } from './live-state.ts';

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

const RETRY_MS = 1000;

/** Follows `/live`, resumes after a break, and tells its subscribers of each change. */
export class LiveFeed implements StreetFeed {
  private live: Live = { connection: 'connecting', state: undefined };
  private readonly listeners = new Set<() => void>();

  private readonly url: string;

  constructor(url: string) {
    this.url = url;
    this.connect();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): Live => this.live;

  private connect(): void {
    const since = this.live.state ? `?since=${this.live.state.seq}` : '';
    const socket = new WebSocket(this.url + since);
    socket.onopen = () => this.set({ ...this.live, connection: 'open' });
    socket.onmessage = (event) => {
      const message = JSON.parse(String(event.data)) as LiveMessage;
      this.set({ connection: 'open', state: applyMessage(this.live.state, message) });
    };
    socket.onclose = () => {
      this.set({ ...this.live, connection: 'lost' });
      setTimeout(() => this.connect(), RETRY_MS);
    };
  }

  private set(live: Live): void {
    this.live = live;
    this.listeners.forEach((listener) => listener());
  }
}
