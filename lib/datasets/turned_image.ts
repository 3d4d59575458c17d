/**
 * Images that belong to a photograph which its camera stored turned (EXIF).
 *
 * @module
 */
import type { ByteImage, DeepImage } from "../io/byte_image.ts";

/** Least EXIF orientation that exchanges rows and columns. */
const FIRST_ACROSS = 5;

/** Rows and columns of a photograph as it is stored. */
export function storedSize({ height, width, orientation = 1 }: Omit<ByteImage, "data">): [number, number] {
  return orientation >= FIRST_ACROSS ? [width, height] : [height, width];
}

/**
 * Whether something of this size was made on the photograph as it is stored rather than as it is shown.
 *
 * @returns `unknown` where both have the size and the photograph is stored turned; null where neither has it
 */
export function madeOn(
  [height, width]: readonly [number, number],
  photograph: Omit<ByteImage, "data">,
): "shown" | "stored" | "unknown" | null {
  const isShown = height === photograph.height && width === photograph.width;
  const stored = storedSize(photograph), isStored = height === stored[0] && width === stored[1];
  if (isShown && isStored) return (photograph.orientation ?? 1) > 1 ? "unknown" : "shown";
  return isShown ? "shown" : isStored ? "stored" : null;
}

/**
 * Turns an image from the way in which a photograph is stored to that in which it is shown.
 *
 * @param image Image as stored, `[h, w, C]`
 * @param orientation How the photograph is stored (EXIF, 1 to 8)
 * @returns Image as shown, `[H, W, C]`
 */
export function turnImage<T extends ByteImage | DeepImage>(image: T, orientation: number): T {
  const { data, height: h, width: w, channels } = image;
  if (orientation === 1) return image;
  const [height, width] = orientation >= FIRST_ACROSS ? [w, h] : [h, w];
  const turned = data.slice(); // [H, W, C]
  for (let i = 0, to = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const [row, column] = placeInStored(i, j, h, w, orientation);
      const from = (row * w + column) * channels;
      for (let c = 0; c < channels; c++) turned[to++] = data[from + c];
    }
  }
  return { ...image, data: turned, height, width };
}

/** Where a pixel that is shown at (i, j) is stored. */
function placeInStored(i: number, j: number, h: number, w: number, orientation: number): [number, number] {
  switch (orientation) {
    case 2:
      return [i, w - 1 - j];
    case 3:
      return [h - 1 - i, w - 1 - j];
    case 4:
      return [h - 1 - i, j];
    case 5:
      return [j, i];
    case 6:
      return [h - 1 - j, i];
    case 7:
      return [h - 1 - j, w - 1 - i];
    default:
      return [j, w - 1 - i];
  }
}
