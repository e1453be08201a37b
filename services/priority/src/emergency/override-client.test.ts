import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, instant, junctionId, seconds, stageId, type Override } from '@songxanh/core';
import { openOverrideClient } from './override-client.ts';

const NOW = instant(1_000_000);
const override = (stage: string): Omit<Override, 'id'> => ({
  source: 'emergency-preemption',
  action: { kind: 'stage', stage: stageId(stage) },
  reason: 'preemption for fire-1',
  by: 'priority',
  expires: after(NOW, seconds(120)),
});
const J1 = junctionId('J 1');

let server: Server;
let url: string;
let heard: { readonly call: string; readonly token: string | undefined; readonly body: unknown }[];
let answer: number;
beforeEach(async () => {
  heard = [];
  answer = 201;
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      heard.push({
        call: `${request.method ?? ''} ${request.url ?? ''}`,
        token: request.headers.authorization,
        body: text === '' ? undefined : JSON.parse(text),
      });
      response.statusCode = answer;
      response.end(request.method === 'POST' ? JSON.stringify({ id: `o${String(heard.length)}`, message: 'said' }) : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

it('gives a preemption as an override with its expiry, replaces it without a gap, and releases it once', async () => {
  const client = openOverrideClient(url, 'secret');
  await client.give(J1, override('side'), NOW);
  await client.give(J1, override('arterial'), NOW);
  await client.release(J1);
  await client.release(J1);
  expect(heard.map(({ call }) => call)).toEqual([
    'POST /api/junctions/J%201/overrides',
    'POST /api/junctions/J%201/overrides',
    'DELETE /api/overrides/o1',
    'DELETE /api/overrides/o2',
  ]);
  expect(heard[0]).toMatchObject({
    token: 'Bearer secret',
    body: { source: 'emergency-preemption', action: { kind: 'stage', stage: 'side' }, durationS: 120, by: 'priority' },
  });
});

it('releases what it is still giving, after it was given', async () => {
  const client = openOverrideClient(url, 'secret');
  const given = client.give(J1, override('side'), NOW);
  await Promise.all([given, client.release(J1)]);
  expect(heard.map(({ call }) => call)).toEqual(['POST /api/junctions/J%201/overrides', 'DELETE /api/overrides/o1']);
});

it('tells when the gateway refuses or is not there', async () => {
  answer = 400;
  expect(await openOverrideClient(url, 'secret').give(J1, override('side'), NOW)).toMatchObject({
    ok: false,
    reason: 'override-refused',
    message: expect.stringContaining('HTTP 400') as string,
  });
  expect(await openOverrideClient('http://127.0.0.1:9', 'secret').give(J1, override('side'), NOW)).toMatchObject({
    ok: false,
    reason: 'gateway-unavailable',
  });
});
