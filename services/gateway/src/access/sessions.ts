import { createHash, randomBytes } from 'node:crypto';
import type { Person, Role } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import type { Store } from '@songxanh/store';
import type { Accounts } from './accounts.ts';
import { keptIn } from '../room/kept.ts';
import { isPassword } from './password.ts';

/** Without a request or an open page for this long a session ends; after MAX_MS (a shift) it ends anyhow. */
const IDLE_MS = 30 * 60_000;
const MAX_MS = 12 * 3_600_000;
/** A session that is used is written to Redis at most this often. */
const SAVE_EVERY_MS = 60_000;

/** After this many wrong passwords for a name, or from an address, the next try waits. */
const FREE_TRIES = 5;
const PENALTY_MS = 30_000;

interface Session {
  readonly id: string;
  readonly name: string;
  /** First part of the digest of the account's hash: a changed password ends the session. */
  readonly seal: string;
  readonly begun: number;
  readonly used: number;
  /** Somebody of the identity provider, who has no account here, and when the session ends at the latest. */
  readonly guest?: { readonly person: SignedIn['person']; readonly until: number };
}

export interface SignedIn {
  readonly id: string;
  readonly person: Person & { readonly fullName: string };
  readonly until: number;
}

export interface Sessions {
  /** The token for the cookie of somebody whom the identity provider vouches for, for at most so long. */
  readonly admit: (person: SignedIn['person'], forMs: number) => { readonly token: string; readonly signedIn: SignedIn };
  /** The role of somebody who is signed in. */
  readonly roleOf: (name: string) => Role | undefined;
  /** The token for the cookie; throws `unauthenticated`, or `too-many-requests` after too many wrong ones. */
  readonly signIn: (name: string, password: string, from: string) => Promise<{ readonly token: string; readonly signedIn: SignedIn }>;
  /** Who carries this token; using it keeps the session alive. */
  readonly find: (token: string | undefined) => SignedIn | undefined;
  /** An open page keeps its session alive; false once it has ended. */
  readonly touch: (id: string) => boolean;
  readonly end: (token: string | undefined) => SignedIn | undefined;
  readonly restore: () => Promise<void>;
}

export interface SessionDeps {
  readonly accounts: Accounts;
  readonly store: Store | undefined;
  readonly now: () => number;
}

/** Tokens are kept as digests only: who reads Redis cannot use them. */
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const sealOf = (hash: string): string => digest(hash).slice(0, 16);

export const openSessions = ({ accounts, store, now }: SessionDeps): Sessions => {
  const sessions = new Map<string, Session>();
  const kept = keptIn<Session>(store, 'sessions');
  const savedAt = new Map<string, number>();
  const tries = new Map<string, { count: number; last: number }>();

  const forget = (id: string): void => {
    sessions.delete(id);
    savedAt.delete(id);
    kept.drop(id);
  };
  const save = (session: Session): void => {
    sessions.set(session.id, session);
    if (now() - (savedAt.get(session.id) ?? 0) < SAVE_EVERY_MS) return;
    savedAt.set(session.id, now());
    kept.save(session.id, session);
  };
  const endOf = ({ begun, used }: Session): number => Math.min(begun + MAX_MS, used + IDLE_MS);
  const view = (session: Session): SignedIn | undefined => {
    const { guest } = session;
    if (guest !== undefined) {
      // An account of the same name is somebody else.
      if (Math.min(endOf(session), guest.until) > now() && accounts.find(session.name) === undefined)
        return { id: session.id, person: guest.person, until: Math.min(session.begun + MAX_MS, guest.until) };
      forget(session.id);
      return undefined;
    }
    const account = accounts.find(session.name);
    if (account === undefined || sealOf(account.hash) !== session.seal || endOf(session) <= now()) {
      forget(session.id);
      return undefined;
    }
    const { name, fullName, role, area } = account;
    return { id: session.id, person: { name, fullName, role, area }, until: session.begun + MAX_MS };
  };
  const mustWait = (key: string): boolean => {
    const tried = tries.get(key);
    return tried !== undefined && tried.count >= FREE_TRIES && now() - tried.last < PENALTY_MS;
  };
  const missed = (key: string): void => {
    const tried = tries.get(key);
    const fresh = tried === undefined || now() - tried.last > PENALTY_MS * 10;
    tries.set(key, { count: fresh ? 1 : tried.count + 1, last: now() });
    if (tries.size > 10_000) tries.clear();
  };

  const begin = (session: Omit<Session, 'id' | 'begun' | 'used'>): { readonly token: string; readonly signedIn: SignedIn } => {
    const token = randomBytes(32).toString('base64url');
    const begun = { ...session, id: digest(token), begun: now(), used: now() };
    save(begun);
    const signedIn = view(begun);
    if (signedIn === undefined) throw new EdgeError('unauthenticated', 'the account has changed');
    return { token, signedIn };
  };

  return {
    admit: (person, forMs) => {
      if (accounts.find(person.name) !== undefined)
        throw new EdgeError('conflict', `${person.name} is an account of this machine: sign in with its password`);
      return begin({ name: person.name, seal: '', guest: { person, until: now() + forMs } });
    },
    roleOf: (name) => {
      for (const session of sessions.values()) if (session.name === name) return view(session)?.person.role;
      return undefined;
    },
    signIn: async (name, password, from) => {
      const keys = [`name/${name}`, `from/${from}`];
      if (keys.some(mustWait)) throw new EdgeError('too-many-requests', `too many wrong passwords: wait ${String(PENALTY_MS / 1000)} s`);
      const account = accounts.find(name);
      if (!(await isPassword(password, account?.hash)) || account === undefined) {
        keys.forEach(missed);
        throw new EdgeError('unauthenticated', 'no such name and password');
      }
      tries.delete(`name/${name}`);
      return begin({ name, seal: sealOf(account.hash) });
    },
    find: (token) => {
      const session = token === undefined ? undefined : sessions.get(digest(token));
      if (session === undefined) return undefined;
      const signedIn = view(session);
      if (signedIn !== undefined) save({ ...session, used: now() });
      return signedIn;
    },
    touch: (id) => {
      const session = sessions.get(id);
      if (session === undefined || view(session) === undefined) return false;
      save({ ...session, used: now() });
      return true;
    },
    end: (token) => {
      const session = token === undefined ? undefined : sessions.get(digest(token));
      if (session === undefined) return undefined;
      const signedIn = view(session);
      forget(session.id);
      return signedIn;
    },
    restore: async () => {
      for (const session of await kept.load()) if (!sessions.has(session.id)) sessions.set(session.id, session);
    },
  };
};
