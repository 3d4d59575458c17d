/**
 * Brush masks of Label Studio: runs of bytes of an RGBA image, packed bit by bit.
 *
 * @module
 */

/** Bits of a value at a place, the highest first. */
class Bits {
  readonly #bytes: readonly number[];
  #place = 0;

  constructor(bytes: readonly number[]) {
    this.#bytes = bytes;
  }

  /** Whether all bits were read. */
  get isAtEnd(): boolean {
    return this.#place >= 8 * this.#bytes.length;
  }

  /** The next number of some bits. */
  read(count: number): number {
    let value = 0;
    for (let k = 0; k < count; k++, this.#place++) {
      const byte = this.#bytes[this.#place >> 3] ?? 0;
      value = 2 * value + (byte >> (7 - (this.#place & 7)) & 1);
    }
    return value;
  }
}

/** Channels of the packed image; the last one is the mask. */
const CHANNELS = 4;

/**
 * Unpacks a brush mask. A header gives the number of values, their width and the widths of lengths; then come blocks, each
 * one value repeated or a list of values.
 *
 * @param packed Bytes
 * @param pixels Pixels of the image, H · W
 * @returns 0 or 1, `[H, W]`; null if the bytes are not those of such an image
 */
export function decodeBrush(packed: readonly number[], pixels: number): Uint8Array | null {
  const bits = new Bits(packed), count = bits.read(32);
  if (count !== CHANNELS * pixels) return null;
  const wordBits = bits.read(5) + 1, lengthBits = [0, 1, 2, 3].map(() => bits.read(4) + 1);
  const mask = new Uint8Array(pixels); // [H, W]
  for (let i = 0; i < count;) {
    if (bits.isAtEnd) return null;
    const isRun = bits.read(1) === 1;
    const end = Math.min(count, i + 1 + bits.read(lengthBits[bits.read(2)]));
    for (let value = isRun ? bits.read(wordBits) : 0; i < end; i++) {
      if (!isRun) value = bits.read(wordBits);
      if (i % CHANNELS === CHANNELS - 1 && value >= 128) mask[(i - i % CHANNELS) / CHANNELS] = 1;
    }
  }
  return mask;
}
