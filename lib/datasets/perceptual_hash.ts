/**
 * Hashes of the look of images: images that look alike have hashes that differ in few bits.
 *
 * @module
 */
import type { ByteImage } from "../io/byte_image.ts";
import type { Crop } from "./crop.ts";

/** Side of the small grey image that is looked at. */
const SIDE = 32;
/** Frequencies along each axis that make the hash. */
const FREQUENCIES = 8;

/** 64 bits, as two 32-bit words. */
export type PerceptualHash = readonly [number, number];

/**
 * Hash of a crop: signs of the 64 lowest frequencies (cosine transform) of a grey image of 32 x 32, compared with
 * their median.
 *
 * @param image Photograph, `[H, W, C]`; what its alpha channel hides is white
 * @param crop Square of its pixels
 * @returns The hash
 */
export function perceptualHash(image: ByteImage, crop: Crop): PerceptualHash {
  const grey = shrink(image, crop);
  const coefficients = lowFrequencies(grey);
  const median = [...coefficients.subarray(1)].sort((a, b) => a - b)[coefficients.length >> 1];
  const words: [number, number] = [0, 0];
  for (let k = 1; k < coefficients.length; k++) { // the mean brightness does not count
    if (coefficients[k] > median) words[k >> 5] |= 1 << (k & 31);
  }
  return words;
}

/** Number of bits that differ. */
export function hashDistance(a: PerceptualHash, b: PerceptualHash): number {
  return countBits(a[0] ^ b[0]) + countBits(a[1] ^ b[1]);
}

function countBits(word: number): number {
  word -= word >>> 1 & 0x55555555;
  word = (word & 0x33333333) + (word >>> 2 & 0x33333333);
  return Math.imul(word + (word >>> 4) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Mean grey of each of 32 x 32 cells of a crop, pixels on the edge of two cells shared out, `[32, 32]`. */
function shrink(image: ByteImage, { x, y, size }: Crop): Float64Array {
  const grey = new Float64Array(SIDE * SIDE); // [32, 32]
  const line = new Float64Array(SIDE); // [32]
  const scale = SIDE / size;
  for (let i = 0; i < size; i++) {
    line.fill(0);
    for (let j = 0; j < size; j++) {
      spread(greyAt(image, y + i, x + j), j * scale, (j + 1) * scale, line, 0, 1);
    }
    for (let column = 0; column < SIDE; column++) {
      spread(line[column], i * scale, (i + 1) * scale, grey, column, SIDE);
    }
  }
  return grey;
}

/** Adds a value to the cells that an interval covers, by the share of each. */
function spread(
  value: number,
  start: number,
  end: number,
  out: Float64Array,
  first: number,
  step: number,
): void {
  for (let cell = Math.floor(start); cell < Math.min(end, SIDE); cell++) {
    out[first + cell * step] += value * (Math.min(end, cell + 1) - Math.max(start, cell));
  }
}

/** Grey of a pixel, 0 to 255; white outside and where alpha hides it. */
function greyAt({ data, height, width, channels }: ByteImage, i: number, j: number): number {
  if (i < 0 || j < 0 || i >= height || j >= width) return 255;
  const at = (i * width + j) * channels;
  const value = channels >= 3 ? (data[at] + data[at + 1] + data[at + 2]) / 3 : data[at];
  if (channels !== 2 && channels !== 4) return value;
  const alpha = data[at + channels - 1] / 255;
  return alpha * value + (1 - alpha) * 255;
}

/** Cosine transform at frequencies 0 to 7 along both axes, `[8, 8]`. */
function lowFrequencies(grey: Float64Array): Float64Array {
  const wave = Float64Array.from( // [8, 32]
    { length: FREQUENCIES * SIDE },
    (_, k) => Math.cos(Math.PI * Math.floor(k / SIDE) * (k % SIDE + 0.5) / SIDE),
  );
  const alongRows = new Float64Array(SIDE * FREQUENCIES); // [32, 8]
  for (let i = 0; i < SIDE; i++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      for (let j = 0; j < SIDE; j++) {
        alongRows[i * FREQUENCIES + u] += grey[i * SIDE + j] * wave[u * SIDE + j];
      }
    }
  }
  const result = new Float64Array(FREQUENCIES * FREQUENCIES); // [8, 8]
  for (let w = 0; w < FREQUENCIES; w++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      for (let i = 0; i < SIDE; i++) {
        result[w * FREQUENCIES + u] += alongRows[i * FREQUENCIES + u] * wave[w * SIDE + i];
      }
    }
  }
  return result;
}
