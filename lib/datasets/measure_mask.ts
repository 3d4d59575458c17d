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
  /** Pixels of the object on the border of the picture. */
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
  const sizes = pieceSizes(mask, height, width);
  return {
    area,
    box: area > 0 ? [x1, y1, x2, y2] : [0, 0, 0, 0],
    borderPixels,
    pieces: sizes.length,
    largestPiece: sizes.reduce((largest, size) => Math.max(largest, size), 0),
  };
}

/** Pixels of each connected piece, neighbours by corner included. */
function pieceSizes(mask: Uint8Array, height: number, width: number): number[] {
  const rest = mask.slice(); // [H, W], pixels not yet counted
  const sizes: number[] = [];
  const stack: number[] = [];
  for (let start = 0; start < rest.length; start++) {
    if (!rest[start]) continue;
    let size = 0;
    rest[start] = 0;
    stack.push(start);
    for (let p = stack.pop(); p !== undefined; p = stack.pop()) {
      size++;
      const row = Math.floor(p / width), column = p % width;
      for (let i = Math.max(0, row - 1); i <= Math.min(height - 1, row + 1); i++) {
        for (let j = Math.max(0, column - 1); j <= Math.min(width - 1, column + 1); j++) {
          const q = i * width + j;
          if (!rest[q]) continue;
          rest[q] = 0;
          stack.push(q);
        }
      }
    }
    sizes.push(size);
  }
  return sizes;
}
