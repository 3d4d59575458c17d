/**
 * The original's padding of textures around the sphere.
 *
 * @module
 */
import { checkShapes } from "../../lib/core/shapes.ts";
import { type FloatArray, type FloatImage, zerosLike } from "../../lib/core/arrays.ts";

/**
 * Pads a texture and moves its coordinates so that corner-aligned sampling continues around the sphere. Symmetric: one
 * column on each side, column j at u = (j + ½) / W; otherwise one column on the right, column j at u = j / W.
 * Rows are corner aligned in both.
 *
 * @param uvs Texture coordinates, `[U, 2]`
 * @param texture Texels, `[H, W, C]`
 * @param symmetric Whether the template has mirror symmetry
 * @returns Coordinates `[U, 2]` and texture `[H, W + 2 or W + 1, C]`
 * @throws {TypeError} If a shape does not match
 */
export function adjustUvsAndTexture(
  uvs: FloatArray,
  texture: FloatImage,
  symmetric: boolean,
): { uvs: FloatArray; texture: FloatImage } {
  const { data, height, width, channels } = texture;
  checkShapes("adjust texture coordinates", {
    texture: [data, [height, width, channels]],
    uvs: [uvs, ["U", 2]],
  });
  const before = symmetric ? 1 : 0, wide = width + before + 1;
  const padded = zerosLike(data, height * wide * channels); // [H, W + 1 or 2, C]
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < wide; j++) {
      const from = (i * width + (j - before + width) % width) * channels;
      for (let c = 0; c < channels; c++) padded[(i * wide + j) * channels + c] = data[from + c];
    }
  }
  const moved = uvs.slice() as FloatArray; // [U, 2]
  if (symmetric) {
    for (let i = 0; i < moved.length; i += 2) moved[i] = (uvs[i] + 0.5 / width) * width / (width + 1);
  }
  return { uvs: moved, texture: { data: padded, height, width: wide, channels } };
}

/**
 * Gradient of the texture in `adjustUvsAndTexture`.
 *
 * @param gradientPadded Gradient of the padded texture, `[H, W + 2 or W + 1, C]`
 * @param symmetric As in the forward pass
 * @returns Gradient of the texture, `[H, W, C]`
 */
export function adjustTextureBackward(gradientPadded: FloatImage, symmetric: boolean): FloatImage {
  const { data, height, width: wide, channels } = gradientPadded;
  const before = symmetric ? 1 : 0, width = wide - before - 1;
  const gradient = zerosLike(data, height * width * channels); // [H, W, C]
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < wide; j++) {
      const to = (i * width + (j - before + width) % width) * channels;
      for (let c = 0; c < channels; c++) gradient[to + c] += data[(i * wide + j) * channels + c];
    }
  }
  return { data: gradient, height, width, channels };
}
