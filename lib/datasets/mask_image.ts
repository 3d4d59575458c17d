/**
 * Masks and part labels as images hold them.
 *
 * @module
 */
import type { ByteImage, DeepImage } from "../io/byte_image.ts";
import { backgroundDistance, borderPixels, type MaskValues } from "./mask_background.ts";
import { isPhotograph, trimapObject, voidPixels } from "./mask_oddities.ts";
import { objectThreshold } from "./mask_levels.ts";

/**
 * Mask of an image's alpha channel: object where alpha is at least one half, or half of the largest value of a channel that
 * shows nothing in full.
 *
 * @param image Image, `[H, W, C]`
 * @returns 0 or 1, `[H, W]`; null if the image has no alpha channel, or one that hides nothing
 */
export function maskOfAlpha({ data, channels }: ByteImage): Uint8Array | null {
  if (channels !== 2 && channels !== 4) return null;
  const mask = new Uint8Array(data.length / channels); // [H, W]
  let most = 0;
  for (let k = channels - 1; k < data.length; k += channels) most = Math.max(most, data[k]);
  const least = most < 128 ? Math.max(1, Math.ceil(most / 2)) : 128;
  for (let p = 0, k = channels - 1; p < mask.length; p++, k += channels) mask[p] = data[k] >= least ? 1 : 0;
  return mask.includes(0) ? mask : null;
}

/** What a mask image holds. */
export interface MaskImage {
  /** 0 or 1, `[H, W]`. */
  readonly mask: Uint8Array;
  /**
   * What the object was told from: the alpha channel of an RGBA image, the values of a mask or of labels, or the colours of an
   * object on an even background; `photograph` if there is no object to be told.
   */
  readonly kind: "alpha" | "values" | "object_image" | "photograph";
  /** Whether the background is light and the object dark, and the mask was turned. */
  readonly isInverted: boolean;
}

/**
 * Reads a mask image: masks of two values (1 bit, 0 and 1, 0 and 255, 16 bits, colours), labels (every label is the
 * object), trimaps, soft, antialiased and JPEG masks (half and more is the object), and images of the object in place of
 * masks. The background is what lies along the border, if that is of one colour, else black.
 *
 * @param image Image, `[H, W, C]`
 * @returns The mask, and what it was told from
 */
export function readMaskImage(image: DeepImage): MaskImage {
  const plain = plainMask(image) ?? trimapObject(image);
  if (plain) return { mask: plain, kind: "values", isInverted: false };
  const alpha = alphaValues(image);
  if (alpha) {
    const { threshold } = objectThreshold(alpha);
    const mask = alpha.values.map((value) => value >= threshold ? 1 : 0);
    return { mask: Uint8Array.from(mask), kind: "alpha", isInverted: false };
  }
  const { isLight, isEven, ...distance } = backgroundDistance(image);
  const { threshold, isObjectImage } = objectThreshold(distance);
  const { values, height, width } = distance;
  const isVoid = voidPixels(image);
  const mask = new Uint8Array(values.length); // [H, W]
  for (let p = 0; p < mask.length; p++) mask[p] = values[p] >= threshold && !isVoid?.[p] ? 1 : 0;
  if (!isEven && isPhotograph(image)) return { mask, kind: "photograph", isInverted: false };
  if (isObjectImage) fillSpots(mask, height, width);
  return { mask, kind: isObjectImage ? "object_image" : "values", isInverted: isLight && !isObjectImage };
}

/** The mask of a grey image of one value beside black, with a black border: most masks are so, and quickly read. */
function plainMask({ data, height, width, channels }: DeepImage): Uint8Array | null {
  if (channels !== 1 && channels !== 3) return null;
  const mask = new Uint8Array(height * width); // [H, W]
  let object = 0;
  for (let p = 0, k = 0; p < mask.length; p++, k += channels) {
    const value = data[k];
    if (channels === 3 && (data[k + 1] !== value || data[k + 2] !== value)) return null;
    if (value === 0) continue;
    if (value !== object && object !== 0) return null;
    object = value;
    mask[p] = 1;
  }
  const border = borderPixels(height, width);
  return object > 0 && border.reduce((sum, p) => sum + mask[p], 0) < border.length / 2 ? mask : null;
}

/** The alpha channel, where it hides some pixels and shows others. */
function alphaValues({ data, height, width, channels, isLossy = false }: DeepImage): MaskValues | null {
  if (channels !== 2 && channels !== 4) return null;
  const values = new (data instanceof Uint16Array ? Uint16Array : Uint8Array)(data.length / channels); // [H, W]
  let least = Infinity, most = 0;
  for (let p = 0; p < values.length; p++) {
    const value = values[p] = data[(p + 1) * channels - 1];
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least < most / 4 ? { values, height, width, isLossy } : null;
}

/** Share of the object that a spot of the background's colour in it may have to count as object. */
const LARGEST_SPOT = 0.01;

/** Fills small holes, which are dark spots of the object and no holes through it. */
function fillSpots(mask: Uint8Array, height: number, width: number): void {
  const area = mask.reduce((sum, value) => sum + value, 0);
  const seen = mask.slice(); // [H, W]
  for (let start = 0; start < seen.length; start++) {
    if (seen[start]) continue;
    const spot = [start];
    let touchesBorder = false;
    seen[start] = 1;
    for (let k = 0; k < spot.length; k++) {
      const p = spot[k], row = Math.floor(p / width), column = p % width;
      if (row === 0 || column === 0 || row === height - 1 || column === width - 1) touchesBorder = true;
      for (const q of [column > 0 ? p - 1 : p, column < width - 1 ? p + 1 : p, p - width, p + width]) {
        if (q < 0 || q >= seen.length || seen[q]) continue;
        seen[q] = 1;
        spot.push(q);
      }
    }
    if (!touchesBorder && spot.length <= LARGEST_SPOT * area) { for (const p of spot) mask[p] = 1; }
  }
}

/**
 * Labels of a label image.
 *
 * @param image Image, `[H, W, C]`
 * @returns Labels, `[H, W]`; null if the image is coloured, so that its labels cannot be told
 */
export function labelsOfImage({ data, channels }: DeepImage): Uint8Array | Uint16Array | null {
  const labels = new (data instanceof Uint16Array ? Uint16Array : Uint8Array)(data.length / channels); // [H, W]
  for (let p = 0, o = 0; p < labels.length; p++, o += channels) {
    if (channels > 2 && (data[o] !== data[o + 1] || data[o] !== data[o + 2])) return null;
    labels[p] = data[o];
  }
  return labels;
}
