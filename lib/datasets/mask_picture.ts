/**
 * Masks and part labels as pictures hold them.
 *
 * @module
 */
import type { ByteImage } from "../io/image_file.ts";

/** Pictures with at most this many different values are label pictures, others are soft masks. */
const MOST_LABELS = 16;

/**
 * Mask of a picture's alpha channel: object where alpha is at least one half.
 *
 * @param image Picture, `[H, W, C]`
 * @returns 0 or 1, `[H, W]`; null if the picture has no alpha channel
 */
export function maskOfAlpha({ data, channels }: ByteImage): Uint8Array | null {
  if (channels !== 2 && channels !== 4) return null;
  return Uint8Array.from({ length: data.length / channels }, (_, p) => data[(p + 1) * channels - 1] >> 7);
}

/**
 * Mask of a mask picture. Where it holds a few values (1-bit, 0 and 255, labels), every value but 0 is the object; in a
 * soft mask, and in one that was blurred by JPEG, the object has at least half of the largest value.
 *
 * @param image Picture, `[H, W, C]`; of several colour channels the largest counts, alpha does not
 * @returns 0 or 1, `[H, W]`
 */
export function maskOfPicture({ data, channels }: ByteImage): Uint8Array {
  const colours = channels === 2 || channels === 4 ? channels - 1 : channels;
  const values = new Uint8Array(data.length / channels); // [H, W]
  const seen = new Uint8Array(256); // [256]
  for (let p = 0, k = 0; p < values.length; p++, k += channels) {
    let value = data[k];
    for (let c = 1; c < colours; c++) if (data[k + c] > value) value = data[k + c];
    values[p] = value;
    seen[value] = 1;
  }
  const distinct = seen.reduce((count, value) => count + value, 0);
  const threshold = distinct <= MOST_LABELS ? 1 : Math.ceil(seen.lastIndexOf(1) / 2);
  for (let p = 0; p < values.length; p++) values[p] = values[p] >= threshold ? 1 : 0;
  return values;
}

/**
 * Labels of a label picture.
 *
 * @param image Picture, `[H, W, C]`
 * @returns Labels, `[H, W]`; null if the picture is coloured, so that its labels cannot be told
 */
export function labelsOfPicture({ data, channels }: ByteImage): Uint8Array | null {
  const labels = new Uint8Array(data.length / channels); // [H, W]
  if (channels <= 2) {
    for (let p = 0; p < labels.length; p++) labels[p] = data[p * channels];
    return labels;
  }
  for (let p = 0; p < labels.length; p++) {
    const o = p * channels;
    if (data[o] !== data[o + 1] || data[o] !== data[o + 2]) return null;
    labels[p] = data[o];
  }
  return labels;
}
