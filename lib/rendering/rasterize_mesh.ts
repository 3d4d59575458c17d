/**
 * The hard pass for a mesh on the screen of any camera.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { type Fragments, rasterize } from "./rasterize.ts";
import { CROSSING, IN_FRONT, sidesOfNear } from "./_clip_near.ts";
import { rasterizeCrossing } from "./_crossing_kernel.ts";
import { pixelCentres } from "./_rasterize_kernel.ts";

/** Size of an image, and which faces are drawn. */
export interface RasterizeMeshOptions {
  /** Rows, H. */
  height: number;
  /** Columns, W. */
  width: number;
  /** Faces that are left out: back-facing ones, or none (meshes with holes). */
  cull?: "back" | "none";
  /** Least distance from the plane of a pinhole at which something is drawn, object units, greater than 0. */
  near?: number;
}

/** Defaults of `RasterizeMeshOptions`; the size has none. */
export const RASTERIZE_MESH_DEFAULTS = { cull: "back", near: 0.01 } as const satisfies Required<
  Omit<RasterizeMeshOptions, "height" | "width">
>;

/**
 * Column of the screen positions that decides which face is nearer: 1 / w (3) in perspective, where it is linear on the
 * screen, z (2) where all 1 / w are 1.
 */
export function depthColumn(screen: FloatArray): 2 | 3 {
  for (let i = 3; i < screen.length; i += 4) if (screen[i] !== 1) return 3;
  return 2;
}

/** x, y and the column of depth, `[V, 3]`. */
function flatScreen(screen: FloatArray, depth: 2 | 3): FloatArray {
  const flat = zerosLike(screen, screen.length / 4 * 3); // [V, 3]
  for (let i = 0, o = 0; i < screen.length; i += 4, o += 3) {
    flat[o] = screen[i], flat[o + 1] = screen[i + 1], flat[o + 2] = screen[i + depth];
  }
  return flat;
}

/** 1 where a face is in front of the near plane and takes part, `[F]`. */
function drawnInFront(screen: FloatArray, faces: Int32Array, sides: Uint8Array, both: boolean): Uint8Array {
  return sides.map((side, f) => {
    if (side !== IN_FRONT) return 0;
    const [a, b, c] = [3 * f, 3 * f + 1, 3 * f + 2].map((k) => 4 * faces[k]);
    const area = (screen[b] - screen[a]) * (screen[c + 1] - screen[a + 1]) -
      (screen[b + 1] - screen[a + 1]) * (screen[c] - screen[a]);
    return Number(both || area >= 0);
  });
}

/**
 * Finds the nearest face at each pixel centre. Not differentiable: visibility is held fixed, and gradients run through
 * `interpolateMesh`. What is nearer to a pinhole than `near`, or behind it, is not drawn; faces that reach there are drawn as
 * far as they are in front. Faces with a vertex that is not finite are left out.
 *
 * @param screen Screen positions of `projectToScreen`, `[V, 4]`
 * @param faces Vertex indices, counter-clockwise in front, `[F, 3]`
 * @param options Size, culling and near plane
 * @param reuse Fragments of an earlier call with the same size and kind, to be overwritten; new by default
 * @returns Fragments, `[H, W]`; weights are correct in perspective, and depth is 1 / w there, else z
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If the size, a face or an option is out of range
 */
export function rasterizeMesh(
  screen: FloatArray,
  faces: Int32Array,
  options: RasterizeMeshOptions,
  reuse?: Fragments,
): Fragments {
  return rasterizeScreen(screen, faces, options, reuse, true);
}

/** `rasterizeMesh`, which may leave weights of any value where there is no face. */
export function rasterizeScreen(
  screen: FloatArray,
  faces: Int32Array,
  options: RasterizeMeshOptions,
  reuse: Fragments | undefined,
  clearWeights: boolean,
): Fragments {
  checkShapes("rasterise a mesh", { screen: [screen, ["V", 4]], faces: [faces, ["F", 3]] });
  const { height, width, cull = RASTERIZE_MESH_DEFAULTS.cull, near = RASTERIZE_MESH_DEFAULTS.near } = options;
  if (cull !== "back" && cull !== "none") {
    throw new RangeError(
      `Cannot rasterise a mesh: cull must be "back" or "none", current value is ${JSON.stringify(cull)}`,
    );
  }
  checkNear("rasterise a mesh", near);
  const depth = depthColumn(screen),
    perspective = depth === 3,
    flat = flatScreen(screen, depth),
    both = cull === "none";
  const sides = perspective ? sidesOfNear(screen, faces, near) : null;
  if (sides === null) {
    const drawnFaces = both ? new Uint8Array(faces.length / 3).fill(1) : null;
    return rasterize(flat, faces, height, width, reuse, { drawnFaces, clearWeights, perspective });
  }
  const drawnFaces = drawnInFront(screen, faces, sides, both);
  const fragments = rasterize(flat, faces, height, width, reuse, { drawnFaces, clearWeights, perspective });
  const image = { ...fragments, columns: pixelCentres(width, false), rows: pixelCentres(height, true) };
  sides.forEach((side, f) => {
    if (side === CROSSING) rasterizeCrossing(screen, faces, f, near, both, image);
  });
  fragments.rows.first = 0, fragments.rows.end = height;
  return fragments;
}

/** Checks the distance of a near plane. */
export function checkNear(action: string, near: number): void {
  if (near > 0 && near < Infinity) return;
  throw new RangeError(`Cannot ${action}: near must be greater than 0 and finite, current value is ${near}`);
}
