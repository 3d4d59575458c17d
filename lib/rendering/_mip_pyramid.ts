/**
 * Pyramids of textures: each level is the mean of 2 × 2 texels of the one before.
 *
 * @module
 */
import { type FloatArray, type FloatImage, zerosLike } from "../core/arrays.ts";

/** The texture and its halves, as long as both sides are even. */
export function halveTexture(texture: FloatImage): FloatImage[] {
  const pyramid = [texture];
  for (let fine = texture; fine.height % 2 === 0 && fine.width % 2 === 0;) {
    const { channels: C } = fine, height = fine.height / 2, width = fine.width / 2;
    const data = zerosLike(fine.data, height * width * C); // [h / 2, w / 2, C]
    eachTexel(fine, (from, to) => data[to] += 0.25 * fine.data[from]);
    fine = { data, height, width, channels: C };
    pyramid.push(fine);
  }
  return pyramid;
}

/**
 * Gradient of `halveTexture`.
 *
 * @param ofLevels Gradients of the levels; overwritten
 * @param gradient Added to, `[h, w, C]`
 */
export function addMipGradients(ofLevels: readonly FloatImage[], gradient: FloatArray): void {
  for (let l = ofLevels.length - 1; l > 0; l--) {
    const coarse = ofLevels[l].data, fine = ofLevels[l - 1];
    eachTexel(fine, (from, to) => fine.data[from] += 0.25 * coarse[to]);
  }
  for (let i = 0; i < gradient.length; i++) gradient[i] += ofLevels[0].data[i];
}

/** Calls with the place of each value and that of its mean. */
function eachTexel(
  { height, width, channels: C }: FloatImage,
  visit: (from: number, to: number) => void,
): void {
  for (let i = 0, from = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const to = ((i >> 1) * (width >> 1) + (j >> 1)) * C;
      for (let c = 0; c < C; c++) visit(from++, to + c);
    }
  }
}
