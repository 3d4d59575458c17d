/**
 * Textures: how they lie on the sphere, and bilinear sampling with gradients.
 *
 * @module
 */
import { type FloatArray, type FloatImage, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { type ColumnMap, sampleBackward, sampleForward } from "./_texture_kernel.ts";

export type { ColumnMap };

/**
 * Where the columns of a texture around the sphere are. Both rules continue around the seam.
 *
 * @param width Columns, W
 * @param symmetric Column j at u = (j + ½) / W (templates with mirror symmetry) instead of at u = j / W
 * @returns Map from u to columns
 */
export function sphereColumns(width: number, symmetric: boolean): ColumnMap {
  return { scale: width, shift: symmetric ? -0.5 : 0, wrap: true };
}

/** Columns at u = 0 and u = 1 are the first and the last one, corner aligned; outside the texture is 0. */
function cornerColumns(width: number): ColumnMap {
  return { scale: width - 1, shift: 0, wrap: false };
}

/**
 * Samples a texture bilinearly, corner aligned: (u, v) = (0, 1) is the centre of its first texel, (1, 0) of its last; outside
 * is 0.
 *
 * @param texture Texels, `[H, W, C]`
 * @param uvs Texture coordinates, `[N, 2]`
 * @param columns Another rule for the columns, such as `sphereColumns`
 * @returns Samples, `[N, C]`
 * @throws {TypeError} If a shape does not match
 */
export function sampleTexture(
  texture: FloatImage,
  uvs: FloatArray,
  columns: ColumnMap = cornerColumns(texture.width),
): FloatArray {
  const { data, height, width, channels } = texture;
  const { N } = checkShapes("sample a texture", {
    texture: [data, [height, width, channels]],
    uvs: [uvs, ["N", 2]],
  });
  const samples = zerosLike(data, N * channels); // [N, C]
  sampleForward(data, height, width, channels, columns, uvs, null, samples);
  return samples;
}

/** What the backward pass of the sampling adds to. */
export interface SamplingGradients {
  /** Gradient of the texture, `[H, W, C]`. */
  texture?: FloatArray;
  /** Gradient of the texture coordinates, `[N, 2]`. */
  uvs?: FloatArray;
}

/**
 * Gradient of `sampleTexture`.
 *
 * @param texture As in the forward pass, `[H, W, C]`
 * @param uvs As in the forward pass, `[N, 2]`
 * @param gradientSamples Gradient of the samples, `[N, C]`
 * @param gradients Arrays that are added to
 * @param columns As in the forward pass
 * @throws {TypeError} If a shape does not match
 */
export function sampleTextureBackward(
  texture: FloatImage,
  uvs: FloatArray,
  gradientSamples: FloatArray,
  gradients: SamplingGradients,
  columns: ColumnMap = cornerColumns(texture.width),
): void {
  const { data, height, width, channels } = texture;
  checkShapes("propagate gradients of texture samples", {
    texture: [data, [height, width, channels]],
    uvs: [uvs, ["N", 2]],
    gradientSamples: [gradientSamples, ["N", channels]],
    ...(gradients.texture && { gradientTexture: [gradients.texture, [height, width, channels]] as const }),
    ...(gradients.uvs && { gradientUvs: [gradients.uvs, ["N", 2]] as const }),
  });
  sampleBackward(
    data,
    height,
    width,
    channels,
    columns,
    uvs,
    null,
    gradientSamples,
    gradients.texture ?? null,
    gradients.uvs ?? null,
  );
}
