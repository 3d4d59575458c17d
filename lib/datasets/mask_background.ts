/**
 * The background of a mask image, and how far each pixel is from it.
 *
 * @module
 */
import type { DeepImage } from "../io/byte_image.ts";

/** Share of the border that must be of one colour for that colour to be the background, if it is not black. */
const EVEN_BORDER = 0.95;
/** Share of the border that is of one colour in masks, but not in photographs. */
const MOSTLY_EVEN_BORDER = 0.5;
/** Share of the image that must differ from such a background; less is no object, but spots in a full mask. */
const LEAST_OBJECT = 0.01;
/** How far values of one colour may lie apart after a lossy format, as a share of the largest value. */
const LOSSY_SPREAD = 0.1;

/** Largest value of an object, as a share of a coloured background's, that makes it the dark one of both. */
const DARK = 0.25;

/** Distances from the background. */
export interface BackgroundDistance extends MaskValues {
  /** Whether the background is lighter than the object. */
  readonly isLight: boolean;
  /** Whether most of the border is of one colour. */
  readonly isEven: boolean;
}

/**
 * Distance of each pixel's colour from the background: the colour of nearly the whole border, else black.
 *
 * @param image Mask image, `[H, W, C]`; alpha does not count
 * @returns Largest distance of the colour channels, `[H, W]`
 */
export function backgroundDistance(
  { data, height, width, channels, isLossy = false }: DeepImage,
): BackgroundDistance {
  const colours = channels === 2 || channels === 4 ? channels - 1 : channels;
  const distanceFrom = (background: readonly number[]) => {
    const values = new (data instanceof Uint16Array ? Uint16Array : Uint8Array)(height * width); // [H, W]
    for (let p = 0, k = 0; p < values.length; p++, k += channels) {
      let value = Math.abs(data[k] - background[0]);
      for (let c = 1; c < colours; c++) value = Math.max(value, Math.abs(data[k + c] - background[c]));
      values[p] = value;
    }
    return { values, height, width, isLossy };
  };
  const fromBlack = distanceFrom(new Array(colours).fill(0));
  let most = 0;
  for (const value of fromBlack.values) most = Math.max(most, value);
  const spread = isLossy ? LOSSY_SPREAD * most : 0;
  const border = borderPixels(height, width);
  const background = medianColour(border, data, channels, colours);
  const fromBorder = distanceFrom(background);
  const share = border.filter((p) => fromBorder.values[p] <= spread).length / border.length;
  const isEven = share >= MOSTLY_EVEN_BORDER;
  if (Math.max(...background) <= spread) return { ...fromBlack, isLight: false, isEven };
  let others = 0, sum = 0;
  fromBorder.values.forEach((value, p) => {
    if (value <= most / 4) return;
    others++;
    sum += fromBlack.values[p];
  });
  if (share < EVEN_BORDER || others < LEAST_OBJECT * height * width) {
    return { ...fromBlack, isLight: false, isEven };
  }
  const light = Math.max(...background), isColoured = light - Math.min(...background) > light / 4;
  return { ...fromBorder, isLight: sum / others < (isColoured ? DARK * light : light), isEven };
}

/** Indices of the pixels along the border. */
export function borderPixels(height: number, width: number): number[] {
  const pixels: number[] = [];
  for (let j = 0; j < width; j++) pixels.push(j, (height - 1) * width + j);
  for (let i = 1; i < height - 1; i++) pixels.push(i * width, (i + 1) * width - 1);
  return pixels;
}

/** Median of each colour channel. */
function medianColour(
  pixels: readonly number[],
  data: ArrayLike<number>,
  channels: number,
  colours: number,
): number[] {
  return Array.from({ length: colours }, (_, c) => {
    const values = pixels.map((p) => data[p * channels + c]).sort((a, b) => a - b);
    return values[values.length >> 1];
  });
}

/** Values of each pixel that tell object from background; 0 is the background. */
export interface MaskValues {
  /** Values, `[H, W]`. */
  readonly values: Uint8Array | Uint16Array;
  /** Rows, H. */
  readonly height: number;
  /** Columns, W. */
  readonly width: number;
  /** Whether the format may have changed values a little. */
  readonly isLossy: boolean;
}
