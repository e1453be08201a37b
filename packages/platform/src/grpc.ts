import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  credentials,
  loadPackageDefinition,
  Metadata,
  Server,
  ServerCredentials,
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type handleUnaryCall,
  type ServerDuplexStream,
  type ServerWritableStream,
  type ServiceClientConstructor,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { HealthImplementation } from 'grpc-health-check';
import { EdgeError } from './errors.ts';

export type ServiceName = 'DetectionService' | 'PlanService' | 'OverrideService' | 'CabinetService' | 'StreetService' | 'PriorityService';

/** The same depth from src/ and dist/. */
const PROTO_FOLDER = join(import.meta.dirname, '..', '..', '..', 'proto');
const FILES = ['detection', 'plan', 'override', 'cabinet', 'street', 'priority'].map((name) => `songxanh/v1/${name}.proto`);

/** Enough for a message about some ten thousand junctions. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const BACKOFF_MS = { first: 200, longest: 2000 };
const CHANNEL_OPTIONS = {
  'grpc.initial_reconnect_backoff_ms': BACKOFF_MS.first,
  'grpc.min_reconnect_backoff_ms': BACKOFF_MS.first,
  'grpc.max_reconnect_backoff_ms': BACKOFF_MS.longest,
  'grpc.keepalive_time_ms': 5000,
  'grpc.keepalive_timeout_ms': 2000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
};

let loaded: Readonly<Record<ServiceName, ServiceClientConstructor>> | undefined;

/** The services of `proto/songxanh/v1`; fields in camelCase, integers and enums as numbers, absent fields as their defaults. */
export const services = (): Readonly<Record<ServiceName, ServiceClientConstructor>> => {
  if (loaded !== undefined) return loaded;
  if (!existsSync(PROTO_FOLDER)) throw new EdgeError('bad-config', `contracts not found: expected the folder ${PROTO_FOLDER}`);
  // Enums as numbers: they index the lookup tables of `wire` directly, and cost no string per field.
  const definition = loadSync(FILES, { includeDirs: [PROTO_FOLDER], longs: Number, enums: Number, defaults: true, oneofs: true });
  const root = loadPackageDefinition(definition) as unknown as { songxanh: { v1: Record<ServiceName, ServiceClientConstructor> } };
  loaded = root.songxanh.v1;
  return loaded;
};

/** One handler per method of the contract. */
export type BidiHandler<In, Out> = (call: ServerDuplexStream<In, Out>) => void;
export type ServerStreamHandler<In, Out> = (call: ServerWritableStream<In, Out>) => void;
export type UnaryHandler<In, Out> = handleUnaryCall<In, Out>;
export type Handlers = UntypedServiceImplementation;

export interface Served {
  /** host:port that was really taken. */
  readonly address: string;
  readonly port: number;
  /** What grpc.health.v1 answers for the whole process. */
  readonly setHealthy: (healthy: boolean) => void;
  /** Ends streams at once and lets unary calls finish. */
  readonly stop: () => Promise<void>;
}

/** A stream's caller learns that it is connected from the initial metadata, which gRPC would otherwise hold back until the first message. */
const answeringAtOnce = (service: ServiceClientConstructor['service'], handlers: Handlers): Handlers =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => {
      const method = Object.values(service).find((m) => m.originalName === name || m.path.endsWith(`/${name}`));
      if (method?.responseStream !== true) return [name, handler];
      const wrapped = (call: ServerDuplexStream<unknown, unknown>): void => {
        call.sendMetadata(new Metadata());
        // A caller that vanishes is no bug of ours; the handler sees 'cancelled' or 'end'.
        call.on('error', () => undefined);
        (handler as (call: ServerDuplexStream<unknown, unknown>) => void)(call);
      };
      return [name, wrapped];
    }),
  );

/** Serves the given contracts and grpc.health.v1 on `listen` (`host:port`, port 0 for a free one). */
export const serve = async (listen: string, implementations: Partial<Readonly<Record<ServiceName, Handlers>>>): Promise<Served> => {
  const server = new Server(CHANNEL_OPTIONS);
  const health = new HealthImplementation({ '': 'SERVING' });
  health.addToServer(server);
  for (const [name, handlers] of Object.entries(implementations)) {
    const { service } = services()[name as ServiceName];
    server.addService(service, answeringAtOnce(service, handlers));
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(listen, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(new EdgeError('bad-config', `cannot listen on ${listen}: ${error.message}`));
    });
  });
  return {
    address: `${listen.slice(0, listen.lastIndexOf(':'))}:${String(port)}`,
    port,
    setHealthy: (healthy) => {
      health.setStatus('', healthy ? 'SERVING' : 'NOT_SERVING');
    },
    stop: () =>
      new Promise((resolve) => {
        // Streams of this suite never end by themselves, so a graceful shutdown would wait for ever.
        const cut = setTimeout(() => {
          server.forceShutdown();
          resolve();
        }, 300);
        server.tryShutdown(() => {
          clearTimeout(cut);
          resolve();
        });
      }),
  };
};

/** A client that reconnects by itself (backoff 0.2…2 s) and notices a dead peer within 7 s of silence. Nothing is sent before the first call. */
export const dial = (service: ServiceName, address: string): Client => {
  const Constructor = services()[service];
  return new Constructor(address, credentials.createInsecure(), CHANNEL_OPTIONS);
};

/** One unary call; fails with an EdgeError. */
// The caller names both messages of the method, as for the streams below.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export const callOnce = <In, Out>(client: Client, method: string, request: In, withinMs = 2000): Promise<Out> =>
  new Promise((resolve, reject) => {
    const call = (client as unknown as Record<string, (r: In, o: object, done: (e: Error | null, v: Out) => void) => void>)[method];
    if (call === undefined) throw new Error(`no method ${method}`);
    call.call(client, request, { deadline: Date.now() + withinMs }, (error, value) => {
      if (error === null) resolve(value);
      else reject(new EdgeError('unavailable', error.message, { cause: error }));
    });
  });

export interface StreamEvents<In, Out> {
  /** A new stream: send the first message (who we are). Called before the peer is known to be there. */
  readonly onOpen: (send: (message: Out) => void) => void;
  readonly onMessage: (message: In) => void;
  /** The peer has answered: what is sent from now on arrives while the stream stays up. */
  readonly onUp?: () => void;
  /** The stream has ended; it is opened again after the backoff. Called once per loss, not for each failed attempt. */
  readonly onDown?: (reason: string) => void;
}

/** A stream that is opened again for as long as it is wanted. */
export interface StreamLink<Out> {
  /** False when the stream is down: the message is dropped, the next `onOpen` starts afresh. */
  readonly send: (message: Out) => boolean;
  readonly isUp: () => boolean;
  readonly close: () => void;
}

type AnyStream<In, Out> = ClientDuplexStream<Out, In> | ClientReadableStream<In>;

const keepOpen = <In, Out>(open: () => AnyStream<In, Out>, events: StreamEvents<In, Out>): StreamLink<Out> => {
  let stream: AnyStream<In, Out> | undefined;
  let up = false;
  let wait = BACKOFF_MS.first;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const write = (message: Out): void => {
    if (stream !== undefined && 'write' in stream) stream.write(message);
  };
  const connect = (): void => {
    const mine = open();
    stream = mine;
    const isUp = (): void => {
      if (up || stream !== mine) return;
      up = true;
      wait = BACKOFF_MS.first;
      events.onUp?.();
    };
    const lost = (reason: string): void => {
      if (stream !== mine) return;
      stream = undefined;
      const wasUp = up;
      up = false;
      if (closed) return;
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, BACKOFF_MS.longest);
      if (wasUp) events.onDown?.(reason);
    };
    mine.on('metadata', isUp);
    mine.on('data', (message: In) => {
      isUp();
      if (stream === mine) events.onMessage(message);
    });
    mine.on('error', (error: Error) => {
      lost(error.message);
    });
    mine.on('end', () => {
      lost('ended by the peer');
    });
    events.onOpen(write);
  };
  connect();
  return {
    send: (message) => {
      if (!up) return false;
      write(message);
      return true;
    },
    isUp: () => up,
    close: () => {
      closed = true;
      clearTimeout(timer);
      const last = stream;
      stream = undefined;
      up = false;
      if (last !== undefined && 'end' in last) last.end();
      last?.cancel();
    },
  };
};

/** Keeps a two-way stream of `method` open. */
export const keepBidi = <In, Out>(client: Client, method: string, events: StreamEvents<In, Out>): StreamLink<Out> =>
  keepOpen<In, Out>(() => {
    const call = (client as unknown as Record<string, () => ClientDuplexStream<Out, In>>)[method];
    if (call === undefined) throw new Error(`no method ${method}`);
    return call.call(client);
  }, events);

/** Keeps a subscription (server stream) of `method` open; `request` is made anew for each attempt. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export const keepSubscription = <In, Request>(
  client: Client,
  method: string,
  request: () => Request,
  events: Omit<StreamEvents<In, never>, 'onOpen'>,
): StreamLink<never> =>
  keepOpen<In, never>(
    () => {
      const call = (client as unknown as Record<string, (r: Request) => ClientReadableStream<In>>)[method];
      if (call === undefined) throw new Error(`no method ${method}`);
      return call.call(client, request());
    },
    { ...events, onOpen: () => undefined },
  );
