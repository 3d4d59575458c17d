/**
 * Where each texel lies on the surface, as the renderer reads textures.
 *
 * @module
 */
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { rasterize } from "../rendering/rasterize.ts";

/** Places of all texels of a square texture on the sphere topology. */
export interface TexelSurface {
  /** Rows and columns, R. */
  readonly resolution: number;
  /** Vertices whose mean each texel's point is, `[R, R, 3]`. */
  readonly corners: Int32Array;
  /** Their weights, `[R, R, 3]`. */
  readonly weights: Float32Array;
}

/**
 * Finds the place of each texel: row i lies at v = 1 − i / (R − 1) and column j at u = (j + ½) / R, as the renderer has them.
 * Texels beside the triangles at the poles, which bilinear sampling mixes in, get the place beside them on the surface.
 *
 * @param resolution Rows and columns, R
 */
export function texelSurface(resolution: number): TexelSurface {
  const R = resolution, { uvs, faces, faceUvs } = sphereTopology();
  const flat = new Float32Array(uvs.length / 2 * 3); // [U, 3]
  for (let i = 0; i < uvs.length / 2; i++) {
    flat[3 * i] = 2 * uvs[2 * i] - 1;
    flat[3 * i + 1] = (2 * uvs[2 * i + 1] - 1) * (R - 1) / R;
  }
  const { faceIndex, barycentric } = rasterize(flat, faceUvs, R, R);
  const corners = new Int32Array(3 * R * R), weights = new Float32Array(3 * R * R); // [R, R, 3]
  for (let texel = 0; texel < R * R; texel++) {
    const face = faceIndex[texel];
    if (face < 0) placeInGrid(texel, R, corners, weights);
    for (let k = 0; k < 3 && face >= 0; k++) {
      corners[3 * texel + k] = faces[3 * face + k];
      weights[3 * texel + k] = barycentric[3 * texel + k];
    }
  }
  return { resolution, corners, weights };
}

/** The place of a texel beside the triangles of a cap: between the pole and two vertices of the ring next to it. */
function placeInGrid(texel: number, R: number, corners: Int32Array, weights: Float32Array): void {
  const { gridVertexIndex, poles: [north, south], rings, segments } = sphereTopology();
  const row = Math.floor(texel / R), ring = rings * (1 - row / (R - 1)); // from the south pole
  const column = segments * (texel % R + 0.5) / R, left = Math.min(segments - 1, Math.floor(column));
  const isSouth = ring < rings / 2, away = Math.min(1, Math.max(0, isSouth ? ring : rings - ring));
  const first = (isSouth ? 0 : rings - 2) * (segments + 1) + left;
  corners.set([isSouth ? south : north, gridVertexIndex[first], gridVertexIndex[first + 1]], 3 * texel);
  weights.set([1 - away, away * (1 - (column - left)), away * (column - left)], 3 * texel);
}
