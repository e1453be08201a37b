import { TYPE } from './constants.ts';

/** One outgoing message, growing in a buffer that is used again for every message. */
export class MessageWriter {
  #buffer = Buffer.allocUnsafe(4096);
  #end = 4;
  #commandStart = 0;

  /** Bytes written, without the length of the message. */
  get size(): number {
    return this.#end - 4;
  }

  #room(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#end + bytes));
    this.#buffer.copy(grown, 0, 0, this.#end);
    this.#buffer = grown;
  }

  /** Commands always get the long form of their length (a zero byte, then 32 bits), so that it can be filled in at the end. */
  beginCommand(command: number): this {
    this.#commandStart = this.#end;
    this.ubyte(0).int(0).ubyte(command);
    return this;
  }

  endCommand(): this {
    this.#buffer.writeInt32BE(this.#end - this.#commandStart, this.#commandStart + 1);
    return this;
  }

  ubyte(value: number): this {
    this.#room(1);
    this.#buffer[this.#end++] = value;
    return this;
  }

  int(value: number): this {
    this.#room(4);
    this.#end = this.#buffer.writeInt32BE(value, this.#end);
    return this;
  }

  double(value: number): this {
    this.#room(8);
    this.#end = this.#buffer.writeDoubleBE(value, this.#end);
    return this;
  }

  string(value: string): this {
    const bytes = Buffer.byteLength(value);
    this.int(bytes);
    this.#room(bytes);
    this.#end += this.#buffer.write(value, this.#end);
    return this;
  }

  typedInt(value: number): this {
    return this.ubyte(TYPE.integer).int(value);
  }

  typedDouble(value: number): this {
    return this.ubyte(TYPE.double).double(value);
  }

  typedString(value: string): this {
    return this.ubyte(TYPE.string).string(value);
  }

  /** The finished message as a copy of its own; the writer starts afresh. */
  take(): Buffer {
    this.#buffer.writeInt32BE(this.#end, 0);
    const message = Buffer.from(this.#buffer.subarray(0, this.#end));
    this.#end = 4;
    return message;
  }
}
