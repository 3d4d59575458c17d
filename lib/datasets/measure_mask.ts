/**
 * Measures of a mask that tell whether it is usable.
 *
 * @module
 */
import type { Box } from "./crop.ts";

/** Measures of a mask. */
export interface MaskMeasures {
  /** Pixels of the object. */
  readonly area: number;
  /** Tight box in continuous coordinates; all 0 if there is no object. */
  readonly box: Box;
  /** Pixels of the object on the border of the image. */
  readonly borderPixels: number;
  /** Pieces that hang together (corners count). */
  readonly pieces: number;
  /** Pixels of the largest piece. */
  readonly largestPiece: number;
}

/**
 * Measures a mask.
 *
 * @param mask Non-zero = object, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @returns Its measures
 */
export function measureMask(mask: Uint8Array, height: number, width: number): MaskMeasures {
  const { area, box, borderPixels } = boxOf(mask, height, width),
    { sizes } = labelPieces(mask, height, width);
  return {
    area,
    box,
    borderPixels,
    pieces: sizes.length,
    largestPiece: sizes.reduce((largest, size) => Math.max(largest, size), 0),
  };
}

/** Area, tight box and pixels on the border. */
function boxOf(
  mask: Uint8Array,
  height: number,
  width: number,
): Pick<MaskMeasures, "area" | "box" | "borderPixels"> {
  let area = 0, borderPixels = 0;
  let x1 = width, y1 = height, x2 = 0, y2 = 0;
  for (let i = 0, p = 0; i < height; i++) {
    for (let j = 0; j < width; j++, p++) {
      if (!mask[p]) continue;
      area++;
      x1 = Math.min(x1, j);
      x2 = Math.max(x2, j + 1);
      y1 = Math.min(y1, i);
      y2 = i + 1;
      if (i === 0 || j === 0 || i === height - 1 || j === width - 1) borderPixels++;
    }
  }
  return { area, box: area > 0 ? [x1, y1, x2, y2] : [0, 0, 0, 0], borderPixels };
}

/** Share of the largest piece below which a piece is a stray spot, and below which all together are. */
const STRAY_SHARE = 0.002, STRAY_SHARE_OF_ALL = 0.01;
/** Share of the longest side of the box by which stray spots must move a side of it to do harm. */
const STRAY_REACH = 0.1;

/**
 * Takes stray spots away that move a side of the box by a tenth of its length or more: pieces of less than 0.2 % of the largest
 * one, and of less than 1 % all together.
 *
 * @param mask Non-zero = object, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @returns The mask without them and their pixels; null if there are none
 */
export function withoutStraySpots(
  mask: Uint8Array,
  height: number,
  width: number,
): { mask: Uint8Array; pixels: number } | null {
  const { labels, sizes } = labelPieces(mask, height, width);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const isStray = sizes.map((size) => size < STRAY_SHARE * largest);
  if (!isStray.includes(true)) return null;
  const rest = mask.map((value, p) => value && !isStray[labels[p] - 1] ? 1 : 0);
  const { box, area } = boxOf(rest, height, width), whole = boxOf(mask, height, width);
  const pixels = whole.area - area;
  const reach = Math.max(...box.map((side, k) => Math.abs(side - whole.box[k])));
  const doHarm = reach >= STRAY_REACH * longestSide(box) && pixels < STRAY_SHARE_OF_ALL * largest;
  return doHarm ? { mask: rest, pixels } : null;
}

function longestSide([x1, y1, x2, y2]: Box): number {
  return Math.max(x2 - x1, y2 - y1);
}

/** Numbers the connected pieces from 1, neighbours by corner included. */
function labelPieces(
  mask: Uint8Array,
  height: number,
  width: number,
): { labels: Int32Array; sizes: number[] } {
  const labels = new Int32Array(mask.length); // [H, W], 0 = none yet
  const sizes: number[] = [];
  const stack: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || labels[start]) continue;
    const label = sizes.length + 1;
    let size = 0;
    labels[start] = label;
    stack.push(start);
    for (let p = stack.pop(); p !== undefined; p = stack.pop()) {
      size++;
      const row = Math.floor(p / width), column = p % width;
      for (let i = Math.max(0, row - 1); i <= Math.min(height - 1, row + 1); i++) {
        for (let j = Math.max(0, column - 1); j <= Math.min(width - 1, column + 1); j++) {
          const q = i * width + j;
          if (!mask[q] || labels[q]) continue;
          labels[q] = label;
          stack.push(q);
        }
      }
    }
    sizes.push(size);
  }
  return { labels, sizes };
}
