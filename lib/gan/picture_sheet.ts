/**
 * Sheets of square pictures.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";

const TILES_IN_ROW = 8;

/**
 * Lays square pictures out without gaps; missing tiles of the last row are transparent.
 *
 * @param tiles Pictures, each `[S, S, 4]`
 * @param columns Pictures in a row
 * @returns The sheet
 */
export function pictureSheet(tiles: readonly FloatImage[], columns = TILES_IN_ROW): FloatImage {
  const size = tiles[0].width;
  const sheet = floatImage(
    size * Math.ceil(tiles.length / columns),
    size * Math.min(tiles.length, columns),
    4,
  );
  tiles.forEach((tile, index) => {
    const top = Math.floor(index / columns) * size, left = index % columns * size;
    for (let row = 0; row < size; row++) {
      const source = tile.data.subarray(4 * row * size, 4 * (row + 1) * size);
      sheet.data.set(source, 4 * ((top + row) * sheet.width + left));
    }
  });
  return sheet;
}
