/**
 * Which texels of a textured mesh are seen in an image.
 *
 * @module
 */
import { floatImage } from "../core/arrays.ts";
import type { Mesh } from "../mesh/mesh.ts";
import type { Fragments } from "../rendering/rasterize.ts";
import { sampleTextureBackward, sphereColumns } from "../rendering/texture.ts";

/**
 * Scatters the bilinear weights with which covered pixels read a square texture: the gradient of the sum of all pixels with
 * respect to the texture. A texel is seen where the result is positive.
 *
 * @param fragments What is in front at each pixel
 * @param topology Texture coordinates of the faces
 * @param side Side of the texture, T
 * @param symmetric Whether texture columns lie as on a template with mirror symmetry
 * @returns Weights, `[T, T]`; they sum to the number of covered pixels
 */
export function visibleWeights(
  fragments: Fragments,
  topology: Pick<Mesh, "uvs" | "faceUvs">,
  side: number,
  symmetric: boolean,
): Float32Array {
  const { faceIndex, barycentric } = fragments;
  const covered = countCovered(faceIndex);
  const uvs = new Float32Array(covered * 2); // [N, 2]
  for (let pixel = 0, at = 0; pixel < faceIndex.length; pixel++) {
    const face = faceIndex[pixel];
    if (face < 0) continue;
    let u = 0, v = 0;
    for (let corner = 0; corner < 3; corner++) {
      const weight = barycentric[pixel * 3 + corner], uv = topology.faceUvs[face * 3 + corner];
      u += weight * topology.uvs[uv * 2];
      v += weight * topology.uvs[uv * 2 + 1];
    }
    uvs[at++] = u;
    uvs[at++] = v;
  }
  const weights = new Float32Array(side * side); // [T, T]
  const ones = new Float32Array(covered).fill(1);
  const columns = sphereColumns(side, symmetric);
  sampleTextureBackward(floatImage(side, side, 1), uvs, ones, { texture: weights }, columns);
  return weights;
}

/**
 * Marks the texels of a finer map that bilinear interpolation of the weights (half-pixel centres, edges repeated) makes
 * positive.
 *
 * @param weights Weights, none negative, `[T, T]`
 * @param side Side of the weights, T
 * @param resolution Side of the result, R
 * @returns 1 where positive, else 0, `[R, R]`
 */
export function spreadVisible(weights: Float32Array, side: number, resolution: number): Uint8Array {
  const taps = Array.from({ length: resolution }, (_, i) => tapsOf(i, side, resolution));
  const visible = new Uint8Array(resolution * resolution); // [R, R]
  for (let i = 0, at = 0; i < resolution; i++) {
    for (let j = 0; j < resolution; j++, at++) {
      visible[at] = taps[i].some((row) => taps[j].some((column) => weights[row * side + column] > 0)) ? 1 : 0;
    }
  }
  return visible;
}

/** Places that an interpolated value reads with a positive weight. */
function tapsOf(index: number, side: number, resolution: number): number[] {
  const place = Math.max(0, (index + 0.5) * side / resolution - 0.5);
  const first = Math.min(Math.floor(place), side - 1);
  return place === first || first === side - 1 ? [first] : [first, first + 1];
}

function countCovered(faceIndex: Int32Array): number {
  let count = 0;
  for (const face of faceIndex) if (face >= 0) count++;
  return count;
}
