/**
 * What mask images hold besides object and background: rings of pixels that belong to neither, trimaps, and photographs.
 *
 * @module
 */
import type { DeepImage } from "../io/byte_image.ts";

/** Value and colour that data sets of labels give to pixels between an object and the background. */
const VOID_VALUE = 255, VOID_COLOUR = [224, 224, 192];
/** Largest label beside which the value stands for that, and not for a label. */
const LARGEST_LABEL = 200;
/** Pixels from one of a ring to its next end, at most, as rings are about five wide, and share of those that may be farther. */
const REACH = 4, THICK_SHARE = 0.05;

/**
 * Pixels of a void ring: of the value 255, or the colour (224, 224, 192), as lines around labels.
 *
 * @param image Label image, `[H, W, C]`
 * @returns 1 = void, `[H, W]`; null if there is no such ring
 */
export function voidPixels({ data, height, width, channels, isLossy }: DeepImage): Uint8Array | null {
  if (isLossy || data instanceof Uint16Array) return null;
  const colours = channels === 2 || channels === 4 ? channels - 1 : channels;
  const ring = new Uint8Array(height * width); // [H, W]
  let count = 0, labels = 0;
  for (let p = 0, k = 0; p < ring.length; p++, k += channels) {
    const isGrey = colours === 1 || data[k] === data[k + 1] && data[k] === data[k + 2];
    const isColour = colours === 3 && VOID_COLOUR.every((value, c) => data[k + c] === value);
    if (isColour || isGrey && data[k] === VOID_VALUE) {
      ring[p] = 1;
      count++;
    } else if (isGrey ? data[k] > LARGEST_LABEL : false) return null;
    else if (data[k] > 0 || colours === 3 && (data[k + 1] > 0 || data[k + 2] > 0)) labels++;
  }
  if (count === 0 || labels === 0) return null;
  let thick = 0;
  for (let i = REACH; i < height - REACH; i++) {
    for (let j = REACH; j < width - REACH; j++) {
      const p = i * width + j, across = REACH * width;
      if (ring[p] && ring[p - REACH] && ring[p + REACH] && ring[p - across] && ring[p + across]) thick++;
    }
  }
  return thick <= THICK_SHARE * count && labels > count / 2 ? ring : null;
}

/**
 * The object of a trimap, which marks it by 1, the background by 2 and what lies between by 3.
 *
 * @param image Mask image, `[H, W, C]`
 * @returns 0 or 1, `[H, W]`; null if the image holds other values, or not all of these
 */
export function trimapObject({ data, channels, isLossy }: DeepImage): Uint8Array | null {
  if (isLossy || channels === 2 || channels === 4) return null;
  const mask = new Uint8Array(data.length / channels), found = [0, 0, 0, 0]; // [H, W]
  for (let p = 0, k = 0; p < mask.length; p++, k += channels) {
    const value = data[k];
    if (value < 1 || value > 3 || channels === 3 && (data[k + 1] !== value || data[k + 2] !== value)) {
      return null;
    }
    found[value]++;
    mask[p] = value === 1 ? 1 : 0;
  }
  return found[1] > 0 && found[2] > 0 && found[3] > 0 ? mask : null;
}

/** Colours, of 16 levels a channel, from which an image is no label image. */
const MANY_COLOURS = 48;
/** Share of the image that a colour must have to count. */
const COLOUR_SHARE = 2e-4;
/** Share of the pixels that are as their neighbours in images of flat colours. */
const FLAT_SHARE = 0.5;

/** Whether an image is a photograph: of many colours, few of them flat. */
export function isPhotograph({ data, height, width, channels }: DeepImage): boolean {
  if (channels < 3) return false;
  const shift = data instanceof Uint16Array ? 12 : 4, counts = new Map<number, number>();
  let flat = 0;
  for (let p = 0, k = 0; p < height * width; p++, k += channels) {
    const colour = data[k] >> shift << 8 | data[k + 1] >> shift << 4 | data[k + 2] >> shift;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
    if (p % width > 0 && [0, 1, 2].every((c) => data[k + c] === data[k - channels + c])) flat++;
  }
  const many = [...counts.values()].filter((count) => count >= COLOUR_SHARE * height * width).length;
  return many >= MANY_COLOURS && flat < FLAT_SHARE * height * width;
}
