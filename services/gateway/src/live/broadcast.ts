import type { WebSocket } from 'ws';
import type { LiveDelta } from '@songxanh/wire';
import type { LiveBoard } from './live-board.ts';

/** More than this unsent, and a client is skipped until it has read: some 20 frames of a large network. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

/** The part of a WebSocket that matters here. */
export type LiveSocket = Pick<WebSocket, 'send' | 'bufferedAmount' | 'readyState' | 'on'>;

export interface Broadcast {
  readonly join: (socket: LiveSocket, since: number | undefined) => void;
  readonly send: (delta: LiveDelta) => void;
  readonly clients: () => number;
  /** Frames that slow clients were not sent. */
  readonly skipped: () => number;
}

const OPEN = 1;

/** Sends each frame, encoded once, to everybody who can take it; who cannot gets a snapshot as soon as it can. */
export const startBroadcast = (board: LiveBoard): Broadcast => {
  const behind = new Map<LiveSocket, boolean>();
  let skipped = 0;
  return {
    join: (socket, since) => {
      for (const message of board.catchUp(since)) socket.send(JSON.stringify(message));
      behind.set(socket, false);
      const gone = (): void => void behind.delete(socket);
      socket.on('close', gone);
      socket.on('error', gone);
    },
    send: (delta) => {
      const text = JSON.stringify(delta);
      let snapshot: string | undefined;
      for (const [socket, isBehind] of behind) {
        if (socket.readyState !== OPEN) continue;
        if (socket.bufferedAmount > MAX_UNSENT_BYTES) {
          skipped += 1;
          behind.set(socket, true);
        } else if (isBehind) {
          snapshot ??= JSON.stringify(board.snapshot());
          socket.send(snapshot);
          behind.set(socket, false);
        } else {
          socket.send(text);
        }
      }
    },
    clients: () => behind.size,
    skipped: () => skipped,
  };
};
