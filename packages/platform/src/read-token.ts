import { readFileSync } from 'node:fs';
import { EdgeError } from './errors.ts';

/** 128 bits in hexadecimal: less could be guessed. */
const SHORTEST_TOKEN = 32;

/** The token in a file of its own; a `bad-config` EdgeError where there is none, or one that could be guessed. */
export const readToken = (file: string): string => {
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new EdgeError('bad-config', `${file}: ${(error as Error).message}: expected a file with a token`);
  }
  if (token.length < SHORTEST_TOKEN)
    throw new EdgeError(
      'bad-config',
      `${file}: expected a token of at least ${String(SHORTEST_TOKEN)} characters, found ${String(token.length)}`,
    );
  return token;
};
