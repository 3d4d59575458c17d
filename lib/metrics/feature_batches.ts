/**
 * Batches of images for feature networks.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";

/** Checks the images' sizes and lays them out as one batch, `[N, S, S, 3]`. */
export function imageBatch(images: readonly FloatImage[], resolution: number): Float32Array {
  const size = resolution * resolution * 3;
  const batch = new Float32Array(images.length * size); // [N, S, S, 3]
  images.forEach(({ data, height, width, channels }, i) => {
    if (height !== resolution || width !== resolution || channels !== 3) {
      throw new TypeError(
        `Cannot find features: images must be [${resolution}, ${resolution}, 3], ` +
          `current value is [${height}, ${width}, ${channels}]`,
      );
    }
    batch.set(data, i * size);
  });
  return batch;
}
