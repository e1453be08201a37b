import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Person } from '@songxanh/core';
import { ROLES } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import { hashPassword, whyNotPassword } from './password.ts';

export interface Account extends Person {
  readonly fullName: string;
  readonly hash: string;
}

export interface NewAccount extends Person {
  readonly fullName: string;
  readonly password: string;
}

/** The people of one box, in a file that only its owner may read: they can sign in with Redis dead, and stay through every restart. */
export interface Accounts {
  readonly find: (name: string) => Account | undefined;
  readonly list: () => readonly Account[];
  readonly add: (account: NewAccount) => Promise<Account>;
  /** Also ends the sessions that were begun with the old one: they carry a part of the hash. */
  readonly setPassword: (name: string, password: string) => Promise<void>;
  readonly remove: (name: string) => boolean;
}

const NAME = /^[a-z][a-z0-9._-]{1,31}$/;

const parse = (text: string, file: string): readonly Account[] => {
  const bad = (where: string, expected: string): EdgeError => new EdgeError('bad-config', `${file}: ${where}: expected ${expected}`);
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw bad((error as Error).message, 'JSON');
  }
  if (!Array.isArray(read)) throw bad('the whole', 'a list of accounts');
  return read.map((one: Partial<Account>, i) => {
    const where = `account ${String(i)}`;
    if (typeof one.name !== 'string' || !NAME.test(one.name)) throw bad(`${where}: name`, 'small letters, digits, . _ -');
    if (one.role === undefined || !ROLES.includes(one.role)) throw bad(`${where} (${one.name}): role`, `one of ${ROLES.join(', ')}`);
    if (!Array.isArray(one.area)) throw bad(`${where} (${one.name}): area`, 'a list of junctions, or ["*"]');
    if (typeof one.hash !== 'string') throw bad(`${where} (${one.name}): hash`, 'a hash');
    return { name: one.name, role: one.role, area: one.area, fullName: one.fullName ?? one.name, hash: one.hash };
  });
};

/** Changes by another process (`songxanh user`) are seen at the next look. */
export const openAccounts = (file: string): Accounts => {
  let known: readonly Account[] = [];
  let stamp = -1;
  const list = (): readonly Account[] => {
    if (!existsSync(file)) {
      stamp = -1;
      known = [];
      return known;
    }
    const { mtimeMs } = statSync(file);
    if (mtimeMs !== stamp) {
      known = parse(readFileSync(file, 'utf8'), file);
      stamp = mtimeMs;
    }
    return known;
  };
  const save = (accounts: readonly Account[]): void => {
    mkdirSync(dirname(file), { recursive: true });
    const next = `${file}.${String(process.pid)}`;
    writeFileSync(next, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
    renameSync(next, file);
    stamp = -1;
  };
  const find = (name: string): Account | undefined => list().find((account) => account.name === name);
  const mustDo = (password: string, name: string): void => {
    const why = whyNotPassword(password, name);
    if (why !== undefined) throw new EdgeError('bad-input', `password: expected ${why}`);
  };
  return {
    find,
    list,
    add: async ({ name, fullName, role, area, password }) => {
      if (!NAME.test(name)) throw new EdgeError('bad-input', `name ${JSON.stringify(name)}: expected 2 to 32 small letters, digits, . _ -`);
      mustDo(password, name);
      const account = { name, fullName, role, area, hash: await hashPassword(password) };
      if (find(name) !== undefined) throw new EdgeError('conflict', `an account ${name} exists already`);
      save([...list(), account]);
      return account;
    },
    setPassword: async (name, password) => {
      mustDo(password, name);
      const hash = await hashPassword(password);
      if (find(name) === undefined) throw new EdgeError('not-found', `no account ${name}`);
      save(list().map((account) => (account.name === name ? { ...account, hash } : account)));
    },
    remove: (name) => {
      if (find(name) === undefined) return false;
      save(list().filter((account) => account.name !== name));
      return true;
    },
  };
};
