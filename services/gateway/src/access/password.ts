import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's password storage cheat sheet for scrypt: N = 2^17, r = 8, p = 1 (128 MiB for a moment per sign-in). */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
/** 128 · N · r bytes and a little more. */
const MAX_MEMORY = 160 * 1024 * 1024;
const KEY_BYTES = 32;

/** NIST SP 800-63B asks for at least 8 characters and allows phrases; 12 for people who may stop a city. */
export const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 256;

const derive = (password: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { ...cost, maxmem: MAX_MEMORY }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });

/** `scrypt$N$r$p$salt$key`, so that a later cost can stand beside an earlier one. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join('$');
};

/** Nobody's: checked where an account does not exist, so that time does not tell which names do. */
const NOBODY = ['scrypt', COST.N, COST.r, COST.p, Buffer.alloc(16).toString('base64'), Buffer.alloc(KEY_BYTES).toString('base64')].join(
  '$',
);

export const isPassword = async (password: string, hash: string | undefined): Promise<boolean> => {
  const [scheme, N, r, p, salt, key] = (hash ?? NOBODY).split('$');
  if (scheme !== 'scrypt' || salt === undefined || key === undefined || password.length > LONGEST_PASSWORD) return false;
  const expected = Buffer.from(key, 'base64');
  const found = await derive(password, Buffer.from(salt, 'base64'), { N: Number(N), r: Number(r), p: Number(p) });
  return hash !== undefined && found.length === expected.length && timingSafeEqual(found, expected);
};

/** Why a password will not do; undefined when it will. */
export const whyNotPassword = (password: string, name: string): string | undefined => {
  if (password.length < SHORTEST_PASSWORD) return `a password of at least ${String(SHORTEST_PASSWORD)} characters`;
  if (password.length > LONGEST_PASSWORD) return `a password of at most ${String(LONGEST_PASSWORD)} characters`;
  if (password.toLowerCase().includes(name.toLowerCase())) return 'a password without the name in it';
  if (new Set(password).size < 5) return 'a password of at least five different characters';
  return undefined;
};
