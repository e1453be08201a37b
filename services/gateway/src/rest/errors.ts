import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { EdgeError } from '@songxanh/platform';
import { RefusedError } from '../room/refusal.ts';

interface ErrorBody {
  readonly error: string;
  readonly message: string;
  /** Stable code of a refusal. */
  readonly reason?: string;
  readonly where?: string;
  readonly expected?: string;
}

const validationBody = (error: FastifyError): ErrorBody | undefined => {
  const [first] = error.validation ?? [];
  if (first === undefined) return undefined;
  const missing = first.params['missingProperty'];
  const path = `${first.instancePath}${typeof missing === 'string' ? `/${missing}` : ''}`;
  const where = `${error.validationContext ?? 'request'}${path}`;
  const expected = typeof missing === 'string' ? 'a value' : (first.message ?? 'another value');
  return { error: 'bad-input', message: `${where}: ${expected}`, where, expected };
};

/** Expected errors become their status and a body that says what, where and what was expected; a bug becomes a bare 500 and a log line. */
export const answerError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  if (error instanceof EdgeError) {
    const reason = error instanceof RefusedError ? { reason: error.reason } : {};
    return reply.code(error.http).send({ error: error.code, message: error.message, ...reason } satisfies ErrorBody);
  }
  const invalid = validationBody(error);
  if (invalid !== undefined) return reply.code(400).send(invalid);
  const status = error.statusCode ?? 500;
  if (status < 500) return reply.code(status).send({ error: 'bad-input', message: error.message } satisfies ErrorBody);
  request.log.error({ err: error }, 'request failed');
  return reply.code(500).send({ error: 'internal', message: 'internal error' } satisfies ErrorBody);
};
