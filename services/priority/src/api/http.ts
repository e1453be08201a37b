import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { mayPreempt, PRIORITY_CLASSES, type Instant, type PriorityClass, type PriorityStatement } from '@songxanh/core';
import { EdgeError, type Log } from '@songxanh/platform';
import { parsePriorityRequest, parseVehiclePosition, priorityClasses, type PriorityStatus } from '@songxanh/wire';
import type { Client, FindClient } from '../access/clients.ts';
import type { Waves, Wave } from '../emergency/waves.ts';
import type { RouteService } from '../eta/route-service.ts';
import type { Office } from '../requests/office.ts';
import type { TrackedVehicle } from '../transit/tracker.ts';
import type { Desk } from './desk.ts';

export interface HttpDeps {
  readonly findClient: FindClient;
  readonly desk: Desk;
  readonly office: Office;
  readonly waves: Waves;
  readonly routes: RouteService;
  readonly vehicles: () => readonly TrackedVehicle[];
  /** Takes a GTFS-realtime message; what it says of each vehicle. */
  readonly takeFeed: (client: Client, bytes: Uint8Array) => readonly PriorityStatus[];
  /** yyyy-mm */
  readonly statements: (month: string) => Promise<readonly PriorityStatement[]>;
  readonly log: Log;
}

interface RequestBody {
  readonly id: string;
  readonly junction: string;
  readonly vehicle: string;
  readonly vehicleClass: PriorityClass;
  readonly laneIn: string;
  readonly laneOut?: string;
  readonly earliestMs: number;
  readonly latestMs: number;
  readonly persons?: number;
  readonly line?: string;
  readonly stop?: string;
  readonly latenessMs?: number;
}

interface PositionBody {
  readonly vehicle: string;
  readonly line?: string;
  readonly trip?: string;
  readonly lon: number;
  readonly lat: number;
  readonly atMs: number;
  readonly persons?: number;
}

interface EmergencyBody {
  readonly vehicle: string;
  readonly vehicleClass: PriorityClass;
  readonly from: { readonly lon: number; readonly lat: number };
  readonly to: { readonly lon: number; readonly lat: number };
}

const name = { type: 'string', minLength: 1, maxLength: 100 } as const;
const whole = { type: 'integer' } as const;
const place = {
  type: 'object',
  required: ['lon', 'lat'],
  additionalProperties: false,
  properties: { lon: { type: 'number' }, lat: { type: 'number' } },
} as const;
const vehicleClass = { enum: PRIORITY_CLASSES } as const;
const requestBody = {
  type: 'object',
  required: ['id', 'junction', 'vehicle', 'vehicleClass', 'laneIn', 'earliestMs', 'latestMs'],
  additionalProperties: false,
  properties: {
    ...{ id: name, junction: name, vehicle: name, vehicleClass, laneIn: name, laneOut: name, earliestMs: whole, latestMs: whole },
    ...{ persons: whole, line: name, stop: name, latenessMs: whole },
  },
} as const;
const positionsBody = {
  type: 'array',
  minItems: 1,
  maxItems: 2000,
  items: {
    type: 'object',
    required: ['vehicle', 'lon', 'lat', 'atMs'],
    additionalProperties: false,
    properties: { vehicle: name, line: name, trip: name, lon: { type: 'number' }, lat: { type: 'number' }, atMs: whole, persons: whole },
  },
} as const;
const emergencyBody = {
  type: 'object',
  required: ['vehicle', 'vehicleClass', 'from', 'to'],
  additionalProperties: false,
  properties: { vehicle: name, vehicleClass, from: place, to: place },
} as const;

/** Refusals of a request as HTTP knows them; what a policy says is a status like any other. */
const CODES: Readonly<Record<string, number>> = {
  'too-many-requests': 429,
  malformed: 400,
  'not-authorised': 403,
  'duplicate-id': 409,
  'unknown-request': 404,
  'unknown-vehicle': 404,
  'junction-silent': 503,
  'conditions-not-met': 200,
  'no-priority-here': 200,
};
const codeOf = ({ status, reason }: PriorityStatus): number => (status === 'rejected' ? (CODES[reason] ?? 422) : 200);

const refuseWith = (reason: string, message: string): EdgeError =>
  new EdgeError(reason === 'duplicate-id' ? 'conflict' : reason === 'not-authorised' ? 'forbidden' : 'refused', `${reason}: ${message}`);

const waveView = (office: Office, { vehicle, vehicleClass: kind, found, distanceM, observedAt }: Wave) => ({
  vehicle,
  vehicleClass: kind,
  route: {
    source: found.source,
    ...(found.why === undefined ? {} : { why: found.why }),
    lengthM: Math.round(found.toM - found.fromM),
    driveS: Math.round(found.driveS(found.fromM, found.toM)),
  },
  distanceM: Math.round(distanceM),
  observedAt,
  junctions: found.route.stopLines
    .filter((line) => line.distanceM > found.fromM && line.distanceM <= found.toM)
    .map((line) => ({
      junction: line.junction,
      group: line.group,
      etaMs: line.distanceM <= distanceM ? null : Math.round(observedAt + found.driveS(distanceM, line.distanceM) * 1000),
      ...office.toldTo(vehicle, line.junction),
    })),
});

const answerError = (error: FastifyError, reply: FastifyReply, office: Office, log: Log): FastifyReply => {
  if (error instanceof EdgeError) return reply.code(error.http).send({ error: error.code, message: error.message });
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    log.error({ err: error }, 'request failed');
    return reply.code(500).send({ error: 'internal', message: 'internal error' });
  }
  office.countRefusal('malformed');
  return reply.code(status).send({ error: 'bad-input', message: error.message });
};

/** A city's feed of some ten thousand vehicles. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The HTTP side without its socket. */
export const buildHttp = (deps: HttpDeps): FastifyInstance => {
  const { findClient, desk, office, waves, routes, log } = deps;
  const server = fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } }, bodyLimit: MOST_BYTES });
  server.setErrorHandler((error: FastifyError, _, reply) => answerError(error, reply, office, log));
  for (const type of ['application/x-protobuf', 'application/protobuf', 'application/octet-stream'])
    server.addContentTypeParser(type, { parseAs: 'buffer' }, (_, body, done) => {
      done(null, body);
    });

  server.get('/api/priority/health', () => ({ at: office.now() ?? null, ...office.tally() }));

  server.post<{ Body: RequestBody }>('/api/priority/requests', { schema: { body: requestBody } }, ({ headers, body }, reply) => {
    const client = findClient(headers.authorization);
    const asked = parsePriorityRequest({
      ...{ laneOut: '', line: '', stop: '', persons: 0 },
      ...body,
      vehicleClass: priorityClasses.codeOf(body.vehicleClass),
    });
    const status = desk.ask(client, body.id, body.junction, asked);
    return reply.code(codeOf(status)).send(asked.ok ? status : { ...status, message: asked.message });
  });
  server.get('/api/priority/requests', ({ headers }) => office.statuses(findClient(headers.authorization)));
  server.delete<{ Params: { id: string } }>('/api/priority/requests/:id', ({ headers, params }, reply) => {
    const status = desk.cancel(findClient(headers.authorization), params.id);
    return reply.code(codeOf(status)).send(status);
  });

  server.post<{ Body: readonly PositionBody[] }>('/api/priority/positions', { schema: { body: positionsBody } }, ({ headers, body }) => {
    const client = findClient(headers.authorization);
    return body.map(({ vehicle, line = '', trip = '', lon, lat, atMs, persons = 0 }) =>
      desk.position(client, vehicle, parseVehiclePosition({ vehicle, line, trip, lonDeg: lon, latDeg: lat, atMs, persons })),
    );
  });
  server.post<{ Body: unknown }>('/api/priority/gtfs-realtime', ({ headers, body }) => {
    const client = findClient(headers.authorization);
    if (!Buffer.isBuffer(body)) throw new EdgeError('bad-input', 'expected a FeedMessage as application/x-protobuf');
    return deps.takeFeed(client, body);
  });

  server.get('/api/priority/vehicles', ({ headers }) => {
    findClient(headers.authorization);
    return deps.vehicles().map(({ vehicle, pattern, trip, distanceM, observedAt, standing, persons }) => ({
      ...{ vehicle, line: pattern.line, trip: trip ?? null, distanceM: Math.round(distanceM), observedAt, persons },
      latenessS: standing.lateness === undefined ? null : Math.round(standing.lateness / 1000),
      headwayRatio: standing.headwayRatio ?? null,
    }));
  });

  server.post<{ Body: EmergencyBody }>(
    '/api/priority/emergencies',
    { schema: { body: emergencyBody } },
    async ({ headers, body }, reply) => {
      const client = findClient(headers.authorization);
      if (!client.classes.includes(body.vehicleClass) || !mayPreempt(body.vehicleClass)) {
        office.countRefusal('not-authorised');
        throw refuseWith('not-authorised', `${client.name} may not send ${body.vehicleClass} vehicles ahead of everybody`);
      }
      const at: Instant | undefined = office.now();
      if (at === undefined) throw new EdgeError('unavailable', 'no junction has reported yet');
      const found = await routes.find(body.from, body.to);
      const wave = found.ok ? waves.start(client.name, body.vehicle, body.vehicleClass, found.value, office.now() ?? at) : found;
      if (!wave.ok) {
        office.countRefusal(wave.reason);
        throw refuseWith(wave.reason, wave.message);
      }
      return reply.code(201).send(waveView(office, wave.value));
    },
  );
  server.get('/api/priority/emergencies', ({ headers }) => {
    const client = findClient(headers.authorization);
    return waves
      .list()
      .filter((wave) => wave.client === client.name)
      .map((wave) => waveView(office, wave));
  });
  server.delete<{ Params: { id: string } }>('/api/priority/emergencies/:id', ({ headers, params }, reply) => {
    const ended = waves.end(findClient(headers.authorization).name, params.id);
    if (!ended.ok) throw new EdgeError('not-found', ended.message);
    return reply.code(204).send();
  });

  server.get<{ Querystring: { month: string } }>(
    '/api/priority/statements',
    {
      schema: {
        querystring: { type: 'object', required: ['month'], properties: { month: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}$' } } },
      },
    },
    ({ headers, query }) => {
      findClient(headers.authorization);
      return deps.statements(query.month);
    },
  );
  return server;
};
