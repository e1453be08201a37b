import type { JournalEntry, RoomMessage, RoomState } from '@songxanh/wire/room';

/** Entries kept in the page; older ones are read from the journal. */
const KEPT = 500;
const RETRY_MS = 1000;

export interface RoomView {
  readonly connection: 'connecting' | 'open' | 'lost';
  readonly state: RoomState | undefined;
  /** Newest last, numbers rising. */
  readonly entries: readonly JournalEntry[];
  readonly seq: number;
  /** Gateway's wall time minus the page's, ms: locks and alarms count by the gateway's clock. */
  readonly skewMs: number;
}

export const EMPTY_ROOM: RoomView = { connection: 'connecting', state: undefined, entries: [], seq: 0, skewMs: 0 };

/** The page's view of the room after a message: what it has seen already is not taken twice. */
export const applyRoom = (view: RoomView, message: RoomMessage, now: number): RoomView => ({
  connection: 'open',
  state: message.state,
  entries: [...view.entries, ...message.entries.filter(({ seq }) => seq > view.seq)].slice(-KEPT),
  seq: message.seq,
  skewMs: message.now - now,
});

/** Follows `/room` while somebody is signed in; after a break it asks for what it has missed. */
export class RoomFeed {
  private view: RoomView = EMPTY_ROOM;
  private readonly listeners = new Set<() => void>();
  private socket: WebSocket | undefined;
  private timer = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): RoomView => this.view;

  open(onSessionEnded: () => void): void {
    const since = this.view.seq > 0 ? `?since=${this.view.seq}` : '';
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/room${since}`);
    this.socket = socket;
    socket.onmessage = (event) => this.set(applyRoom(this.view, JSON.parse(String(event.data)) as RoomMessage, Date.now()));
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.set({ ...this.view, connection: 'lost' });
      // 1008: the session is over. A refused handshake (1006) may be that as well: the session says so.
      if (code === 1008) onSessionEnded();
      else
        this.timer = window.setTimeout(() => {
          onSessionEnded();
          this.open(onSessionEnded);
        }, RETRY_MS);
    };
  }

  close(): void {
    window.clearTimeout(this.timer);
    const { socket } = this;
    this.socket = undefined;
    socket?.close();
    this.set(EMPTY_ROOM);
  }

  private set(view: RoomView): void {
    this.view = view;
    this.listeners.forEach((listener) => listener());
  }
}
