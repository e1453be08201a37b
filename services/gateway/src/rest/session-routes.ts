import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '@songxanh/core';
import { deedsOf, ROLES } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import type { Me, SessionAnswer, SignedOut } from '@songxanh/wire';
import type { Accounts } from '../access/accounts.ts';
import { COOKIE_S, readCookie, writeCookie } from '../access/cookie.ts';
import type { Sessions, SignedIn } from '../access/sessions.ts';
import type { Journal } from '../room/journal.ts';
import { refusedPhrase } from '../room/refusal.ts';
import type { Oidc } from '../access/oidc.ts';
import { addOidcRoutes } from './oidc-routes.ts';
import { isOwnPage } from './own-page.ts';
import { requireToken } from './token.ts';

export interface SessionRouteDeps {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly journal: Journal;
  /** Of the machines; it also makes the first account. */
  readonly token: string;
  /** The page comes by https. */
  readonly secure: boolean;
  /** The city's identity provider, where there is one. */
  readonly oidc?: Oidc | undefined;
}

const text = (description: string, maxLength = 200) => ({ type: 'string', minLength: 1, maxLength, description });
const credentials = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'password'],
  properties: { name: text('name of the account', 32), password: text('password', 256) },
} as const;
const newAccount = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'password', 'role'],
  properties: {
    ...credentials.properties,
    fullName: text('name as people say it'),
    role: { enum: ROLES },
    area: { type: 'array', items: text('junction, or *') },
  },
} as const;
const newPassword = {
  type: 'object',
  additionalProperties: false,
  required: ['old', 'password'],
  properties: { old: text('present password', 256), password: text('new password', 256) },
} as const;

export const meOf = ({ person, until }: SignedIn): Me => ({ ...person, may: deedsOf(person.role), until });

/** Who sends this; throws `unauthenticated` unless somebody is signed in, `forbidden` from another site's page. */
export const requirePerson = (sessions: Sessions, request: FastifyRequest): SignedIn => {
  if (!isOwnPage(request.headers.origin, request.headers.host))
    throw new EdgeError('forbidden', `origin ${String(request.headers.origin)}: expected this server's own page`);
  const signedIn = sessions.find(readCookie(request.headers.cookie));
  if (signedIn === undefined) throw new EdgeError('unauthenticated', 'expected a session: sign in at POST /api/session');
  return signedIn;
};

export const addSessionRoutes = (server: FastifyInstance, { accounts, sessions, journal, token, secure, oidc }: SessionRouteDeps): void => {
  const provider = oidc === undefined ? {} : { provider: oidc.label };
  const schema = (summary: string, body?: object) => ({ summary, tags: ['session'], ...(body === undefined ? {} : { body }) });

  server.get('/api/session', { schema: schema('Who is signed in') }, (request): SessionAnswer => {
    const signedIn = sessions.find(readCookie(request.headers.cookie));
    return {
      me: signedIn === undefined ? null : meOf(signedIn),
      hasAccounts: accounts.list().length > 0 || oidc !== undefined,
      ...provider,
    };
  });
  server.post<{ Body: { name: string; password: string } }>(
    '/api/session',
    { schema: schema('Sign in; the answer sets a cookie', credentials) },
    async (request, reply): Promise<SessionAnswer> => {
      if (!isOwnPage(request.headers.origin, request.headers.host)) throw new EdgeError('forbidden', "expected this server's own page");
      const { name, password } = request.body;
      try {
        const { token: session, signedIn } = await sessions.signIn(name, password, request.ip);
        journal.add({ kind: 'signed-in', by: name, role: signedIn.person.role });
        reply.header('set-cookie', writeCookie(session, COOKIE_S, secure));
        return { me: meOf(signedIn), hasAccounts: true, ...provider };
      } catch (error) {
        if (error instanceof EdgeError)
          journal.add({ kind: 'sign-in-refused', by: name, says: [refusedPhrase(error)], outcome: 'refused' });
        throw error;
      }
    },
  );
  /** Where a session of the identity provider ends there too; in memory alone, since the address carries the person's ID token. */
  const endUrls = new Map<string, string>();
  if (oidc !== undefined) addOidcRoutes(server, { oidc, sessions, journal, secure, endUrls });
  server.delete('/api/session', { schema: schema('Sign out') }, (request, reply): FastifyReply => {
    const signedIn = sessions.end(readCookie(request.headers.cookie));
    if (signedIn !== undefined) journal.add({ kind: 'signed-out', by: signedIn.person.name, role: signedIn.person.role });
    return reply
      .header('set-cookie', writeCookie('', 0, secure))
      .send({ endUrl: (signedIn === undefined ? undefined : endUrls.get(signedIn.id)) ?? null } satisfies SignedOut);
  });
  server.post<{ Body: { old: string; password: string } }>(
    '/api/session/password',
    { schema: schema('Change the own password; all sessions of the account end', newPassword) },
    async (request, reply) => {
      const { person } = requirePerson(sessions, request);
      await sessions.signIn(person.name, request.body.old, request.ip);
      await accounts.setPassword(person.name, request.body.password);
      journal.add({ kind: 'sign-in-password-changed', by: person.name, role: person.role });
      return reply.code(204).send();
    },
  );
  server.post<{ Body: { name: string; password: string; role: Role; fullName?: string; area?: string[] } }>(
    '/api/accounts',
    {
      onRequest: (request, _reply, done) => {
        requireToken(token, request.headers.authorization);
        done();
      },
      schema: { ...schema('Make an account, with the token printed at start', newAccount), security: [{ token: [] }] },
    },
    async ({ body }, reply) => {
      const account = await accounts.add({ ...body, fullName: body.fullName ?? body.name, area: body.area ?? ['*'] });
      journal.add({ kind: 'sign-up', by: 'machine:token', says: [{ say: 'account', name: account.name, role: account.role }] });
      return reply.code(201).send({ name: account.name, role: account.role, area: account.area });
    },
  );
};
