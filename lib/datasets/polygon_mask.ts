/**
 * Masks of polygons.
 *
 * @module
 */

/**
 * Fills polygons. A pixel belongs to a polygon if its centre lies inside by the even-odd rule, and to the mask if it
 * belongs to any polygon.
 *
 * @param polygons Corners x, y, x, y, … of each polygon in pixel corners' coordinates: pixel (row i, column j) spans
 *   [j, j + 1] × [i, i + 1]
 * @param height Rows, H
 * @param width Columns, W
 * @returns 0 or 1, `[H, W]`
 * @throws {RangeError} If a polygon has fewer than three corners, an odd number of values, or one that is not finite
 */
export function polygonMask(
  polygons: readonly (readonly number[])[],
  height: number,
  width: number,
): Uint8Array {
  const mask = new Uint8Array(height * width); // [H, W]
  for (const polygon of polygons) {
    if (polygon.length < 6 || polygon.length % 2 !== 0 || !polygon.every(Number.isFinite)) {
      throw new RangeError(
        `Cannot fill a polygon as it must have three or more corners x, y: current value is ${
          polygon.length > 8 ? `${polygon.length} values, ` : ""
        }[${polygon.slice(0, 8)}${polygon.length > 8 ? ", …" : ""}]`,
      );
    }
    fillPolygon(polygon, mask, height, width);
  }
  return mask;
}

function fillPolygon(polygon: readonly number[], mask: Uint8Array, height: number, width: number): void {
  for (let row = 0; row < height; row++) {
    const crossings = crossingsAt(polygon, row + 0.5);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const start = Math.max(0, Math.ceil(crossings[k] - 0.5));
      const end = Math.min(width, Math.ceil(crossings[k + 1] - 0.5));
      for (let column = start; column < end; column++) mask[row * width + column] = 1;
    }
  }
}

/** Where the polygon crosses a horizontal line, ascending; each edge counts with its upper end only. */
function crossingsAt(polygon: readonly number[], y: number): number[] {
  const crossings: number[] = [];
  let x1 = polygon[polygon.length - 2], y1 = polygon[polygon.length - 1];
  for (let k = 0; k < polygon.length; k += 2) {
    const x2 = polygon[k], y2 = polygon[k + 1];
    if ((y1 <= y) !== (y2 <= y)) crossings.push(x1 + (y - y1) / (y2 - y1) * (x2 - x1));
    x1 = x2;
    y1 = y2;
  }
  return crossings.sort((a, b) => a - b);
}
