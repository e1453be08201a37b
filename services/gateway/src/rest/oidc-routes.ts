import type { FastifyInstance } from 'fastify';
import { EdgeError } from '@songxanh/platform';
import { COOKIE_S, readNamedCookie, writeCookie, writeStateCookie, STATE_COOKIE } from '../access/cookie.ts';
import type { Oidc } from '../access/oidc.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Journal } from '../room/journal.ts';

export interface OidcRouteDeps {
  readonly oidc: Oidc;
  readonly sessions: Sessions;
  readonly journal: Journal;
  readonly secure: boolean;
  /** Session → where it ends at the provider. */
  readonly endUrls: Map<string, string>;
}

/** There and back again: the browser goes to the identity provider, and comes back with a code that only this gateway can use. */
export const addOidcRoutes = (server: FastifyInstance, { oidc, sessions, journal, secure, endUrls }: OidcRouteDeps): void => {
  const schema = (summary: string) => ({ summary, tags: ['session'] });

  server.get('/api/oidc/login', { schema: schema('Sign in at the identity provider') }, async (_request, reply) => {
    try {
      const { url, state } = await oidc.begin();
      return await reply.header('set-cookie', writeStateCookie(state, secure)).redirect(url);
    } catch (error) {
      if (!(error instanceof EdgeError)) throw error;
      return reply.redirect(`/?sign-in=${error.code}`);
    }
  });
  server.get('/api/oidc/callback', { schema: schema('Where the identity provider sends people back to') }, async (request, reply) => {
    const state = readNamedCookie(STATE_COOKIE, request.headers.cookie) ?? '';
    const found = await oidc.finish(request.url.split('?')[1] ?? '', state);
    reply.header('set-cookie', writeStateCookie('', secure));
    const refuse = (why: string, text: string) => {
      journal.add({ kind: 'sign-in-refused', by: oidc.label, says: [{ say: 'refused', why, text }], outcome: 'refused' });
      return reply.redirect(`/?sign-in=${why}`);
    };
    if (!found.ok) return refuse(found.reason, found.message);
    const { person, subject, endUrl } = found.value;
    try {
      const { token, signedIn } = sessions.admit(person, oidc.sessionMs);
      if (endUrl !== undefined) endUrls.set(signedIn.id, endUrl);
      journal.add({ kind: 'signed-in', by: person.name, role: person.role, says: [{ say: 'text', text: subject }] });
      const lasts = Math.min(COOKIE_S, Math.floor(oidc.sessionMs / 1000));
      return await reply.header('set-cookie', writeCookie(token, lasts, secure)).redirect('/');
    } catch (error) {
      if (!(error instanceof EdgeError)) throw error;
      return refuse('name-taken', error.message);
    }
  });
};
