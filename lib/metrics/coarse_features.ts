/**
 * Features of coarsened images.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import type { FeatureNetwork } from "./feature_network.ts";

/**
 * A network that sees images without their fine detail, to tell sharpness from variety.
 *
 * @param network The network, which it does not free
 * @param factor Side of the blocks of pixels that are replaced by their means
 */
export function coarseFeatures(network: FeatureNetwork, factor: number): FeatureNetwork {
  return {
    ...network,
    features: (images) => network.features(images.map((image) => coarsen(image, factor))),
    dispose() {},
  };
}

/**
 * Replaces blocks of pixels by their means.
 *
 * @param image Image, `[H, W, C]`
 * @param factor Side of the blocks; those at the lower and right edges may be smaller
 * @returns Image of the same size, `[H, W, C]`
 */
export function coarsen(image: FloatImage, factor: number): FloatImage {
  const { data, height, width, channels } = image, out = floatImage(height, width, channels);
  for (let top = 0; top < height; top += factor) {
    for (let left = 0; left < width; left += factor) {
      const pixels: number[] = [];
      for (let row = top; row < Math.min(top + factor, height); row++) {
        for (let column = left; column < Math.min(left + factor, width); column++) {
          pixels.push((row * width + column) * channels);
        }
      }
      for (let c = 0; c < channels; c++) {
        const mean = pixels.reduce((sum, pixel) => sum + data[pixel + c], 0) / pixels.length;
        for (const pixel of pixels) out.data[pixel + c] = mean;
      }
    }
  }
  return out;
}
