import type { ServerDuplexStream } from '@grpc/grpc-js';
import { dial, keepBidi, serve, type BidiHandler, type Served } from './grpc.ts';

interface Numbered {
  readonly atMs: number;
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 1000 && !condition(); i += 1) await new Promise((r) => setTimeout(r, 10));
  expect(condition()).toBe(true);
};

describe('a stream that is kept open', () => {
  const echo: BidiHandler<Numbered, Numbered> = (call) => {
    call.on('data', (m: Numbered) => call.write({ atMs: m.atMs }));
    call.on('end', () => {
      call.end();
    });
  };

  it('is up as soon as the peer is there, even before the peer has anything to say', async () => {
    const silent: BidiHandler<Numbered, Numbered> = () => undefined;
    const server = await serve('127.0.0.1:0', { StreetService: { Attach: silent } });
    const client = dial('StreetService', server.address);
    const link = keepBidi<Numbered, Numbered>(client, 'Attach', { onOpen: () => undefined, onMessage: () => undefined });
    await until(link.isUp);
    link.close();
    client.close();
    await server.stop();
  });

  it('drops what is sent while down, says so once, and comes back with the peer on the same port', async () => {
    const calls: ServerDuplexStream<Numbered, Numbered>[] = [];
    const handlers = {
      StreetService: {
        Attach: (call: ServerDuplexStream<Numbered, Numbered>) => {
          calls.push(call);
          echo(call);
        },
      },
    };
    const first = await serve('127.0.0.1:0', handlers);
    const client = dial('StreetService', first.address);
    const got: number[] = [];
    let opened = 0;
    let downs = 0;
    const link = keepBidi<Numbered, Numbered>(client, 'Attach', {
      onOpen: (send) => {
        opened += 1;
        send({ atMs: -opened });
      },
      onMessage: (m) => got.push(m.atMs),
      onDown: () => (downs += 1),
    });
    await until(() => got.length === 1);
    expect(link.send({ atMs: Number.MAX_SAFE_INTEGER })).toBe(true);
    await until(() => got.length === 2);
    await first.stop();
    await until(() => !link.isUp());
    expect(link.send({ atMs: 7 })).toBe(false);
    let second: Served | undefined = await serve(first.address, handlers);
    await until(() => got.length === 3);
    expect(got.slice(0, 2)).toEqual([-1, Number.MAX_SAFE_INTEGER]);
    expect(got[2]).toBe(-opened);
    expect(downs).toBe(1);
    link.close();
    client.close();
    await second.stop();
    second = undefined;
  });

  it('refuses an address that is taken', async () => {
    const server = await serve('127.0.0.1:0', {});
    await expect(serve(server.address, {})).rejects.toThrow(`cannot listen on ${server.address}`);
    await server.stop();
  });
});
