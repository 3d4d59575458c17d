/**
 * Bytes of a MAT file in order, inflated piece by piece where they are compressed.
 *
 * @module
 */
import { Unzlib } from "fflate";
import { concatBytes } from "../../lib/core/protocol_buffer.ts";

/** Compressed bytes that are inflated at once. */
const CHUNK = 16384;
/** Most bytes that compressed data may stand for. */
const MOST_INFLATED = 4 * 2 ** 30;

/** Bytes one after the other; what is skipped is not kept. */
export interface MatInput {
  /** Bytes taken so far. */
  readonly place: number;
  /** Takes bytes. Throws a RangeError if there are not as many. */
  take(length: number): Uint8Array;
  /** Leaves bytes out. */
  skip(length: number): void;
  /** Whether bytes are left. */
  hasMore(): boolean;
}

/** Bytes that lie in memory. */
export class PlainInput implements MatInput {
  place = 0;

  /** @param bytes The bytes */
  constructor(readonly bytes: Uint8Array) {}

  take(length: number): Uint8Array {
    const start = this.place;
    this.skip(length);
    return this.bytes.subarray(start, this.place);
  }

  skip(length: number): void {
    if (!(length >= 0 && this.place + length <= this.bytes.length)) {
      throw new RangeError(`it asks for ${length} bytes where ${this.bytes.length - this.place} are left`);
    }
    this.place += length;
  }

  hasMore(): boolean {
    return this.place < this.bytes.length;
  }
}

/** Bytes that are inflated when they are asked for. */
export class InflatingInput implements MatInput {
  place = 0;
  readonly #packed: Uint8Array;
  readonly #inflater: Unzlib;
  #pushed = 0;
  #inflated = 0;
  #chunks: Uint8Array[] = [];
  #available = 0;
  #ended = false;

  /** @param packed Bytes in zlib's format */
  constructor(packed: Uint8Array) {
    this.#packed = packed;
    this.#inflater = new Unzlib((chunk, final) => {
      this.#inflated += chunk.length;
      if (this.#inflated > MOST_INFLATED) {
        throw new RangeError(`its compressed data stands for more than ${MOST_INFLATED} bytes`);
      }
      if (chunk.length > 0) this.#chunks.push(chunk.slice());
      this.#available += chunk.length;
      this.#ended ||= final;
    });
  }

  take(length: number): Uint8Array {
    while (this.#available < length) this.#inflate(length);
    const parts: Uint8Array[] = [];
    this.#consume(length, (part) => parts.push(part));
    return parts.length === 1 ? parts[0] : concatBytes(parts);
  }

  skip(length: number): void {
    for (let left = length; left > 0;) {
      if (this.#available === 0) this.#inflate(left);
      const step = Math.min(left, this.#available);
      this.#consume(step, () => {});
      left -= step;
    }
  }

  hasMore(): boolean {
    while (this.#available === 0 && !this.#ended && this.#pushed < this.#packed.length) this.#inflate(1);
    return this.#available > 0;
  }

  #inflate(wanted: number): void {
    if (this.#ended || this.#pushed >= this.#packed.length) {
      throw new RangeError(`it asks for ${wanted} bytes where ${this.#available} are left`);
    }
    const end = Math.min(this.#pushed + CHUNK, this.#packed.length);
    this.#inflater.push(this.#packed.slice(this.#pushed, end), end === this.#packed.length);
    this.#pushed = end;
  }

  #consume(length: number, use: (part: Uint8Array) => void): void {
    let left = length;
    while (left > 0) {
      const [chunk] = this.#chunks;
      if (chunk.length <= left) {
        use(chunk);
        this.#chunks.shift();
        left -= chunk.length;
      } else {
        use(chunk.subarray(0, left));
        this.#chunks[0] = chunk.subarray(left);
        left = 0;
      }
    }
    this.#available -= length;
    this.place += length;
  }
}
