/**
 * Images put together as a grid.
 *
 * @module
 */
import { type FloatImage, floatImage } from "./arrays.ts";

/**
 * Lays images of one size out in a grid.
 *
 * @param images Images `[H, W, C]` of equal size
 * @param options `columns`: tiles in a row, 8 by default; `gap`: pixels between tiles, 2 by default; `background`:
 *   colour of gaps and missing tiles, in [0, 1] per channel, 1 by default
 * @returns The grid, `[rows · (H + gap) − gap, columns · (W + gap) − gap, C]`
 * @throws {RangeError} If there is no image
 * @throws {TypeError} If sizes differ
 */
export function imageGrid(
  images: readonly FloatImage[],
  { columns = 8, gap = 2, background = 1 }: {
    readonly columns?: number;
    readonly gap?: number;
    readonly background?: number;
  } = {},
): FloatImage {
  if (images.length === 0) {
    throw new RangeError("Cannot tile images: at least one is needed, current value is 0");
  }
  const { height, width, channels } = images[0];
  const across = Math.min(columns, images.length), down = Math.ceil(images.length / columns);
  const grid = floatImage(down * (height + gap) - gap, across * (width + gap) - gap, channels);
  grid.data.fill(background);
  images.forEach((image, index) => {
    if (image.height !== height || image.width !== width || image.channels !== channels) {
      const found = `[${image.height}, ${image.width}, ${image.channels}]`;
      throw new TypeError(
        `Cannot tile images: all must be [${height}, ${width}, ${channels}], current value is ${found}`,
      );
    }
    const top = Math.floor(index / columns) * (height + gap), left = (index % columns) * (width + gap);
    for (let row = 0; row < height; row++) {
      const source = image.data.subarray(row * width * channels, (row + 1) * width * channels);
      grid.data.set(source, ((top + row) * grid.width + left) * channels);
    }
  });
  return grid;
}
