/**
 * How coarse a texture should be read at each pixel.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { interpolateMesh, type MeshAttribute, type ScreenMesh } from "./interpolate_mesh.ts";
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
 */
export function mipLevels(
  uvs: MeshAttribute,
  mesh: ScreenMesh,
  fragments: Fragments,
  texture: { readonly height: number; readonly width: number },
): FloatArray {
  checkShapes("find texture levels", { uvs: [uvs.values, ["N", 2]] });
  const { height, width, faceIndex, barycentric } = fragments, { screen, faces } = mesh;
  const levels = zerosLike(uvs.values, height * width); // [H, W]
  const here = interpolateMesh(uvs, mesh, fragments); // [H, W, 2]
  for (let o = 0; o < levels.length; o++) {
    const face = 3 * faceIndex[o];
    if (face < 0) continue;
    const [a, b, c] = [faces[face], faces[face + 1], faces[face + 2]].map((vertex) => 4 * vertex);
    const bx = screen[b] - screen[a], by = screen[b + 1] - screen[a + 1];
    const cx = screen[c] - screen[a], cy = screen[c + 1] - screen[a + 1], area = bx * cy - cx * by;
    if (area === 0) continue;
    const q = [screen[a + 3], screen[b + 3], screen[c + 3]];
    const w = barycentric[3 * o] * q[0] + barycentric[3 * o + 1] * q[1] + barycentric[3 * o + 2] * q[2];
    /** Squared change, in texels, over one pixel in a direction in which the weights of B and C change by these. */
    const squaredChange = (ofB: number, ofC: number) => {
      const change = [-ofB - ofC, ofB, ofC];
      let sum = 0;
      for (const [k, texels] of [texture.width, texture.height].entries()) {
        let along = 0;
        for (let i = 0; i < 3; i++) {
          along += change[i] * q[i] * (uvs.values[2 * uvs.indices[face + i] + k] - here[2 * o + k]);
        }
        sum += (along / w * texels) ** 2;
      }
      return sum;
    };
    const right = squaredChange(2 / width * cy / area, -2 / width * by / area);
    const down = squaredChange(2 / height * cx / area, -2 / height * bx / area);
    levels[o] = Math.max(0, 0.5 * Math.log2(Math.max(right, down, 1e-30)));
  }
  return levels;
}
