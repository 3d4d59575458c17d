/**
 * Textures of any UV map: nearest, bilinear and mip sampling, with gradients of texels and coordinates.
 *
 * Texels lie as in OBJ and glTF files: (u, v) = (0, 0) is the lower left corner of the image, and the centre of texel
 * (i, j) is u = (j + ½) / W, v = 1 − (i + ½) / H.
 *
 * @module
 */
import { type FloatArray, type FloatImage, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { addMipGradients, gatherRows, halveTexture, shareLevels } from "./_mip_pyramid.ts";
import { checkSampling, type SampleOptions, texelAxis } from "./sampling.ts";
import { sampleBackward, sampleForward } from "./_texture_kernel.ts";

/** Coordinates of the centres of the nearest texels, `[N, 2]`. */
function nearestCentres({ height, width }: FloatImage, uvs: FloatArray): FloatArray {
  const centres = zerosLike(uvs);
  for (let i = 0; i < uvs.length; i += 2) {
    centres[i] = (Math.floor(uvs[i] * width) + 0.5) / width;
    centres[i + 1] = (Math.ceil(uvs[i + 1] * height) - 0.5) / height;
  }
  return centres;
}

/** Samples one image bilinearly, `[N, C]`. */
function bilinear(
  { data, height, width, channels }: FloatImage,
  uvs: FloatArray,
  wrap: Required<SampleOptions>["wrap"],
  faceIndex: Int32Array | null,
): FloatArray {
  const samples = zerosLike(data, uvs.length / 2 * channels); // [N, C]
  const columns = texelAxis(width, wrap), rows = texelAxis(height, wrap);
  sampleForward(data, height, width, channels, columns, uvs, faceIndex, samples, rows);
  return samples;
}

/**
 * Samples a texture.
 *
 * @param texture Texels, `[h, w, C]`
 * @param uvs Texture coordinates, `[N, 2]`
 * @param options Filter, what is outside, levels, faces
 * @returns Samples, `[N, C]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If an option is out of range
 */
export function sampleUvTexture(
  texture: FloatImage,
  uvs: FloatArray,
  options: SampleOptions = {},
): FloatArray {
  const { filter, wrap, levels, faceIndex, N } = checkSampling(texture, uvs, options);
  if (filter === "nearest") return bilinear(texture, nearestCentres(texture, uvs), wrap, faceIndex);
  if (levels === null) return bilinear(texture, uvs, wrap, faceIndex);
  const pyramid = halveTexture(texture), { channels: C } = texture;
  const samples = zerosLike(texture.data, N * C); // [N, C]
  shareLevels(levels, pyramid.length, faceIndex).forEach(({ rows, shares }, l) => {
    const part = bilinear(pyramid[l], gatherRows(uvs, rows, 2), wrap, null); // [M, C]
    for (let m = 0, i = 0; m < rows.length; m++) {
      for (let c = 0, s = rows[m] * C; c < C; c++) samples[s++] += shares[m] * part[i++];
    }
  });
  return samples;
}

/**
 * Gradient of `sampleUvTexture`. The filter `nearest` passes none to the coordinates.
 *
 * @param texture As in the forward pass, `[h, w, C]`
 * @param uvs As in the forward pass, `[N, 2]`
 * @param gradientSamples Gradient of the samples, `[N, C]`
 * @param gradients Added to: that of the texture `[h, w, C]` and of the coordinates `[N, 2]`, where given
 * @param options As in the forward pass
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If an option is out of range
 */
export function sampleUvTextureBackward(
  texture: FloatImage,
  uvs: FloatArray,
  gradientSamples: FloatArray,
  gradients: { texture?: FloatArray; uvs?: FloatArray },
  options: SampleOptions = {},
): void {
  const { filter, wrap, levels, faceIndex, N } = checkSampling(texture, uvs, options);
  const { height, width, channels: C } = texture;
  checkShapes("propagate gradients of texture samples", {
    gradientSamples: [gradientSamples, [N, C]],
    ...(gradients.texture && { gradientTexture: [gradients.texture, [height, width, C]] as const }),
    ...(gradients.uvs && { gradientUvs: [gradients.uvs, [N, 2]] as const }),
  });
  const backward = (
    level: FloatImage,
    at: FloatArray,
    gradient: FloatArray,
    of: typeof gradients,
    seen = faceIndex,
  ) =>
    sampleBackward(
      level.data,
      level.height,
      level.width,
      C,
      texelAxis(level.width, wrap),
      at,
      seen,
      gradient,
      of.texture ?? null,
      of.uvs ?? null,
      texelAxis(level.height, wrap),
    );
  if (filter === "nearest") {
    backward(texture, nearestCentres(texture, uvs), gradientSamples, { texture: gradients.texture });
  } else if (levels === null) {
    backward(texture, uvs, gradientSamples, gradients);
  } else {
    const pyramid = halveTexture(texture), samples = shareLevels(levels, pyramid.length, faceIndex);
    const ofLevels = pyramid.map((level, l) => {
      const { rows, shares } = samples[l], ofTexture = zerosLike(level.data);
      const part = gatherRows(gradientSamples, rows, C); // [M, C]
      for (let m = 0, i = 0; m < rows.length; m++) {
        for (let c = 0; c < C; c++) part[i++] *= shares[m];
      }
      const ofUvs = gradients.uvs && zerosLike(uvs, 2 * rows.length); // [M, 2]
      backward(level, gatherRows(uvs, rows, 2), part, { texture: ofTexture, uvs: ofUvs }, null);
      for (let i = 0; ofUvs && i < ofUvs.length; i++) gradients.uvs![2 * rows[i >> 1] + i % 2] += ofUvs[i];
      return { ...level, data: ofTexture };
    });
    if (gradients.texture) addMipGradients(ofLevels, gradients.texture);
  }
}
