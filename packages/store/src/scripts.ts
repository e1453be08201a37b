import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineScript } from 'redis';

const source = (name: string): string => readFileSync(join(import.meta.dirname, '..', 'lua', `${name}.lua`), 'utf8');

export const scripts = {
  acquireLease: defineScript({
    NUMBER_OF_KEYS: 1,
    SCRIPT: source('acquire-lease'),
    parseCommand: (parser, key: string, owner: string, ttlMs: number) => {
      parser.pushKey(key);
      parser.push(owner, String(ttlMs));
    },
    transformReply: (reply: unknown) => String(reply),
  }),
  releaseLease: defineScript({
    NUMBER_OF_KEYS: 1,
    SCRIPT: source('release-lease'),
    parseCommand: (parser, key: string, owner: string) => {
      parser.pushKey(key);
      parser.push(owner);
    },
    transformReply: (reply: unknown) => reply === 1,
  }),
};
