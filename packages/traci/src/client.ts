import { COMMAND } from './constants.ts';
import {
  inductionLoopDomain,
  laneAreaDomain,
  laneDomain,
  personDomain,
  simulationDomain,
  trafficLightDomain,
  vehicleDomain,
} from './domains.ts';
import { TraciCommandError, TraciProtocolError } from './errors.ts';
import { MessageReader } from './message-reader.ts';
import { MessageWriter } from './message-writer.ts';
import { ContextValues, ObjectValues } from './subscription.ts';
import { Transport } from './transport.ts';

export interface ConnectOptions {
  readonly host?: string;
  readonly port: number;
  /** Further attempts while nothing listens yet; SUMO opens its port only when the network is loaded. */
  readonly retries?: number;
  readonly retryDelayMs?: number;
  /** Place among several clients; SUMO needs it when it was started with `--num-clients` > 1. */
  readonly order?: number;
}

interface Pending {
  readonly command: number;
  readonly read: (reader: MessageReader) => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

/** Simulated seconds; SUMO's own "for ever" (an invalid double) as bounds of a subscription. */
const NO_BOUND = -1073741824;

/**
 * A connection to one SUMO. Commands issued in the same turn of the event loop travel in one message (`Promise.all` is one round trip);
 * `simStep` ends its message.
 */
export class TraciClient {
  readonly #transport: Transport;
  readonly #writer = new MessageWriter();
  #pending: Pending[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #scheduled = false;
  #answers = 0;
  /** Keyed by the answer's command, then by object. */
  readonly #subscriptions = new Map<number, Map<string, ObjectValues>>();
  readonly #contexts = new Map<number, Map<string, ContextValues>>();

  readonly simulation = simulationDomain(this);
  readonly trafficLight = trafficLightDomain(this);
  readonly lane = laneDomain(this);
  readonly vehicle = vehicleDomain(this);
  readonly person = personDomain(this);
  readonly inductionLoop = inductionLoopDomain(this);
  readonly laneArea = laneAreaDomain(this);

  private constructor(transport: Transport) {
    this.#transport = transport;
  }

  static async connect(options: ConnectOptions): Promise<TraciClient> {
    const { host = '127.0.0.1', port, retries = 60, retryDelayMs = 250, order } = options;
    const client = new TraciClient(await Transport.open(host, port, retries, retryDelayMs));
    if (order !== undefined) {
      await client.command(COMMAND.setOrder, (w) => w.int(order));
    }
    return client;
  }

  /** Counts subscription answers; `values.updatedAt === client.answers` after a step says that the object was in it. */
  get answers(): number {
    return this.#answers;
  }

  async getVersion(): Promise<{ api: number; software: string }> {
    return this.command(
      COMMAND.getVersion,
      () => undefined,
      (reader) => {
        reader.commandLength();
        reader.ubyte();
        return { api: reader.int(), software: reader.string() };
      },
    );
  }

  /** Simulates one step, or up to `time` (s) where it is given, and takes in all subscribed values. */
  simStep(time = 0): Promise<void> {
    const done = this.command(
      COMMAND.simStep,
      (w) => w.double(time),
      (reader) => {
        this.#answers++;
        for (let left = reader.int(); left > 0; left--) this.#takeSubscription(reader);
      },
    );
    this.#flush();
    return done;
  }

  /** Ends the connection; SUMO goes on or ends as its own options say. */
  async close(): Promise<void> {
    await this.command(COMMAND.close, () => undefined);
    this.#transport.close();
  }

  /** Any command of the protocol: `write` adds its content, `read` takes what follows a good status. */
  command<T = void>(
    command: number,
    write: (writer: MessageWriter) => unknown,
    read: (reader: MessageReader) => T = () => undefined as T,
  ): Promise<T> {
    this.#writer.beginCommand(command);
    write(this.#writer);
    this.#writer.endCommand();
    const answer = new Promise<T>((resolve, reject) => {
      this.#pending.push({ command, read, resolve, reject });
    });
    if (!this.#scheduled) {
      this.#scheduled = true;
      queueMicrotask(() => this.#flush());
    }
    return answer;
  }

  get<T>(domain: number, variable: number, id: string, decode: (reader: MessageReader) => T): Promise<T> {
    return this.command(
      domain,
      (w) => w.ubyte(variable).string(id),
      (reader) => {
        reader.commandLength();
        reader.ubyte();
        reader.ubyte();
        reader.string();
        return decode(reader);
      },
    );
  }

  set(domain: number, variable: number, id: string, write: (writer: MessageWriter) => unknown): Promise<void> {
    return this.command(domain + 0x20, (w) => write(w.ubyte(variable).string(id)));
  }

  /** Values of these variables come with every step from now on; the first ones are there when the promise is kept. */
  async subscribe(domain: number, id: string, variables: readonly number[]): Promise<ObjectValues> {
    const values = new ObjectValues(id, variables);
    entry(this.#subscriptions, domain + 0x40).set(id, values);
    await this.command(
      domain + 0x30,
      (w) => {
        w.double(NO_BOUND).double(NO_BOUND).string(id).ubyte(variables.length);
        for (const variable of variables) w.ubyte(variable);
      },
      (reader) => this.#firstValues(domain + 0x30, reader),
    ).catch((error: unknown) => {
      this.#subscriptions.get(domain + 0x40)?.delete(id);
      throw error;
    });
    return values;
  }

  /** Drops the client's side of a subscription whose object has left the simulation. */
  forget(domain: number, id: string): void {
    this.#subscriptions.get(domain + 0x40)?.delete(id);
  }

  /** Variables of all objects of `objects` (a domain) within `rangeM` metres of one object of `domain`. */
  async subscribeContext(
    domain: number,
    id: string,
    objects: number,
    rangeM: number,
    variables: readonly number[],
  ): Promise<ContextValues> {
    const values = new ContextValues(id, variables);
    const answer = domain - 0x10;
    entry(this.#contexts, answer).set(id, values);
    await this.command(
      domain - 0x20,
      (w) => {
        w.double(NO_BOUND).double(NO_BOUND).string(id).ubyte(objects).double(rangeM).ubyte(variables.length);
        for (const variable of variables) w.ubyte(variable);
      },
      (reader) => this.#firstValues(domain - 0x20, reader),
    ).catch((error: unknown) => {
      this.#contexts.get(answer)?.delete(id);
      throw error;
    });
    return values;
  }

  #firstValues(command: number, reader: MessageReader): void {
    const complaint = this.#takeSubscription(reader);
    if (complaint !== undefined) throw new TraciCommandError(command, complaint);
  }

  #takeSubscription(reader: MessageReader): string | undefined {
    const length = reader.commandLength();
    const end = reader.position + length;
    const answer = reader.ubyte();
    const id = reader.string();
    const values = this.#subscriptions.get(answer)?.get(id);
    let complaint: string | undefined;
    if (values) complaint = values.take(reader, reader.ubyte(), this.#answers);
    else {
      const context = this.#contexts.get(answer)?.get(id);
      if (context) {
        reader.ubyte();
        complaint = context.take(reader, reader.ubyte(), this.#answers);
      }
    }
    reader.position = end;
    return complaint;
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    const message = this.#writer.take();
    this.#pending = [];
    this.#flushing = this.#flushing.then(() => this.#exchange(message, pending));
  }

  async #exchange(message: Buffer, pending: readonly Pending[]): Promise<void> {
    let next = 0;
    try {
      const reader = new MessageReader(await this.#transport.exchange(message));
      for (; next < pending.length; next++) settle(pending[next]!, reader);
    } catch (error) {
      this.#transport.close();
      const reason = error instanceof RangeError ? new TraciProtocolError(`an answer ended too early: ${error.message}`) : error;
      for (const one of pending.slice(next)) one.reject(reason);
    }
  }
}

const entry = <T>(map: Map<number, Map<string, T>>, key: number): Map<string, T> => {
  const found = map.get(key) ?? new Map<string, T>();
  map.set(key, found);
  return found;
};

/** Reads the status of one command and what follows it. Throws only when the message itself is broken. */
const settle = (pending: Pending, reader: MessageReader): void => {
  reader.commandLength();
  const command = reader.ubyte();
  if (command !== pending.command) {
    throw new TraciProtocolError(`answer 0x${command.toString(16)} to command 0x${pending.command.toString(16)}`);
  }
  const status = reader.ubyte();
  const description = reader.string();
  if (status !== 0) {
    pending.reject(new TraciCommandError(command, description));
    return;
  }
  try {
    pending.resolve(pending.read(reader) as never);
  } catch (error) {
    if (!(error instanceof TraciCommandError)) throw error;
    pending.reject(error);
  }
};

/** Connects to a SUMO that was started with `--remote-port`, waiting for it to listen. */
export const connect = (options: ConnectOptions): Promise<TraciClient> => TraciClient.connect(options);
