import type { MeshArrays } from "../../lib/io/mesh_arrays.ts";

/** A small closed mesh with a texture seam: 4 vertices, 6 texture coordinates, faces outwards. */
export function tetrahedron(): MeshArrays {
  return {
    vertices: Float64Array.of(1, 1, 1, -1, -1.5, 1, -1, 1, -1, 1, -1, -1), // [4, 3]
    faces: Int32Array.of(0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3), // [4, 3]
    uvs: Float64Array.of(0, 0, 0.5, 0, 0.25, 0.5, 0.75, 0.5, 1, 0, 0.5, 1), // [6, 2]
    faceUvs: Int32Array.of(0, 1, 2, 4, 3, 1, 0, 1, 5, 2, 3, 5), // [4, 3]
  };
}

/** Volume of a closed mesh, positive if its faces look outwards. */
export function signedVolume(mesh: { vertices: ArrayLike<number>; faces: ArrayLike<number> }): number {
  let volume = 0;
  const { vertices, faces } = mesh;
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [3 * faces[f], 3 * faces[f + 1], 3 * faces[f + 2]];
    volume += vertices[a] * (vertices[b + 1] * vertices[c + 2] - vertices[b + 2] * vertices[c + 1]) +
      vertices[a + 1] * (vertices[b + 2] * vertices[c] - vertices[b] * vertices[c + 2]) +
      vertices[a + 2] * (vertices[b] * vertices[c + 1] - vertices[b + 1] * vertices[c]);
  }
  return volume / 6;
}
