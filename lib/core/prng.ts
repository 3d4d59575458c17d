/**
 * Seeded random numbers with independent named streams and a state that can be saved.
 *
 * @module
 */

/** FNV-1a hash of a text's UTF-8 bytes, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** State of a generator: four 32-bit words. */
export type PrngState = readonly [number, number, number, number];

/**
 * A small fast counting generator (sfc32) with a stream per purpose, so that one stage's draws never shift another's.
 *
 * @example
 * ```ts
 * const noise = new Prng(1, "gan", "latent");
 * const z = noise.normals(64);
 * ```
 */
export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  /**
   * Starts a stream.
   *
   * @param seed Integer
   * @param stream Names that make the stream: other names, other numbers
   */
  constructor(seed: number, ...stream: (string | number)[]) {
    const name = stream.join("/");
    this.#a = seed >>> 0;
    this.#b = hashText(name);
    this.#c = hashText(`${seed}:${name}`);
    this.#counter = 1;
    for (let i = 0; i < 16; i++) this.nextUint32();
  }

  /** Next integer, 0 to 2³² − 1. */
  nextUint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0;
    return sum >>> 0;
  }

  /** Next number in [0, 1), 53 bits. */
  next(): number {
    return ((this.nextUint32() >>> 5) * 67108864 + (this.nextUint32() >>> 6)) / 9007199254740992;
  }

  /** Next number in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Next integer in [0, end). */
  integer(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** Next standard normal number (Box and Muller, cosine branch). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** `count` standard normal numbers, `[count]`. */
  normals(count: number): Float32Array {
    return Float32Array.from({ length: count }, () => this.normal());
  }

  /** Integers 0 to count − 1 in random order (Fisher and Yates). */
  permutation(count: number): number[] {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  /** State to be saved with a checkpoint. */
  get state(): PrngState {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#counter >>> 0];
  }

  /** Continues from a saved state. */
  set state(state: PrngState) {
    [this.#a, this.#b, this.#c, this.#counter] = state.map((word) => word | 0);
  }
}
