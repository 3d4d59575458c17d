/**
 * A photograph on the surface of its object: colours of texels, and how well each is seen.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { computeVertexNormals } from "../mesh/vertex_normals.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { createFragments, type Fragments, rasterize } from "../rendering/rasterize.ts";
import type { TexelSurface } from "./texel_surface.ts";

/** What a photograph shows of a surface. */
export interface SeenTexels {
  /** Colours in [0, 1], also where nothing is seen, `[R, R, 3]`. */
  readonly colours: Float32Array;
  /** How well each texel is seen: 1 straight from the front, 0 from the side, behind or hidden, `[R, R]`. */
  readonly weight: Float32Array;
}

/** Side of the depth buffer, and how far behind it a point may lie and be seen, in screen depth. */
const DEPTH_SIZE = 384, DEPTH_TOLERANCE = 0.03;
/** Cosine between the normal and the view below which a texel is not seen. */
const LEAST_COSINE = 0.05;
/** Weight of what lies beside the mask. */
const OUTSIDE = 0.05;
/** Slopes of the depth buffer are used within this many pixels. */
const DEPTH_REACH = 1.5;

let depthBuffer: Fragments | undefined;

/**
 * Projects a photograph onto its object.
 *
 * @param vertices Shape, `[V, 3]`
 * @param pose Pose in the crop
 * @param photograph Colours of the crop, padded beyond the object, `[S, S, 3]`
 * @param mask Share of the object in each pixel, `[S, S]`
 * @param surface Places of the texels
 */
export function projectPhotograph(
  vertices: FloatArray,
  pose: Pose,
  photograph: FloatImage,
  mask: FloatImage,
  surface: TexelSurface,
): SeenTexels {
  const { resolution: R, corners, weights } = surface, size = mask.width;
  const screen = Float32Array.from(projectVertices(vertices, pose));
  const normals = computeVertexNormals(Float64Array.from(screen), sphereTopology().faces);
  depthBuffer ??= createFragments(DEPTH_SIZE, DEPTH_SIZE, screen);
  const { depth } = rasterize(screen, sphereTopology().faces, DEPTH_SIZE, DEPTH_SIZE, depthBuffer, {
    clearWeights: false,
  });
  const colours = new Float32Array(3 * R * R), weight = new Float32Array(R * R);
  for (let texel = 0; texel < R * R; texel++) {
    let x = 0, y = 0, z = 0, cosine = 0;
    for (let k = 3 * texel; k < 3 * texel + 3; k++) {
      const share = weights[k], corner = 3 * corners[k];
      x += share * screen[corner];
      y += share * screen[corner + 1];
      z += share * screen[corner + 2];
      cosine += share * normals[corner + 2];
    }
    const column = clamp((x + 1) / 2 * size - 0.5, 0, size - 1.001);
    const row = clamp((1 - y) / 2 * size - 0.5, 0, size - 1.001);
    sample(photograph.data, size, 3, row, column, colours, 3 * texel);
    if (cosine <= LEAST_COSINE || isHidden(depth, x, y, z, cosine)) continue;
    sample(mask.data, size, 1, row, column, weight, texel);
    const facing = (cosine - LEAST_COSINE) / (1 - LEAST_COSINE);
    weight[texel] = facing * facing * (OUTSIDE + (1 - OUTSIDE) * weight[texel]);
  }
  return { colours, weight };
}

/** Whether something lies clearly nearer at the pixel of a point, or the point lies outside of the image. */
function isHidden(depth: FloatArray, x: number, y: number, z: number, cosine: number): boolean {
  const column = Math.round((x + 1) / 2 * DEPTH_SIZE - 0.5), row = Math.round((1 - y) / 2 * DEPTH_SIZE - 0.5);
  if (column < 0 || row < 0 || column >= DEPTH_SIZE || row >= DEPTH_SIZE) return true;
  const slope = Math.sqrt(1 - Math.min(1, cosine * cosine)) / cosine * 2 / DEPTH_SIZE * DEPTH_REACH;
  return depth[row * DEPTH_SIZE + column] > z + DEPTH_TOLERANCE + slope;
}

function sample(
  from: FloatArray,
  size: number,
  channels: number,
  row: number,
  column: number,
  out: Float32Array,
  at: number,
): void {
  const i = Math.floor(row), j = Math.floor(column), fy = row - i, fx = column - j;
  const a = (i * size + j) * channels, b = a + channels, c = a + size * channels, d = c + channels;
  for (let k = 0; k < channels; k++) {
    const upper = from[a + k] + fx * (from[b + k] - from[a + k]);
    out[at + k] = upper + fy * (from[c + k] + fx * (from[d + k] - from[c + k]) - upper);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
