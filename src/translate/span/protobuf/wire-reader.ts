import { intern, internedName } from '../../../json/memory/interned-names.ts';

/** Wire types of protobuf: how the bytes of a field are delimited (https://protobuf.dev/programming-guides/encoding). */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Bytes that are no protobuf message. The text says what and where, and holds no content. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';

  constructor(what: string, offset: number) {
    super(`${what} at byte ${offset}`);
  }
}

/** A varint of 64 bits takes at most ten bytes. */
const MAX_VARINT_BYTES = 10;

/** Shorter texts are put together faster in JavaScript than by a call into the runtime. */
const SHORT_TEXT_BYTES = 12;

const TWO_POW_32 = 4_294_967_296;

/**
 * Reads the fields of a message one after the other from the bytes where they stand. A length is checked against the end
 * of the message that holds it. A field of an unexpected wire type is passed over, as unknown fields are.
 *
 * @example
 * while (reader.next()) {
 *   if (reader.bytesField === 1) name = reader.text();
 *   else reader.skip();
 * }
 */
export class WireReader {
  readonly #bytes: Buffer;
  /** Where the next byte is read. */
  #at = 0;
  /** End of the message that is read. */
  #end: number;
  #field = 0;
  #wireType = 0;
  /** Lower and upper 32 bits of the latest varint, both unsigned. Fields, since a pair would be an object each time. */
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.byteLength;
  }

  /** Goes to the next field of the message; false at its end. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const start = this.#at;
    const tag = this.#uint32();
    this.#field = tag >>> 3;
    this.#wireType = tag & 7;
    if (this.#field === 0) throw new ProtobufError('A field without a number', start);
    return true;
  }

  /** Number of the field, if its value is delimited by a length (texts, bytes, messages); else 0. */
  get bytesField(): number {
    return this.#wireType === LENGTH_DELIMITED ? this.#field : 0;
  }

  /** Number of the field, if its value is a varint (integers, enums, booleans); else 0. */
  get varintField(): number {
    return this.#wireType === VARINT ? this.#field : 0;
  }

  /** Number of the field, if its value has 64 bits (times, doubles); else 0. */
  get fixed64Field(): number {
    return this.#wireType === FIXED64 ? this.#field : 0;
  }

  /** Number of the field, if its value has 32 bits (flags); else 0. */
  get fixed32Field(): number {
    return this.#wireType === FIXED32 ? this.#field : 0;
  }

  /** Passes over the value of the field. */
  skip(): void {
    switch (this.#wireType) {
      case VARINT:
        this.#varint();
        return;
      case FIXED64:
        this.#advance(8);
        return;
      case LENGTH_DELIMITED:
        this.#advance(this.#uint32());
        return;
      case FIXED32:
        this.#advance(4);
        return;
      default:
        throw new ProtobufError(`The unknown wire type ${this.#wireType}`, this.#at);
    }
  }

  /** Enters the message that is the value of the field. @returns what {@link leave} wants */
  enter(): number {
    const length = this.#uint32();
    const outerEnd = this.#end;
    if (length > outerEnd - this.#at) throw new ProtobufError('A length beyond the end', this.#at);
    this.#end = this.#at + length;
    return outerEnd;
  }

  leave(outerEnd: number): void {
    this.#at = this.#end;
    this.#end = outerEnd;
  }

  /** Bytes of the message that are not read yet. */
  get left(): number {
    return this.#end - this.#at;
  }

  /** A copy of the bytes of the message that are not read yet. */
  copyRest(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#at, this.#end));
  }

  /** Where the value of the field stands, to be entered again by {@link enterAt}. Passes over it. */
  bookmark(): Bookmark {
    const length = this.#uint32();
    const start = this.#at;
    return { start, end: this.#advance(length) };
  }

  /** Enters a message that was passed over. @returns what {@link leaveFor} wants */
  enterAt({ start, end }: Bookmark): Bookmark {
    const before = { start: this.#at, end: this.#end };
    this.#at = start;
    this.#end = end;
    return before;
  }

  leaveFor({ start, end }: Bookmark): void {
    this.#at = start;
    this.#end = end;
  }

  /** A text; bytes that are no UTF-8 become U+FFFD, since a damaged text is not worth its span. */
  text(): string {
    const length = this.#uint32();
    const start = this.#at;
    const end = this.#advance(length);
    if (length <= SHORT_TEXT_BYTES) {
      const short = this.#shortAscii(start, end);
      if (short !== undefined) return short;
    }
    return this.#bytes.toString('utf8', start, end);
  }

  /** A text that occurs again and again, such as the name of an attribute. */
  name(): string {
    const length = this.#uint32();
    const start = this.#at;
    const end = this.#advance(length);
    const bytes = this.#bytes;
    return internedName(bytes, start, end) ?? intern(bytes, start, end, bytes.toString('utf8', start, end));
  }

  /** An id of a trace or span, in hexadecimal digits; none and zeros alone are `undefined`, as in JSON. */
  id(): string | undefined {
    const id = this.#encoded('hex');
    return /^0*$/.test(id) ? undefined : id;
  }

  base64(): string {
    return this.#encoded('base64');
  }

  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  /** An enum or a count of 32 bits. */
  int32(): number {
    this.#varint();
    return this.#low | 0;
  }

  /** A signed integer as a double, rounded where it has more than 53 bits, as `Number` rounds its decimal form. */
  int64(): number {
    this.#varint();
    // 53 bits are exact. Others are rounded once, by the conversion of the whole number.
    if (this.#high < 0x20_0000) return this.#high * TWO_POW_32 + this.#low;
    return Number(BigInt.asIntN(64, (BigInt(this.#high) << 32n) | BigInt(this.#low)));
  }

  double(): number {
    const start = this.#at;
    this.#advance(8);
    return this.#bytes.readDoubleLE(start);
  }

  fixed32(): number {
    const start = this.#at;
    this.#advance(4);
    return this.#bytes.readUInt32LE(start);
  }

  /** Unsigned nanoseconds of 64 bits as milliseconds with fraction, without loss before the fraction. */
  nanosAsMs(): number {
    const start = this.#at;
    this.#advance(8);
    const low = this.#bytes.readUInt32LE(start);
    const high = this.#bytes.readUInt32LE(start + 4);
    // 2^32 ns are 4294 ms and 967296 ns. The rest stays below 2^53, so every step is exact.
    const restNanos = high * 967_296 + low;
    const subMs = restNanos % 1e6;
    return high * 4_294 + (restNanos - subMs) / 1e6 + subMs / 1e6;
  }

  #encoded(encoding: 'hex' | 'base64'): string {
    const length = this.#uint32();
    const start = this.#at;
    return this.#bytes.toString(encoding, start, this.#advance(length));
  }

  #shortAscii(start: number, end: number): string | undefined {
    let text = '';
    for (let at = start; at < end; at += 1) {
      const byte = this.#bytes[at] ?? 0;
      if (byte > 0x7f) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** @returns where the reader stands afterwards */
  #advance(length: number): number {
    if (length > this.#end - this.#at) throw new ProtobufError('A length beyond the end', this.#at);
    this.#at += length;
    return this.#at;
  }

  /** A tag or a length, which have 32 bits; more is damage. */
  #uint32(): number {
    const byte = this.#bytes[this.#at] ?? 0;
    if (byte < 0x80 && this.#at < this.#end) {
      this.#at += 1;
      return byte;
    }
    const start = this.#at;
    this.#varint();
    if (this.#high !== 0) throw new ProtobufError('A tag or length of more than 32 bits', start);
    return this.#low;
  }

  #varint(): void {
    const start = this.#at;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 7 * MAX_VARINT_BYTES; shift += 7) {
      if (this.#at >= this.#end) throw new ProtobufError('A number that is cut', start);
      const byte = this.#bytes[this.#at] ?? 0;
      this.#at += 1;
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      // The fifth byte has four bits for the lower half and three for the upper one.
      if (shift === 28) high = bits >>> 4;
      else if (shift > 28) high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw new ProtobufError(`A number of more than ${MAX_VARINT_BYTES} bytes`, start);
  }
}

/** Where a message stands in the bytes. */
export interface Bookmark {
  readonly start: number;
  readonly end: number;
}
