/**
 * Part maps: what each pixel of an object is, as channels 0 = background, 1 = object without a part, 2 + c = part c.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";

/** Weight of "background" and "object without a part", which counts only where there is no part. */
const PRIOR = 1e-8;

/** A part found in an image. */
export interface PartMask {
  /** Number of the part, 0 to P − 1; its channel is 2 + this. */
  readonly part: number;
  /** How sure it is, above 0 to 1. */
  readonly score: number;
  /** Rank: where parts overlap the higher one is seen; 1 is the lowest. */
  readonly priority: number;
  /** Non-zero = part, `[H, W]`. */
  readonly mask: Uint8Array;
}

/**
 * Probabilities of parts (pose step 2): each part's mask holds its score, a later part of the same kind overwrites the
 * earlier one, and channels are divided by their sum. Parts may reach outside of the object.
 *
 * @param object Non-zero = object, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @param parts Parts of the image in the order of the file
 * @param partCount Number of kinds of parts, P
 * @returns Channels that sum to 1, `[H, W, 2 + P]`
 * @throws {TypeError} If a mask does not have H · W values
 */
export function probabilisticPartMap(
  object: Uint8Array,
  height: number,
  width: number,
  parts: readonly PartMask[],
  partCount: number,
): FloatImage {
  checkMasks(object, height, width, parts);
  const channels = 2 + partCount;
  const map = { ...floatImage(height, width, channels), data: new Float64Array(height * width * channels) };
  const { data } = map; // [H, W, 2 + P]
  for (let p = 0, o = 0; p < object.length; p++, o += channels) {
    data[o + (object[p] ? 1 : 0)] = PRIOR;
    for (const { part, score, mask } of parts) if (mask[p]) data[o + 2 + part] = score;
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += data[o + c];
    for (let c = 0; c < channels; c++) data[o + c] /= sum;
  }
  return map;
}

/**
 * One label per pixel (reconstruction): 0 outside of the object, 1 on the object without a part, 2 + c on part c; where
 * parts overlap the one of the strictly higher priority is taken.
 *
 * @param object Non-zero = object, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @param parts Parts of the image in the order of the file
 * @returns Labels, `[H, W]`
 * @throws {TypeError} If a mask does not have H · W values
 */
export function priorityPartLabels(
  object: Uint8Array,
  height: number,
  width: number,
  parts: readonly PartMask[],
): Uint8Array {
  checkMasks(object, height, width, parts);
  return object.map((inside, p) => {
    let label = inside ? 1 : 0;
    let best = 0;
    for (const { part, priority, mask } of inside ? parts : []) {
      if (mask[p] && priority > best) {
        best = priority;
        label = 2 + part;
      }
    }
    return label;
  });
}

/**
 * Labels of an image whose parts come as one label image: 0 outside of the object; on the object 2 + c where the image
 * holds the label of part c, else 1.
 *
 * @param object Non-zero = object, `[H, W]`
 * @param labelImage Label of each pixel, `[H, W]`
 * @param partLabels Label in the image of each part, `[P]`
 * @returns Labels, `[H, W]`
 * @throws {TypeError} If the two images do not have equally many pixels
 */
export function partLabelsOfImage(
  object: Uint8Array,
  labelImage: Uint8Array | Uint16Array,
  partLabels: readonly number[],
): Uint8Array {
  if (object.length !== labelImage.length) {
    throw new TypeError(
      `Cannot read part labels of ${object.length} pixels: current value has ${labelImage.length}`,
    );
  }
  const channelOf = new Uint8Array(65536).fill(1); // [65536]
  for (const [part, label] of partLabels.entries()) channelOf[label] = 2 + part;
  const labels = new Uint8Array(object.length); // [H, W]
  for (let p = 0; p < labels.length; p++) if (object[p]) labels[p] = channelOf[labelImage[p]];
  return labels;
}

/**
 * One channel per label, 1 where the label is.
 *
 * @param labels Labels 0 to C − 1, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @param channels Number of labels, C
 * @returns 0 or 1, `[H, W, C]`
 */
export function oneHot(labels: Uint8Array, height: number, width: number, channels: number): FloatImage {
  const map = floatImage(height, width, channels); // [H, W, C]
  for (let p = 0; p < labels.length; p++) map.data[p * channels + labels[p]] = 1;
  return map;
}

function checkMasks(object: Uint8Array, height: number, width: number, parts: readonly PartMask[]): void {
  for (const mask of [object, ...parts.map((part) => part.mask)]) {
    if (mask.length !== height * width) {
      throw new TypeError(
        `Cannot make a part map of ${height} x ${width}: current value of a mask has ${mask.length} pixels`,
      );
    }
  }
}
