/**
 * Meshes from loose triangles.
 *
 * @module
 */
import { checkShapes } from "../../lib/core/shapes.ts";
import { type FloatArray, zerosLike } from "../../lib/core/arrays.ts";

/**
 * A mesh of F faces without shared vertices: corner i of face f is vertex 3f + i, so that gradients `[3F, 2]` of its
 * vertices are gradients `[F, 3, 2]` of the corners.
 *
 * @param corners Screen x and y of each corner, `[F, 3, 2]`
 * @param depths Depth of each corner, `[F, 3]`; zeros by default
 * @returns Vertices `[3F, 3]` and faces `[F, 3]`
 * @throws {TypeError} If a shape does not match
 */
export function separateFaces(
  corners: FloatArray,
  depths?: FloatArray,
): { vertices: FloatArray; faces: Int32Array } {
  const { F } = checkShapes("separate faces", {
    corners: [corners, ["F", 3, 2]],
    ...(depths && { depths: [depths, ["F", 3]] as const }),
  });
  const vertices = zerosLike(corners, 9 * F); // [3F, 3]
  for (let v = 0; v < 3 * F; v++) {
    vertices[3 * v] = corners[2 * v];
    vertices[3 * v + 1] = corners[2 * v + 1];
    vertices[3 * v + 2] = depths ? depths[v] : 0;
  }
  return { vertices, faces: Int32Array.from({ length: 3 * F }, (_, i) => i) };
}
