import { TYPE } from './constants.ts';
import { TraciProtocolError } from './errors.ts';

export type Point = readonly [number, number];
/** What a typed value decodes to. A compound is the flat list of its items. */
export type Value = number | string | readonly string[] | readonly number[] | readonly Point[] | readonly Value[];

/** Reads one received message from front to back. */
export class MessageReader {
  readonly buffer: Buffer;
  position: number;

  constructor(buffer: Buffer, position = 0) {
    this.buffer = buffer;
    this.position = position;
  }

  get atEnd(): boolean {
    return this.position >= this.buffer.length;
  }

  ubyte(): number {
    return this.buffer.readUInt8(this.position++);
  }

  int(): number {
    const value = this.buffer.readInt32BE(this.position);
    this.position += 4;
    return value;
  }

  double(): number {
    const value = this.buffer.readDoubleBE(this.position);
    this.position += 8;
    return value;
  }

  string(): string {
    const length = this.int();
    const end = this.position + length;
    if (length < 0 || end > this.buffer.length) throw new TraciProtocolError(`a string of ${length} bytes does not fit its message`);
    const value = this.buffer.toString('utf8', this.position, end);
    this.position = end;
    return value;
  }

  /** Length of a command, without the bytes of the length itself. */
  commandLength(): number {
    const short = this.ubyte();
    return short > 0 ? short - 1 : this.int() - 5;
  }

  /** A value preceded by its type. */
  value(): Value {
    const type = this.ubyte();
    switch (type) {
      case TYPE.ubyte:
        return this.ubyte();
      case TYPE.byte:
        return this.buffer.readInt8(this.position++);
      case TYPE.integer:
        return this.int();
      case TYPE.double:
        return this.double();
      case TYPE.string:
        return this.string();
      case TYPE.stringList:
        return Array.from({ length: this.int() }, () => this.string());
      case TYPE.doubleList:
        return Array.from({ length: this.int() }, () => this.double());
      case TYPE.position2d:
        return [this.double(), this.double()];
      case TYPE.position3d:
        return [this.double(), this.double(), this.double()];
      case TYPE.color:
        return [this.ubyte(), this.ubyte(), this.ubyte(), this.ubyte()];
      case TYPE.polygon:
        return Array.from({ length: this.#polygonSize() }, () => [this.double(), this.double()] as const);
      case TYPE.compound:
        return Array.from({ length: this.int() }, () => this.value());
      default:
        throw new TraciProtocolError(`type 0x${type.toString(16)} is not known`);
    }
  }

  /** Passes over a typed value without decoding it. */
  skipValue(): void {
    const type = this.ubyte();
    switch (type) {
      case TYPE.ubyte:
      case TYPE.byte:
        this.position += 1;
        return;
      case TYPE.integer:
      case TYPE.color:
        this.position += 4;
        return;
      case TYPE.double:
        this.position += 8;
        return;
      case TYPE.string:
        this.#skip(this.int());
        return;
      case TYPE.stringList:
        for (let left = this.int(); left > 0; left--) this.#skip(this.int());
        return;
      case TYPE.doubleList:
        this.#skip(8 * this.int());
        return;
      case TYPE.position2d:
        this.position += 16;
        return;
      case TYPE.position3d:
        this.position += 24;
        return;
      case TYPE.polygon:
        this.#skip(16 * this.#polygonSize());
        return;
      case TYPE.compound:
        for (let left = this.int(); left > 0; left--) this.skipValue();
        return;
      default:
        throw new TraciProtocolError(`type 0x${type.toString(16)} is not known`);
    }
  }

  /** A method, because `position += int()` would read the old position before `int` moves it. */
  #skip(bytes: number): void {
    this.position += bytes;
  }

  #polygonSize(): number {
    const short = this.ubyte();
    return short > 0 ? short : this.int();
  }
}
