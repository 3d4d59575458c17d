/**
 * Images with transparency over a plain colour.
 *
 * @module
 */
import { type FloatImage, floatImage } from "./arrays.ts";

/** An image over a plain colour: `[H, W, 4]` (colour not premultiplied) to `[H, W, 3]`. */
export function overColour(image: FloatImage, colour = 1): FloatImage {
  if (image.channels !== 4) {
    throw new TypeError(
      `Cannot lay over a colour: 4 channels are needed, current value is ${image.channels}`,
    );
  }
  const out = floatImage(image.height, image.width, 3);
  for (let i = 0; i < image.height * image.width; i++) {
    const alpha = image.data[4 * i + 3];
    for (let c = 0; c < 3; c++) out.data[3 * i + c] = image.data[4 * i + c] * alpha + colour * (1 - alpha);
  }
  return out;
}
