import { createHash, timingSafeEqual } from 'node:crypto';
import { EdgeError } from '@songxanh/platform';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The header carries the token; compared by digest, so that time tells neither content nor length. */
export const carriesToken = (token: string, authorization: string | undefined): boolean =>
  timingSafeEqual(digest(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? ''), digest(token));

/** Throws `unauthenticated` unless the header carries the token. */
export const requireToken = (token: string, authorization: string | undefined): void => {
  if (!carriesToken(token, authorization)) throw new EdgeError('unauthenticated', 'expected the header Authorization: Bearer <token>');
};
