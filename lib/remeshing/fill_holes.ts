/**
 * Filling the holes of a mask.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/**
 * Sets every background pixel to 1 that the background at the upper left pixel does not reach (8 neighbours).
 *
 * @param mask 0 or 1, `[H, W]`, changed in place
 * @param height Rows, H
 * @param width Columns, W
 * @returns Whether it was done: not if the object covers the upper left pixel
 */
export function fillHoles(mask: FloatArray, height: number, width: number): boolean {
  if (mask[0] !== 0) return false;
  const reached = new Uint8Array(height * width); // [H, W]
  const open = [0];
  reached[0] = 1;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const row = Math.floor(at / width), column = at % width;
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
        const next = y * width + x;
        if (reached[next] || mask[next] !== 0) continue;
        reached[next] = 1;
        open.push(next);
      }
    }
  }
  for (let i = 0; i < mask.length; i++) if (!reached[i]) mask[i] = 1;
  return true;
}
