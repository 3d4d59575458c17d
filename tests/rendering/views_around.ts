/**
 * A box with a UV map, and cameras around it, for the fits.
 *
 * @module
 */
import type { Mesh } from "../../lib/mesh/mesh.ts";
import { type Camera, lookAtCamera } from "../../lib/rendering/mod.ts";

/** Cameras all around a mesh with y up in [-1, 1]³, at these heights in turn. */
export function around(count: number, shift: number, aspect: number, heights: readonly number[]): Camera[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = 2 * Math.PI * (i + shift) / count;
    const eye = [3.5 * Math.sin(angle), heights[i % heights.length], 3.5 * Math.cos(angle)];
    return lookAtCamera({ eye, target: [0, 0, 0], up: [0, 1, 0] }, 0.7, { aspect });
  });
}

/** A box whose six sides have charts of their own: 8 vertices and 24 texture coordinates. */
export function box(): Mesh {
  const vertices = Float64Array.from({ length: 24 }, (_, i) => (i / 3 >> (i % 3)) & 1 ? 0.7 : -0.7);
  const sides = [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];
  const corners = [[0, 0], [1, 0], [1, 1], [0, 1]];
  const uvs = sides.flatMap((_, s) =>
    corners.flatMap(([u, v]) => [(s % 3 + u) / 3, (s / 3 | 0) / 2 + v / 2])
  );
  const triangles = [0, 1, 2, 0, 2, 3];
  return {
    vertices,
    faces: Int32Array.from(sides.flatMap((side) => triangles.map((k) => side[k]))),
    uvs: Float64Array.from(uvs),
    faceUvs: Int32Array.from(sides.flatMap((_, s) => triangles.map((k) => 4 * s + k))),
  };
}
