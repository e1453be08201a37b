import { TYPE } from './constants.ts';
import { TraciProtocolError } from './errors.ts';
import { MessageReader, type Value } from './message-reader.ts';

/**
 * The subscribed variables of one object, as of the last step that mentioned it. Values stay in the received message and are decoded
 * when asked for: what nobody reads costs a skip.
 */
export class ObjectValues {
  readonly id: string;
  readonly variables: readonly number[];
  #buffer: Buffer = Buffer.alloc(0);
  readonly #offsets: Int32Array;
  #updatedAt = -1;

  constructor(id: string, variables: readonly number[]) {
    this.id = id;
    this.variables = variables;
    this.#offsets = new Int32Array(variables.length).fill(-1);
  }

  /** Number of the answer that brought these values; compare with `client.answers` to see whether they are of the last step. */
  get updatedAt(): number {
    return this.#updatedAt;
  }

  /** The variable at `index` of the subscription's list, an int or a double. */
  number(index: number): number {
    const at = this.#offset(index);
    const type = this.#buffer[at];
    if (type === TYPE.double) return this.#buffer.readDoubleBE(at + 1);
    if (type === TYPE.integer) return this.#buffer.readInt32BE(at + 1);
    if (type === TYPE.ubyte) return this.#buffer.readUInt8(at + 1);
    if (type === TYPE.byte) return this.#buffer.readInt8(at + 1);
    throw new TraciProtocolError(`variable 0x${this.variables[index]?.toString(16)} of ${this.id} is not a number`);
  }

  string(index: number): string {
    const at = this.#offset(index);
    if (this.#buffer[at] !== TYPE.string) {
      throw new TraciProtocolError(`variable 0x${this.variables[index]?.toString(16)} of ${this.id} is not a string`);
    }
    return new MessageReader(this.#buffer, at + 1).string();
  }

  value(index: number): Value {
    return this.reader(index).value();
  }

  /** A reader at the typed value, for those who decode a compound themselves. */
  reader(index: number): MessageReader {
    return new MessageReader(this.#buffer, this.#offset(index));
  }

  #offset(index: number): number {
    const at = this.#offsets[index] ?? -1;
    if (at < 0) throw new TraciProtocolError(`${this.id} has no value for subscribed variable number ${index}`);
    return at;
  }

  /** Notes where the values lie in `reader`'s message and passes over them. Returns SUMO's first complaint, if any. */
  take(reader: MessageReader, count: number, answer: number): string | undefined {
    let complaint: string | undefined;
    this.#buffer = reader.buffer;
    this.#updatedAt = answer;
    for (let i = 0; i < count; i++) {
      const variable = reader.ubyte();
      const failed = reader.ubyte() !== 0;
      const at = this.variables[i] === variable ? i : this.variables.indexOf(variable);
      if (at >= 0) this.#offsets[at] = failed ? -1 : reader.position;
      if (failed) complaint ??= String(new MessageReader(reader.buffer, reader.position).value());
      reader.skipValue();
    }
    return complaint;
  }
}

/** The variables of all objects of a domain within a range of one object. */
export class ContextValues {
  readonly id: string;
  readonly variables: readonly number[];
  /** Those in range at the last step. */
  readonly objects = new Map<string, ObjectValues>();

  constructor(id: string, variables: readonly number[]) {
    this.id = id;
    this.variables = variables;
  }

  take(reader: MessageReader, variableCount: number, answer: number): string | undefined {
    let complaint: string | undefined;
    for (let left = reader.int(); left > 0; left--) {
      const id = reader.string();
      const object = this.objects.get(id) ?? new ObjectValues(id, this.variables);
      this.objects.set(id, object);
      complaint ??= object.take(reader, variableCount, answer);
    }
    for (const [id, object] of this.objects) if (object.updatedAt !== answer) this.objects.delete(id);
    return complaint;
  }
}
