/**
 * The look of images, by which copies of one image are told from images that are only alike.
 *
 * @module
 */
import type { ByteImage } from "../io/byte_image.ts";
import type { Crop } from "./crop.ts";
import { hashDistance, type PerceptualHash, perceptualHash } from "./perceptual_hash.ts";

/** Side of the small image that is compared. */
const SIDE = 24;
/** Bits of 64 in which the hashes of copies differ at most. */
const COPY_BITS = 4;
/** Mean and largest difference of the values of copies, of 255; saving and shrinking change them by less. */
const COPY_MEAN = 2, COPY_MOST = 24;

/** How an image looks. */
export interface ImageLook {
  /** Hash, for a quick comparison. */
  readonly hash: PerceptualHash;
  /** Colours of a small image of the object's crop, 0 to 255, `[24, 24, 3]`. */
  readonly colours: Uint8Array;
}

/**
 * The look of a crop.
 *
 * @param image Photograph, `[H, W, C]`
 * @param crop Square of its pixels
 */
export function imageLook(image: ByteImage, crop: Crop): ImageLook {
  return { hash: perceptualHash(image, crop), colours: smallColours(image, crop) };
}

/** Whether two images are copies of one, perhaps saved again or at another size. */
export function areCopies(a: ImageLook, b: ImageLook): boolean {
  if (hashDistance(a.hash, b.hash) > COPY_BITS) return false;
  let sum = 0, most = 0;
  for (let k = 0; k < a.colours.length; k++) {
    const difference = Math.abs(a.colours[k] - b.colours[k]);
    sum += difference;
    most = Math.max(most, difference);
  }
  return sum / a.colours.length <= COPY_MEAN && most <= COPY_MOST;
}

/** Mean colours of 24 x 24 cells of a crop, white outside of the photograph, `[24, 24, 3]`. */
function smallColours({ data, height, width, channels }: ByteImage, { x, y, size }: Crop): Uint8Array {
  const step = channels >= 3 ? 1 : 0;
  const sums = new Float64Array(SIDE * SIDE * 3), counts = new Uint32Array(SIDE * SIDE); // [24, 24, 3], [24, 24]
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const cell = Math.floor(i * SIDE / size) * SIDE + Math.floor(j * SIDE / size);
      const row = y + i, column = x + j;
      const isInside = row >= 0 && column >= 0 && row < height && column < width;
      const at = (row * width + column) * channels;
      counts[cell]++;
      for (let c = 0; c < 3; c++) sums[cell * 3 + c] += isInside ? data[at + c * step] : 255;
    }
  }
  return Uint8Array.from(sums, (sum, k) => counts[Math.floor(k / 3)] ? sum / counts[Math.floor(k / 3)] : 255);
}
