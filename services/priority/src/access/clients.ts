import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PRIORITY_CLASSES, type PriorityClass } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';

/** Somebody who may ask: a transit operator, a dispatch centre. */
export interface Client {
  readonly name: string;
  readonly classes: readonly PriorityClass[];
}

export type FindClient = (authorization: string | undefined) => Client;

/** 128 bits in hex: less could be guessed. */
const SHORTEST_TOKEN = 32;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

interface Entry extends Client {
  readonly digest: Buffer;
}

const entryOf = (file: string, i: number, value: unknown): Entry => {
  const where = `${file}: clients[${String(i)}]`;
  const { name, token, classes } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') throw new EdgeError('bad-config', `${where}.name: expected a name`);
  if (typeof token !== 'string' || token.length < SHORTEST_TOKEN)
    throw new EdgeError('bad-config', `${where}.token: expected at least ${String(SHORTEST_TOKEN)} characters`);
  if (!Array.isArray(classes) || !classes.every((one): one is PriorityClass => (PRIORITY_CLASSES as readonly unknown[]).includes(one)))
    throw new EdgeError('bad-config', `${where}.classes: expected a list of ${PRIORITY_CLASSES.join(', ')}`);
  return { name, classes, digest: digest(token) };
};

/** Clients of a JSON file `{clients: [{name, token, classes}]}`, and the operator with the run's own token, who may ask for everybody. */
export const readClients = async (file: string | undefined, operatorToken: string): Promise<FindClient> => {
  const entries: Entry[] = [{ name: 'operator', classes: PRIORITY_CLASSES, digest: digest(operatorToken) }];
  if (file !== undefined) {
    let value: unknown;
    try {
      value = JSON.parse(await readFile(file, 'utf8'));
    } catch (error) {
      throw new EdgeError('bad-config', `${file}: ${(error as Error).message}: expected JSON {clients: […]}`);
    }
    const list = (value as { readonly clients?: unknown } | null)?.clients;
    if (!Array.isArray(list)) throw new EdgeError('bad-config', `${file}: clients: expected a list`);
    entries.push(...list.map((one, i) => entryOf(file, i, one)));
  }
  return (authorization) => {
    const given = digest(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
    const found = entries.find((entry) => timingSafeEqual(entry.digest, given));
    if (found === undefined) throw new EdgeError('unauthenticated', 'expected authorization: Bearer <token>');
    return found;
  };
};
