/**
 * The hard pass for a mesh on the screen of any camera.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { type Fragments, rasterize } from "./rasterize.ts";

/** Size of a picture, and which faces are drawn. */
export interface RasterizeMeshOptions {
  /** Rows, H. */
  height: number;
  /** Columns, W. */
  width: number;
  /** Faces that are left out: those turned away, or none (meshes with holes). */
  cull?: "back" | "none";
}

/** Defaults of `RasterizeMeshOptions`; the size has none. */
export const RASTERIZE_MESH_DEFAULTS = { cull: "back" } as const satisfies Required<
  Omit<RasterizeMeshOptions, "height" | "width">
>;

/**
 * x, y and what decides which face is nearer: 1 / w in perspective, where it is linear on the screen, z otherwise.
 *
 * @param screen Screen positions with 1 / w, `[V, 4]`
 * @returns Screen positions, `[V, 3]`
 */
export function flatScreen(screen: FloatArray): FloatArray {
  const V = screen.length / 4, flat = zerosLike(screen, 3 * V); // [V, 3]
  let depth = 2;
  for (let v = 0; v < V && depth === 2; v++) if (screen[4 * v + 3] !== 1) depth = 3;
  for (let v = 0; v < V; v++) {
    flat[3 * v] = screen[4 * v];
    flat[3 * v + 1] = screen[4 * v + 1];
    flat[3 * v + 2] = screen[4 * v + depth];
  }
  return flat;
}

/**
 * Finds the nearest face at each pixel centre. Not differentiable: visibility is held fixed, and gradients run through
 * `interpolateMesh`. Faces with a vertex that is not finite are left out; nothing is clipped.
 *
 * @param screen Screen positions of `projectToScreen`, `[V, 4]`
 * @param faces Vertex indices, counter-clockwise in front, `[F, 3]`
 * @param options Size and culling
 * @returns Fragments, `[H, W]`; the weights are those on the screen
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If the size, a face or an option is out of range
 */
export function rasterizeMesh(
  screen: FloatArray,
  faces: Int32Array,
  options: RasterizeMeshOptions,
): Fragments {
  checkShapes("rasterise a mesh", { screen: [screen, ["V", 4]], faces: [faces, ["F", 3]] });
  const { height, width, cull = RASTERIZE_MESH_DEFAULTS.cull } = options;
  if (cull !== "back" && cull !== "none") {
    throw new RangeError(
      `Cannot rasterise a mesh: cull must be "back" or "none", current value is ${JSON.stringify(cull)}`,
    );
  }
  const drawnFaces = cull === "none" ? new Uint8Array(faces.length / 3).fill(1) : null;
  return rasterize(flatScreen(screen), faces, height, width, undefined, { drawnFaces });
}
