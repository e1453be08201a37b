import type { WebSocket } from 'ws';
import type { JournalEntry, RoomMessage } from '@songxanh/wire';
import type { SignedIn } from '../access/sessions.ts';
import { deedsOf } from '@songxanh/core';
import type { Room } from './room.ts';

/** The part of a WebSocket that matters here. */
export type RoomSocket = Pick<WebSocket, 'send' | 'readyState' | 'on' | 'ping' | 'terminate' | 'close'>;

export interface RoomFeed {
  readonly join: (socket: RoomSocket, signedIn: SignedIn, since: number | undefined) => void;
  /** Sends what has changed since the last flush: some times per second. */
  readonly flush: () => void;
  /** Pings everybody and cuts off who has not answered the last one: a pulled cable says no goodbye. */
  readonly probe: (isSignedIn: (id: string) => boolean) => void;
  readonly close: () => void;
}

interface Member {
  readonly signedIn: SignedIn;
  seq: number;
  answered: boolean;
}

const OPEN = 1;
/** RFC 6455: 1008 is a breach of policy; here the session has ended. */
const SESSION_ENDED = 1008;

/** Who signs in and out is the auditors' business. */
const isForAll = ({ kind }: JournalEntry): boolean => !kind.startsWith('sign');

/** Tells every page of the room of every change, each entry exactly once: a page that comes back says which one it has last. */
export const startRoomFeed = (room: Room, now: () => number): RoomFeed => {
  const members = new Map<RoomSocket, Member>();
  let changed = false;
  let people = '';
  room.onChange(() => {
    changed = true;
  });
  const tell = (socket: RoomSocket, member: Member): void => {
    const seq = room.journal.seq();
    const mayAudit = deedsOf(member.signedIn.person.role).includes('read-audit');
    const entries = room.journal.since(member.seq).filter((entry) => mayAudit || isForAll(entry));
    member.seq = seq;
    socket.send(JSON.stringify({ type: 'room', seq, now: now(), entries, state: room.state() } satisfies RoomMessage));
  };
  return {
    join: (socket, signedIn, since) => {
      const { name } = signedIn.person;
      // A number from another journal cannot be ours: the page then begins with the newest.
      const newest = room.journal.seq();
      const member = { signedIn, seq: since === undefined || since > newest ? Math.max(0, newest - 200) : since, answered: true };
      members.set(socket, member);
      room.presence.came(name);
      changed = true;
      socket.on('pong', () => {
        member.answered = true;
      });
      const gone = (): void => {
        if (!members.delete(socket)) return;
        room.presence.left(name, now());
        changed = true;
      };
      socket.on('close', gone);
      socket.on('error', gone);
      tell(socket, member);
    },
    flush: () => {
      const present = room.presence.names().join();
      if (!changed && present === people) return;
      changed = false;
      people = present;
      for (const [socket, member] of members) if (socket.readyState === OPEN) tell(socket, member);
    },
    probe: (isSignedIn) => {
      for (const [socket, member] of members) {
        if (!isSignedIn(member.signedIn.id)) socket.close(SESSION_ENDED, 'session ended');
        else if (!member.answered) socket.terminate();
        else {
          member.answered = false;
          socket.ping();
        }
      }
    },
    close: () => {
      for (const socket of members.keys()) socket.terminate();
    },
  };
};
