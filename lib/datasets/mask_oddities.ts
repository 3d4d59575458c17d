/**
 * What mask pictures hold besides object and ground: rings of pixels that belong to neither, and photographs.
 *
 * @module
 */
import type { DeepImage } from "../io/image_file.ts";

/** Value and colour that data sets of labels give to pixels between an object and the ground. */
const VOID_VALUE = 255, VOID_COLOUR = [224, 224, 192];
/** Largest label beside which the value stands for that, and not for a label. */
const LARGEST_LABEL = 200;
/** Share of the ring's pixels that may be surrounded by others of it. */
const THICK_SHARE = 0.05;

/**
 * Pixels of a void ring: of the value 255, or the colour (224, 224, 192), as thin lines around labels.
 *
 * @param picture Label picture, `[H, W, C]`
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
  for (let i = 1; i < height - 1; i++) {
    for (let j = 1; j < width - 1; j++) {
      const p = i * width + j;
      if (ring[p] && ring[p - 1] && ring[p + 1] && ring[p - width] && ring[p + width]) thick++;
    }
  }
  return thick <= THICK_SHARE * count && labels > count / 2 ? ring : null;
}

/** Colours, of 16 levels a channel, from which a picture is no label picture. */
const MANY_COLOURS = 48;
/** Share of the picture that a colour must have to count. */
const COLOUR_SHARE = 2e-4;
/** Share of the pixels that are as their neighbours in pictures of flat colours. */
const FLAT_SHARE = 0.5;

/** Whether a picture is a photograph: of many colours, few of them flat. */
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
