import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AlarmDeed, Deed, JunctionId, Person, Site } from '@songxanh/core';
import { junctionId, mayDo } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import { REPORT_STATES } from '@songxanh/wire';
import type { CitizenReport, CommandAction, CommandWish, RoomMessage, Works } from '@songxanh/wire';
import type { Sessions } from '../access/sessions.ts';
import { throwRefusal } from '../room/refusal.ts';
import type { Room } from '../room/room.ts';
import { commandAction } from './schemas.ts';
import { requirePerson } from './session-routes.ts';

export interface RoomRouteDeps {
  readonly room: Room;
  readonly sessions: Sessions;
  readonly sites: readonly Site[];
  readonly resetFault: (junction: JunctionId) => Promise<{ readonly done: boolean; readonly message: string }>;
  readonly now: () => number;
}

const text = (description: string, maxLength = 300) => ({ type: 'string', minLength: 1, maxLength, description });
const closed = (required: Readonly<Record<string, unknown>>, optional: Readonly<Record<string, unknown>> = {}) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(required),
  properties: { ...required, ...optional },
});
const junctions = { type: 'array', minItems: 1, maxItems: 500, uniqueItems: true, items: text('id of a junction') };
const reason = text('why, for the log');
const seconds = { type: 'number', minimum: 1, maximum: 14_400, description: 'seconds' };
const byId = closed({ id: text('id') });

const alarmDeed = {
  type: 'object',
  discriminator: { propertyName: 'kind' },
  required: ['kind'],
  oneOf: [
    closed({ kind: { enum: ['acknowledge', 'resume'] } }),
    closed({ kind: { const: 'suspend' }, durationMs: { type: 'number', minimum: 1 }, reason }),
    closed({ kind: { const: 'comment' }, text: text('what to note') }),
    closed({ kind: { const: 'assign' }, to: text('name of an account', 32) }),
  ],
};

/** What people in the room do. Each needs a session, the role, and the junction in the own area; each is in the journal. */
export const addRoomRoutes = (server: FastifyInstance, { room, sessions, sites, resetFault, now }: RoomRouteDeps): void => {
  const known = new Set<string>(sites.map(({ id }) => id));
  const who = (request: FastifyRequest): Person => requirePerson(sessions, request).person;
  const mustKnow = (...ids: readonly string[]): void => {
    const unknown = ids.find((id) => !known.has(id));
    if (unknown !== undefined) throw new EdgeError('not-found', `no junction ${JSON.stringify(unknown)}`);
  };
  const mustDo = (person: Person, deed: Deed, junction?: string): void => {
    const permitted = mayDo(person, deed, junction);
    if (!permitted.ok) throwRefusal(permitted);
  };
  const schema = (summary: string, more: object = {}) => ({ summary, tags: ['room'], security: [{ session: [] }], ...more });

  server.get('/api/room', { schema: schema('The room as it is now') }, (request): RoomMessage => {
    who(request);
    return { type: 'room', seq: room.journal.seq(), now: now(), entries: [], state: room.state() };
  });
  server.get<{ Querystring: { before?: string; count?: string } }>(
    '/api/journal',
    {
      schema: schema('The journal, newest first; sign-ins only for who may read the audit log', {
        querystring: {
          type: 'object',
          properties: { before: { type: 'string', pattern: '^[0-9]+$' }, count: { type: 'string', pattern: '^[0-9]{1,3}$' } },
        },
      }),
    },
    async (request) => {
      const person = who(request);
      const { before, count } = request.query;
      const entries = await room.journal.back(before === undefined ? undefined : Number(before), Math.max(1, Number(count ?? 200)));
      return mayDo(person, 'read-audit').ok ? entries : entries.filter(({ kind }) => !kind.startsWith('sign'));
    },
  );

  server.post<{ Body: { junctions: string[]; reason: string; durationS: number; takeOver?: boolean } }>(
    '/api/locks',
    {
      schema: schema('Take, renew or take over junctions: all or none', {
        body: closed({ junctions, reason, durationS: seconds }, { takeOver: { type: 'boolean' } }),
      }),
    },
    async (request, reply) => {
      const person = who(request);
      const { body } = request;
      mustKnow(...body.junctions);
      const wish = { person, reason: body.reason, durationMs: body.durationS * 1000, takeOver: body.takeOver === true };
      return reply.code(201).send(room.locks.take(body.junctions, wish));
    },
  );
  server.post<{ Body: { junctions: string[] } }>(
    '/api/locks/release',
    { schema: schema('Give junctions back: what was ordered there ends', { body: closed({ junctions }) }) },
    (request, reply) => {
      room.locks.release(request.body.junctions, who(request));
      return reply.code(204).send();
    },
  );
  server.post<{ Body: CommandWish }>(
    '/api/commands',
    {
      schema: schema('Command junctions that one holds', {
        body: closed({ junctions, action: commandAction, reason, durationS: seconds }),
      }),
    },
    async (request, reply) => {
      const person = who(request);
      mustKnow(...request.body.junctions);
      return reply.code(201).send(room.commands.command(person, request.body));
    },
  );
  server.post<{ Params: { id: string } }>(
    '/api/commands/:id/confirm',
    { schema: schema('Confirm what another person has asked for', { params: byId }) },
    (request) => room.commands.confirm(who(request), request.params.id),
  );
  server.post<{ Params: { id: string } }>(
    '/api/commands/:id/reject',
    { schema: schema('Reject it', { params: byId }) },
    (request, reply) => {
      room.commands.reject(who(request), request.params.id);
      return reply.code(204).send();
    },
  );
  server.post<{ Body: { junction: string; action: CommandAction; durationS: number } }>(
    '/api/preview',
    {
      schema: schema('What the signals would do', {
        body: closed({ junction: text('id of a junction'), action: commandAction, durationS: seconds }),
      }),
    },
    (request) => {
      const person = who(request);
      const { junction, action, durationS } = request.body;
      mustKnow(junction);
      mustDo(person, 'watch');
      return room.commands.preview(junction, action, durationS);
    },
  );
  server.post<{ Body: { junction: string; action: CommandAction; durationS: number } }>(
    '/api/preview/traffic',
    {
      schema: schema('What the queues would do, with the order and without', {
        body: closed({ junction: text('id of a junction'), action: commandAction, durationS: seconds }),
      }),
    },
    (request) => {
      const { junction, action, durationS } = request.body;
      mustDo(who(request), 'watch');
      mustKnow(junction);
      return room.commands.foresee(junction, action, durationS);
    },
  );
  server.post<{ Body: { junction: string; reason: string } }>(
    '/api/faults/reset',
    { schema: schema("Clear a cabinet's latched fault", { body: closed({ junction: text('id of a junction'), reason }) }) },
    async (request) => {
      const person = who(request);
      const { junction, reason: why } = request.body;
      mustKnow(junction);
      mustDo(person, 'reset-fault', junction);
      const answer = await resetFault(junctionId(junction));
      room.journal.add({ kind: 'fault-reset', by: person.name, role: person.role, junction, detail: answer.message, reason: why });
      return answer;
    },
  );

  server.post<{ Params: { id: string }; Body: AlarmDeed }>(
    '/api/alarms/:id',
    { schema: schema('Acknowledge, suspend, resume, comment or assign an alarm', { params: byId, body: alarmDeed }) },
    (request) => room.alarms.handle(who(request), request.params.id, request.body),
  );

  server.get('/api/playbooks', { schema: schema('Scripts of the operations centre') }, (request) => {
    who(request);
    return room.playbooks.playbooks;
  });
  server.post<{ Params: { id: string }; Body: { mode: 'live' | 'drill' } }>(
    '/api/playbooks/:id/start',
    { schema: schema('Start one', { params: byId, body: closed({ mode: { enum: ['live', 'drill'] } }) }) },
    async (request, reply) => reply.code(201).send(room.playbooks.start(who(request), request.params.id, request.body.mode)),
  );
  server.post<{ Params: { id: string }; Body: { step: number; state: 'done' | 'skipped'; note?: string } }>(
    '/api/runs/:id/steps',
    {
      schema: schema('Settle a step: done or skipped', {
        params: byId,
        body: closed({ step: { type: 'integer', minimum: 0 }, state: { enum: ['done', 'skipped'] } }, { note: text('note') }),
      }),
    },
    (request) => {
      const { step, state, note } = request.body;
      return room.playbooks.settle(who(request), request.params.id, step, state, note);
    },
  );
  server.post<{ Params: { id: string } }>('/api/runs/:id/end', { schema: schema('End a run', { params: byId }) }, (request) =>
    room.playbooks.end(who(request), request.params.id),
  );
  server.get<{ Params: { id: string } }>('/api/runs/:id/report', { schema: schema('After-action report', { params: byId }) }, (request) => {
    who(request);
    return room.playbooks.report(request.params.id);
  });

  server.post<{ Body: Omit<Works, 'id' | 'by' | 'streets'> }>(
    '/api/works',
    {
      schema: schema('Announce planned works on the public page', {
        body: closed(
          {
            junction: text('id of a junction'),
            from: { type: 'integer' },
            to: { type: 'integer' },
            text: text('what, for the public'),
          },
          { closes: { type: 'array', maxItems: 50, uniqueItems: true, items: text('edge or lane that is closed meanwhile') } },
        ),
      }),
    },
    async (request, reply) => {
      const person = who(request);
      mustKnow(request.body.junction);
      return reply.code(201).send(room.public.announce(person, request.body));
    },
  );
  server.delete<{ Params: { id: string } }>('/api/works/:id', { schema: schema('Withdraw them', { params: byId }) }, (request, reply) => {
    room.public.withdraw(who(request), request.params.id);
    return reply.code(204).send();
  });
  server.post<{ Params: { id: string }; Body: { state: CitizenReport['state']; answer: string } }>(
    '/api/reports/:id',
    {
      schema: schema("Answer a citizen's report", {
        params: byId,
        body: closed({ state: { enum: REPORT_STATES }, answer: { type: 'string', maxLength: 1000 } }),
      }),
    },
    (request) => room.public.answer(who(request), request.params.id, request.body.state, request.body.answer),
  );
};
