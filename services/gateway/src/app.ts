import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastifyStatic from '@fastify/static';
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';
import type { Log } from '@songxanh/platform';
import { EdgeError } from '@songxanh/platform';
import type { Broadcast } from './live/broadcast.ts';
import { answerError } from './rest/errors.ts';
import type { RouteDeps } from './rest/routes.ts';
import { isOwnPage } from './rest/own-page.ts';
import type { PublicRouteDeps } from './rest/public-routes.ts';
import { addPublicRoutes } from './rest/public-routes.ts';
import type { RoomRouteDeps } from './rest/room-routes.ts';
import { addRoomRoutes } from './rest/room-routes.ts';
import { addRoutes } from './rest/routes.ts';
import type { SessionRouteDeps } from './rest/session-routes.ts';
import { addSessionRoutes, requirePerson } from './rest/session-routes.ts';
import type { RoomFeed } from './room/room-feed.ts';

export interface GatewayDeps extends RouteDeps, Omit<SessionRouteDeps, 'journal'>, RoomRouteDeps, PublicRouteDeps {
  readonly broadcast: Broadcast;
  readonly feed: RoomFeed;
  readonly log: Log;
  /** Folder of the built web page; without it there is the API alone. */
  readonly webFolder: string | undefined;
}

/** The page is our own and nothing else; MapLibre draws in a worker and makes images of its own, React and MapLibre set styles. */
const PAGE_POLICY =
  "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const SINCE = { type: 'object', properties: { since: { type: 'string', pattern: '^[0-9]{1,16}$' } } } as const;
const sinceOf = ({ since }: { since?: string }): number | undefined => (since === undefined ? undefined : Number(since));

/** The gateway's HTTP side without its socket. */
export const buildApp = async (deps: GatewayDeps): Promise<FastifyInstance> => {
  const { broadcast, feed, room, sessions, log, webFolder } = deps;
  const server = fastify({
    loggerInstance: log.child({}, { level: 'warn' }),
    // A wrong type is refused, not bent; a misspelt field is refused, not dropped.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, discriminator: true } },
    bodyLimit: 64 * 1024,
  }) as unknown as FastifyInstance;
  server.setErrorHandler(answerError);
  await server.register(swagger, {
    openapi: {
      info: { title: 'SongXanh gateway', version: '0.1.0', description: 'Live state of the junctions, and overrides.' },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'songxanh_session' },
        },
      },
    },
  });
  await server.register(swaggerUi, { routePrefix: '/api/docs' });
  await server.register(websocket, { options: { maxPayload: 1024 } });
  server.addHook('onSend', (request, reply, _payload, done) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin');
    // The API's own page of documentation brings scripts of its own.
    if (!request.url.startsWith('/api/docs')) reply.header('content-security-policy', PAGE_POLICY);
    done();
  });
  if (webFolder !== undefined) {
    await server.register(fastifyStatic, { root: webFolder });
    server.get('/public', { schema: { hide: true } }, (_, reply) => reply.sendFile('public.html'));
  }
  server.setNotFoundHandler((request) => {
    throw new EdgeError('not-found', `nothing at ${request.method} ${request.url}`);
  });

  await server.register((scope, _, done) => {
    addRoutes(scope, deps);
    addSessionRoutes(scope, { ...deps, journal: room.journal });
    addRoomRoutes(scope, deps);
    addPublicRoutes(scope, deps);
    scope.get('/api/openapi.json', { schema: { hide: true } }, () => server.swagger());
    scope.get<{ Querystring: { since?: string } }>(
      '/live',
      {
        websocket: true,
        schema: { hide: true, querystring: SINCE },
        preValidation: (request, _reply, next) => {
          if (isOwnPage(request.headers.origin, request.headers.host)) next();
          else next(new EdgeError('forbidden', `origin ${String(request.headers.origin)}: expected this server's own page`));
        },
      },
      (socket, { query }) => {
        broadcast.join(socket, sinceOf(query));
      },
    );
    scope.get<{ Querystring: { since?: string } }>(
      '/room',
      {
        websocket: true,
        schema: { hide: true, querystring: SINCE },
        preValidation: (request, _reply, next) => {
          try {
            requirePerson(sessions, request);
            next();
          } catch (error) {
            next(error as Error);
          }
        },
      },
      (socket, request) => {
        feed.join(socket, requirePerson(sessions, request), sinceOf(request.query));
      },
    );
    done();
  });
  return server;
};
