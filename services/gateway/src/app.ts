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
import { addRoutes } from './rest/routes.ts';

export interface GatewayDeps extends RouteDeps {
  readonly broadcast: Broadcast;
  readonly log: Log;
  /** Folder of the built web page; without it there is the API alone. */
  readonly webFolder: string | undefined;
}

/** A page of another origin may not listen in: browsers send its origin with a WebSocket, where no CORS protects. */
const isOwnPage = (origin: string | undefined, host: string | undefined): boolean =>
  origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);

/** The gateway's HTTP side without its socket. */
export const buildApp = async (deps: GatewayDeps): Promise<FastifyInstance> => {
  const { broadcast, log, webFolder } = deps;
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
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
  });
  await server.register(swaggerUi, { routePrefix: '/api/docs' });
  await server.register(websocket, { options: { maxPayload: 1024 } });
  if (webFolder !== undefined) await server.register(fastifyStatic, { root: webFolder });
  server.setNotFoundHandler((request) => {
    throw new EdgeError('not-found', `nothing at ${request.method} ${request.url}`);
  });

  await server.register((scope, _, done) => {
    addRoutes(scope, deps);
    scope.get('/api/openapi.json', { schema: { hide: true } }, () => server.swagger());
    scope.get<{ Querystring: { since?: string } }>(
      '/live',
      {
        websocket: true,
        schema: { hide: true, querystring: { type: 'object', properties: { since: { type: 'string', pattern: '^[0-9]{1,16}$' } } } },
        preValidation: (request, _reply, next) => {
          if (isOwnPage(request.headers.origin, request.headers.host)) next();
          else next(new EdgeError('forbidden', `origin ${String(request.headers.origin)}: expected this server's own page`));
        },
      },
      (socket, { query }) => {
        broadcast.join(socket, query.since === undefined ? undefined : Number(query.since));
      },
    );
    done();
  });
  return server;
};
