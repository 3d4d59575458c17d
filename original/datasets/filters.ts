/**
 * Which detected objects the original keeps.
 *
 * @module
 */
import type { Box } from "../../lib/datasets/crop.ts";

/** Limits of the filters. */
export const FILTER_LIMITS = {
  /** Least area of the mask in pixels. */
  leastArea: 96 * 96,
  /** A side of the box nearer to the border than this, in pixels, is looked at for truncation. */
  borderMargin: 10,
  /** Pixels of the object along that side from which on it counts as cut off. */
  mostBorderPixels: 50,
  /** Share of the image from which on an object may touch others. */
  mainObjectShare: 0.3,
} as const;

/** An object as the filters see it. */
export interface FilteredObject {
  /** Box in continuous pixel coordinates. */
  readonly box: Box;
  /** Non-zero = object, `[H, W]`. */
  readonly mask: Uint8Array;
}

/** Why an object is left out. */
export type FilterReason = "too_small" | "cut_off" | "collides";

/**
 * Tests an object: area, then truncation at the border, then collision with any other object.
 *
 * @param object The object
 * @param others All other objects of the image, of any class
 * @param height Rows, H
 * @param width Columns, W
 * @returns The first test that it fails; null if it is kept
 */
export function filterReason(
  object: FilteredObject,
  others: readonly FilteredObject[],
  height: number,
  width: number,
): FilterReason | null {
  const area = object.mask.reduce((sum, value) => sum + (value ? 1 : 0), 0);
  if (area < FILTER_LIMITS.leastArea) return "too_small";
  const grown = dilate(object.mask, height, width);
  if (isCutOff(object.box, grown, height, width)) return "cut_off";
  if (area / (height * width) >= FILTER_LIMITS.mainObjectShare) return null;
  return others.some(({ mask }) => overlaps(grown, dilate(mask, height, width))) ? "collides" : null;
}

/** Whether many pixels of the grown object lie on a side of its box that is near to the border. */
function isCutOff([x1, y1, x2, y2]: Box, grown: Uint8Array, height: number, width: number): boolean {
  const { borderMargin, mostBorderPixels } = FILTER_LIMITS;
  const column = (x: number) => {
    const j = Math.min(Math.max(Math.trunc(x), 0), width - 1);
    let count = 0;
    for (let i = 0; i < height; i++) count += grown[i * width + j];
    return count >= mostBorderPixels;
  };
  const row = (y: number) => {
    const i = Math.min(Math.max(Math.trunc(y), 0), height - 1);
    let count = 0;
    for (let j = 0; j < width; j++) count += grown[i * width + j];
    return count >= mostBorderPixels;
  };
  return (x1 < borderMargin && column(x1)) || (y1 < borderMargin && row(y1)) ||
    (x2 >= width - borderMargin && column(x2 - 1)) || (y2 >= height - borderMargin && row(y2 - 1));
}

/**
 * A mask grown by a square of 5 x 5.
 *
 * @param mask Non-zero = object, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @returns 0 or 1, `[H, W]`
 */
export function dilate(mask: Uint8Array, height: number, width: number): Uint8Array {
  const rows = new Uint8Array(mask.length); // [H, W], grown along rows
  const grown = new Uint8Array(mask.length); // [H, W]
  for (let p = 0; p < mask.length; p++) {
    if (!mask[p]) continue;
    const j = p % width;
    rows.fill(1, p - Math.min(2, j), p + Math.min(2, width - 1 - j) + 1);
  }
  for (let p = 0; p < mask.length; p++) {
    if (!rows[p]) continue;
    const i = Math.floor(p / width);
    const first = Math.max(0, i - 2), last = Math.min(height - 1, i + 2);
    for (let row = first; row <= last; row++) grown[row * width + p % width] = 1;
  }
  return grown;
}

function overlaps(a: Uint8Array, b: Uint8Array): boolean {
  return a.some((value, p) => value && b[p]);
}
