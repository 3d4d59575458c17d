/**
 * Removing specks from a mask, and filling its small holes.
 *
 * @module
 */

/**
 * Removes small pieces and fills small holes.
 *
 * @param mask Non-zero = object, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @param options `leastPiece`: pieces below this share of the largest one are removed, 0.05 by default;
 *   `leastHole`: holes below this share of the object are filled, 0.004 by default
 * @returns 0 or 1, `[H, W]`
 */
export function tidyMask(
  mask: Uint8Array,
  height: number,
  width: number,
  { leastPiece = 0.05, leastHole = 0.004 }: { readonly leastPiece?: number; readonly leastHole?: number } =
    {},
): Uint8Array {
  const tidy = mask.map((value) => value ? 1 : 0); // [H, W]
  const pieces = regionsOf(tidy, height, width, 1);
  const largest = Math.max(0, ...pieces.map(({ length }) => length));
  for (const piece of pieces) {
    if (piece.length < leastPiece * largest) { for (const p of piece) tidy[p] = 0; }
  }
  const area = tidy.reduce((sum, value) => sum + value, 0);
  for (const hole of regionsOf(tidy, height, width, 0)) {
    if (hole.length < leastHole * area) { for (const p of hole) tidy[p] = 1; }
  }
  return tidy;
}

/** Connected regions of a value (by sides), as lists of pixels. */
function regionsOf(mask: Uint8Array, height: number, width: number, value: 0 | 1): number[][] {
  const seen = new Uint8Array(height * width); // [H, W]
  const regions: number[][] = [];
  for (let start = 0; start < mask.length; start++) {
    if (seen[start] || mask[start] !== value) continue;
    const region = [start];
    seen[start] = 1;
    for (let k = 0; k < region.length; k++) {
      const p = region[k], i = Math.floor(p / width), j = p % width;
      const visit = (q: number) => {
        if (seen[q] || mask[q] !== value) return;
        seen[q] = 1;
        region.push(q);
      };
      if (i > 0) visit(p - width);
      if (i + 1 < height) visit(p + width);
      if (j > 0) visit(p - 1);
      if (j + 1 < width) visit(p + 1);
    }
    regions.push(region);
  }
  return regions;
}
