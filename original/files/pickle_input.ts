/**
 * The bytes of a pickle, read in order and never beyond their end.
 *
 * @module
 */

/** Longest integer in bytes; the format allows 2³¹. */
const LONGEST_INTEGER = 1024;

/** Reads numbers, texts and bytes one after the other. */
export class PickleInput {
  /** Where the next byte is. */
  place: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /**
   * @param bytes All bytes
   * @param start Where reading begins
   */
  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.place = start;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#bytes.length - this.place;
  }

  /** One byte. */
  byte(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  /** Integer of 2 bytes. */
  uint16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  /** Integer of 4 bytes with a sign. */
  int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  /** Integer of 4 bytes. */
  uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  /** Integer of 8 bytes; inexact beyond 2⁵³, where nothing has that size. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }

  /** Float of 8 bytes, highest first. */
  float64(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  /** Bytes, not copied. */
  bytes(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A text of UTF-8 bytes; single halves of surrogate pairs are replaced. */
  utf8(length: number): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.bytes(length));
  }

  /** A text with one byte for each character. */
  latin1(length: number): string {
    return latin1OfBytes(this.bytes(length));
  }

  /** A line without its end. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.place);
    if (end < 0) throw new SyntaxError("a line has no end");
    const text = this.latin1(end - this.place);
    this.place++;
    return text;
  }

  /** Integer of any length with a sign, lowest byte first. */
  integer(length: number): number | bigint {
    if (length > LONGEST_INTEGER) {
      throw new RangeError(`an integer may have ${LONGEST_INTEGER} bytes: current value is ${length}`);
    }
    const bytes = this.bytes(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = value << 8n | BigInt(bytes[i]);
    return narrow(length === 0 ? 0n : BigInt.asIntN(8 * length, value));
  }

  #skip(length: number): number {
    if (!(length >= 0 && length <= this.left)) {
      throw new RangeError(`it asks for ${length} bytes where ${this.left} are left`);
    }
    const start = this.place;
    this.place += length;
    return start;
  }
}

/** An integer of a line of digits, maybe followed by "L". */
export function integerOfText(text: string): number | bigint {
  const digits = text.trim().replace(/L$/, "");
  if (!/^[+-]?\d{1,2000}$/.test(digits)) {
    throw new SyntaxError(
      `a line must be an integer: current value is ${JSON.stringify(text.slice(0, 40))}`,
    );
  }
  return narrow(BigInt(digits.replace(/^\+/, "")));
}

/** Text with one character for each byte. */
export function latin1OfBytes(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return text;
}

/**
 * Bytes of a text with one byte for each character.
 *
 * @throws {RangeError} If a character is beyond 255
 */
export function bytesOfLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) {
      throw new RangeError(`bytes as text must have characters up to 255: current value is ${code}`);
    }
    bytes[i] = code;
  }
  return bytes;
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
