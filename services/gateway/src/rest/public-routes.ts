import type { FastifyInstance } from 'fastify';
import type { Site } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import type { CitizenReport, PublicCity, ReplaySegment, ScenarioInfo } from '@songxanh/wire';
import type { LiveBoard } from '../live/live-board.ts';
import type { Recorder } from '../live/recorder.ts';
import type { WaitHistory } from '../live/wait-history.ts';
import type { Room } from '../room/room.ts';

export interface PublicRouteDeps {
  readonly room: Room;
  readonly sites: readonly Site[];
  readonly scenario: ScenarioInfo;
  readonly board: LiveBoard;
  readonly history: WaitHistory;
  readonly recorder: Recorder | undefined;
}

const newReport = {
  type: 'object',
  additionalProperties: false,
  required: ['junction', 'kind', 'text'],
  properties: {
    junction: { type: 'string', minLength: 1, maxLength: 200 },
    kind: { enum: ['signal', 'waiting', 'crossing', 'other'] },
    text: { type: 'string', minLength: 1, maxLength: 1000 },
  },
} as const;
const byCode = { type: 'object', required: ['code'], properties: { code: { type: 'string', pattern: '^[0-9A-Za-z]{8}$' } } } as const;
const byFile = { type: 'object', required: ['file'], properties: { file: { type: 'string', pattern: '^[0-9]+-[0-9]+-[0-9]+$' } } } as const;

/** What anybody may see without signing in, and the report anybody may make. */
export const addPublicRoutes = (server: FastifyInstance, { room, sites, scenario, board, history, recorder }: PublicRouteDeps): void => {
  const names = new Map<string, string>(sites.map(({ id, name }) => [id, name === '' ? id : name]));
  const schema = (summary: string, more: object = {}) => ({ summary, tags: ['public'], ...more });

  server.get('/api/public/city', { schema: schema('State and history for citizens') }, (): PublicCity => {
    const { at, signals, kpis } = board.state();
    const junctions = sites.flatMap(({ id }) => {
      const one = signals[id];
      if (one === undefined) return [];
      return [{ id, name: names.get(id) ?? id, source: one.source, mode: one.mode, waitS: one.worstWaitS, history: history.of(id) }];
    });
    return {
      title: scenario.title,
      timeZone: scenario.timeZone,
      at,
      meanDelayS: kpis.adaptive?.meanDelayPerPersonS ?? null,
      arrived: kpis.adaptive?.throughput ?? null,
      adaptiveShare: junctions.length === 0 ? 0 : junctions.filter(({ source }) => source === 'optimizer').length / junctions.length,
      junctions,
      works: room.public.works(),
    };
  });
  server.post<{ Body: Pick<CitizenReport, 'junction' | 'kind' | 'text'> }>(
    '/api/public/reports',
    { schema: schema('Report a problem; the answer carries the code to follow it by', { body: newReport }) },
    async ({ body }, reply) => {
      if (!names.has(body.junction)) throw new EdgeError('not-found', `no junction ${JSON.stringify(body.junction)}`);
      return reply.code(201).send(room.public.report(body));
    },
  );
  server.get<{ Params: { code: string } }>(
    '/api/public/reports/:code',
    { schema: schema('Follow a report', { params: byCode }) },
    ({ params: { code } }) => {
      const report = room.public.find(code);
      if (report === undefined) throw new EdgeError('not-found', 'no report has this code');
      return report;
    },
  );

  server.get('/api/replay', { schema: schema('Recorded minutes, oldest first') }, (): readonly ReplaySegment[] => recorder?.list() ?? []);
  server.get<{ Params: { file: string } }>(
    '/api/replay/:file',
    { schema: schema('One recorded minute: a snapshot, then deltas, as JSON lines', { params: byFile }) },
    async ({ params: { file } }, reply) => {
      const found = await recorder?.read(file);
      if (found === undefined) throw new EdgeError('not-found', 'this minute is not recorded');
      return reply.type('application/jsonl').header('content-encoding', 'gzip').send(found);
    },
  );
};
