/**
 * How coarse a texture should be read at each pixel.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { checkFaces } from "./check_faces.ts";
import type { MeshAttribute, ScreenMesh } from "./interpolate_mesh.ts";
import type { Fragments } from "./rasterize.ts";

/**
 * Level of the texture pyramid at each pixel: log₂ of the larger number of texels that one pixel to the right or one
 * down moves, 0 or more; 0 where there is no face. Not differentiable.
 *
 * @param uvs Texture coordinates of the mesh, 2 channels
 * @param mesh Mesh on the screen
 * @param fragments Its rasterised view, `[H, W]`
 * @param texture Rows and columns of the texture
 * @returns Levels, `[H, W]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If an index is out of range
 */
export function mipLevels(
  uvs: MeshAttribute,
  mesh: ScreenMesh,
  fragments: Fragments,
  texture: { readonly height: number; readonly width: number },
): FloatArray {
  checkShapes("find texture levels", { uvs: [uvs.values, ["N", 2]] });
  const { height, width, faceIndex, barycentric } = fragments,
    { screen, faces } = mesh,
    { values, indices } = uvs;
  checkFaces("find texture levels", faces, screen.length / 4);
  checkFaces("find texture levels", indices, values.length / 2);
  const levels = zerosLike(values, height * width); // [H, W]
  const across = 2 / width * texture.width, down = 2 / height * texture.width; // from u on the screen to texels a pixel
  const acrossV = 2 / width * texture.height, downV = 2 / height * texture.height;
  let known = -1, uA = 0, uB = 0, uC = 0, vA = 0, vB = 0, vC = 0, qA = 0, qB = 0, qC = 0;
  let ux = 0, uy = 0, vx = 0, vy = 0, qx = 0, qy = 0; // changes of u / w, v / w and 1 / w across the screen
  for (let o = 0; o < levels.length; o++) {
    const face = faceIndex[o], k = 3 * face;
    if (face < 0) continue;
    if (face !== known) {
      known = face;
      const a = 4 * faces[k], b = 4 * faces[k + 1], c = 4 * faces[k + 2];
      const bx = screen[b] - screen[a], by = screen[b + 1] - screen[a + 1];
      const cx = screen[c] - screen[a],
        cy = screen[c + 1] - screen[a + 1],
        area = bx * cy - cx * by || Infinity;
      qA = screen[a + 3], qB = screen[b + 3], qC = screen[c + 3];
      uA = values[2 * indices[k]] * qA, vA = values[2 * indices[k] + 1] * qA;
      uB = values[2 * indices[k + 1]] * qB, vB = values[2 * indices[k + 1] + 1] * qB;
      uC = values[2 * indices[k + 2]] * qC, vC = values[2 * indices[k + 2] + 1] * qC;
      ux = ((uB - uA) * cy - (uC - uA) * by) / area, uy = ((uC - uA) * bx - (uB - uA) * cx) / area;
      vx = ((vB - vA) * cy - (vC - vA) * by) / area, vy = ((vC - vA) * bx - (vB - vA) * cx) / area;
      qx = ((qB - qA) * cy - (qC - qA) * by) / area, qy = ((qC - qA) * bx - (qB - qA) * cx) / area;
    }
    const wA = barycentric[3 * o], wB = barycentric[3 * o + 1], wC = barycentric[3 * o + 2];
    const kA = wA / qA, kB = wB / qB, kC = wC / qC, depth = kA + kB + kC;
    const u = kA * uA + kB * uB + kC * uC, v = kA * vA + kB * vB + kC * vC;
    const right = ((ux - u * qx) * across) ** 2 + ((vx - v * qx) * acrossV) ** 2;
    const below = ((uy - u * qy) * down) ** 2 + ((vy - v * qy) * downV) ** 2;
    levels[o] = Math.max(0, 0.5 * Math.log2(Math.max(right, below, 1e-30) * depth * depth));
  }
  return levels;
}
