import { createHash, timingSafeEqual } from 'node:crypto';
import { EdgeError } from '@songxanh/platform';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Throws `unauthenticated` unless the header carries the token; compared by digest, so that time tells neither content nor length. */
export const requireToken = (token: string, authorization: string | undefined): void => {
  const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), digest(token)))
    throw new EdgeError('unauthenticated', 'expected the header Authorization: Bearer <token>');
};
