import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Instant, JunctionId, Phrase, Site } from '@songxanh/core';
import { after, junctionId, seconds } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import type { JunctionDetail, LiveDecision, OverrideAction, ScenarioInfo, SignalState } from '@songxanh/wire';
import type { JunctionGeometry } from '../geometry/approaches.ts';
import type { FeatureCollection } from '../geometry/network-features.ts';
import type { LiveBoard } from '../live/live-board.ts';
import type { OverrideDesk } from '../override/override-desk.ts';
import type { Room } from '../room/room.ts';
import { toAction } from '../override/to-action.ts';
import { orderOf } from '../room/order-of.ts';
import { junctionSummary, planView } from './junction-view.ts';
import { answers, junctionParams, overrideBody, overrideParams } from './schemas.ts';
import { carriesToken, requireToken } from './token.ts';

export interface RouteDeps {
  readonly scenario: ScenarioInfo;
  readonly features: FeatureCollection;
  /** By junction; codes stand for words where absent. */
  readonly geometry?: ReadonlyMap<string, JunctionGeometry>;
  readonly sites: readonly Site[];
  readonly board: LiveBoard;
  readonly desk: OverrideDesk;
  readonly room: Room;
  readonly token: string;
  /** Of the priority service: it gives and releases emergency preemption, and nothing else. None where absent. */
  readonly preemptionToken: string | undefined;
  readonly findState: (junction: string) => SignalState | undefined;
  /** Newest first. */
  readonly lastDecisions: (junction: JunctionId) => Promise<readonly LiveDecision[]>;
  readonly resetFault: (junction: JunctionId) => Promise<{ readonly done: boolean; readonly message: string }>;
}

interface OverrideBody {
  readonly action: OverrideAction;
  readonly reason: string;
  readonly by: string;
  readonly durationS: number;
  readonly source: 'operator' | 'manual' | 'emergency-preemption';
}

export const addRoutes = (server: FastifyInstance, deps: RouteDeps): void => {
  const { scenario, features, geometry, sites, board, desk, room, token, preemptionToken, findState, lastDecisions, resetFault } = deps;
  const siteOf = new Map<string, Site>(sites.map((site) => [site.id, site]));
  const summaryOf = new Map(sites.map((site) => [site.id as string, junctionSummary(site, geometry?.get(site.id))]));
  const summaries = [...summaryOf.values()];
  // The geometry never changes while the process runs, and is large: encoded once.
  const encodedFeatures = JSON.stringify(features);
  const getSite = (id: string): Site => {
    const site = siteOf.get(id);
    if (site === undefined) throw new EdgeError('not-found', `no junction ${JSON.stringify(id)}`);
    return site;
  };
  const guard = {
    onRequest: (request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void => {
      requireToken(token, request.headers.authorization);
      done();
    },
  };
  /** Only the priority service has authorised an emergency vehicle; and it decides nothing else. */
  const isPriorityService = ({ headers }: FastifyRequest): boolean =>
    preemptionToken !== undefined && carriesToken(preemptionToken, headers.authorization);
  const guardOverrides = {
    onRequest: (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
      if (isPriorityService(request)) done();
      else guard.onRequest(request, reply, done);
    },
  };
  const read = (summary: string, response: object) => ({ summary, tags: ['read'], response });
  const write = (summary: string, response: object) => ({ summary, tags: ['write'], security: [{ token: [] }], response });

  server.get('/api/scenario', { schema: read('Title, time zone and bounds', answers.scenario) }, () => scenario);
  server.get('/api/network', { schema: read('The map', answers.network) }, (_, reply) =>
    reply.type('application/geo+json').serializer(String).send(encodedFeatures),
  );
  server.get('/api/junctions', { schema: read('All junctions', answers.junctions) }, () => summaries);
  server.get('/api/health', { schema: read('Processes, degraded junctions, refused reports', answers.health) }, () => board.state().health);
  server.get('/api/kpis', { schema: read('Delay, throughput and stops', answers.kpis) }, () => board.state().kpis);
  server.get('/api/overrides', { schema: read('Overrides in force', answers.overrides) }, () => desk.list());

  server.get<{ Params: { id: string } }>(
    '/api/junctions/:id',
    { schema: { ...read('One junction: signals, plan, decisions', answers.junction), params: junctionParams } },
    async ({ params: { id } }): Promise<JunctionDetail> => {
      const site = getSite(id);
      const state = findState(id);
      const signals = board.state().signals[id];
      const detectorStates = board.state().detectors[id];
      return {
        ...(summaryOf.get(id) ?? junctionSummary(site, undefined)),
        ...(signals === undefined ? {} : { signals }),
        ...(state === undefined ? {} : { plan: planView(state.plan, state) }),
        ...(detectorStates === undefined ? {} : { detectorStates }),
        commitments: state?.commitments ?? [],
        decisions: await lastDecisions(site.id),
        overrides: desk.list(id),
      };
    },
  );

  server.post<{ Params: { id: string }; Body: OverrideBody }>(
    '/api/junctions/:id/overrides',
    { ...guardOverrides, schema: { ...write('Give an override', answers.given), params: junctionParams, body: overrideBody } },
    async (request, reply) => {
      const { id } = request.params;
      const { body } = request;
      const site = getSite(id);
      const action = toAction(site, body.action);
      const now: Instant | undefined = findState(id)?.at;
      if (now === undefined) throw new EdgeError('conflict', `junction ${id} has not reported yet, so its street time is unknown`);
      const by = `machine:${body.by}`;
      const says: readonly Phrase[] = [
        { say: 'source', source: body.source },
        orderOf(body.action),
        { say: 'for', seconds: body.durationS },
      ];
      const entry = { by, junction: id, says, reason: body.reason };
      const preempts = body.source === 'emergency-preemption';
      if (preempts !== isPriorityService(request)) {
        room.journal.add({ kind: 'command-refused', ...entry, outcome: 'refused' });
        throw new EdgeError('forbidden', 'emergency-preemption, and nothing else, is for the token of the priority service');
      }
      if (preempts && action.kind !== 'stage')
        throw new EdgeError('bad-input', `body/action/kind is "${action.kind}": expected stage: preemption opens a way`);
      const lock = room.locks.find(id);
      // The street comes before the room, the room before machines.
      if (lock !== undefined && body.source === 'operator') {
        room.journal.add({ kind: 'command-refused', ...entry, outcome: 'refused' });
        throw new EdgeError('conflict', `${id} is held by ${lock.holder}: ${lock.reason}`);
      }
      const expires = after(now, seconds(body.durationS));
      room.journal.add({ kind: 'command-given', ...entry });
      return reply.code(201).send(desk.give(site.id, { action, source: body.source, reason: body.reason, by, expires }));
    },
  );
  server.delete<{ Params: { id: string } }>(
    '/api/overrides/:id',
    { ...guardOverrides, schema: { ...write('Release an override', answers.released), params: overrideParams } },
    (request, reply) => {
      const override = desk.list().find(({ id }) => id === request.params.id);
      const preempts = isPriorityService(request);
      if (preempts && override !== undefined && override.source !== 'emergency-preemption')
        throw new EdgeError('forbidden', `override ${override.id} is no preemption`);
      if (override === undefined || !desk.release(override.id))
        throw new EdgeError('not-found', `no override ${JSON.stringify(request.params.id)} in force`);
      room.journal.add({
        kind: 'command-released',
        by: preempts ? 'machine:priority' : 'machine:token',
        junction: override.junction,
        says: [{ say: 'source', source: override.source }, orderOf(override.action)],
      });
      return reply.code(204).send();
    },
  );
  server.post<{ Params: { id: string } }>(
    '/api/junctions/:id/reset',
    { ...guard, schema: { ...write("Clear the cabinet's latched fault", answers.reset), params: junctionParams } },
    async ({ params: { id } }) => {
      const answer = await resetFault(junctionId(getSite(id).id));
      room.journal.add({ kind: 'fault-reset', by: 'machine:token', junction: id, detail: answer.message });
      return answer;
    },
  );
};
