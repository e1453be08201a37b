import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { TraciConnectionError, TraciProtocolError } from './errors.ts';

/** SUMO's answers grow with the number of subscriptions; more than this is a broken length, not an answer. */
const MAX_MESSAGE_BYTES = 1 << 30;

/** One message out, one message back, over one socket. */
export class Transport {
  readonly #socket: Socket;
  #header = Buffer.alloc(4);
  #message: Buffer | undefined;
  #filled = 0;
  #waiting: { resolve: (message: Buffer) => void; reject: (reason: Error) => void } | undefined;
  #failure: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(new TraciConnectionError(`connection to SUMO failed: ${error.message}`)));
    socket.on('close', () => this.#fail(new TraciConnectionError('SUMO closed the connection')));
  }

  static async open(host: string, port: number, retries: number, retryDelayMs: number): Promise<Transport> {
    for (let attempt = 0; ; attempt++) {
      try {
        return new Transport(await openSocket(host, port));
      } catch (error) {
        if (attempt >= retries) throw new TraciConnectionError(`no SUMO at ${host}:${port}: ${(error as Error).message}`);
        await sleep(retryDelayMs);
      }
    }
  }

  exchange(message: Buffer): Promise<Buffer> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(message);
    });
  }

  close(): void {
    this.#fail(new TraciConnectionError('the connection was closed'));
  }

  #take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (!this.#message) {
        const copied = chunk.copy(this.#header, this.#filled, at, at + 4 - this.#filled);
        this.#filled += copied;
        at += copied;
        if (this.#filled < 4) return;
        const length = this.#header.readInt32BE(0) - 4;
        if (length < 0 || length > MAX_MESSAGE_BYTES) {
          this.#fail(new TraciProtocolError(`a message of ${length + 4} bytes was announced`));
          return;
        }
        this.#message = Buffer.allocUnsafeSlow(length);
        this.#filled = 0;
      }
      const copied = chunk.copy(this.#message, this.#filled, at);
      this.#filled += copied;
      at += copied;
      if (this.#filled === this.#message.length) this.#deliver(this.#message);
    }
  }

  #deliver(message: Buffer): void {
    this.#message = undefined;
    this.#filled = 0;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(message);
  }

  #fail(reason: Error): void {
    this.#failure ??= reason;
    this.#socket.destroy();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(this.#failure);
  }
}

const openSocket = (host: string, port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ host, port });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
