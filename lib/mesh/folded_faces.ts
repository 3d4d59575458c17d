/**
 * Faces that a surface has folded over, and smoothing them away.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { scaledFaceNormals } from "./face_areas.ts";
import { meshNeighbours } from "./mesh_neighbours.ts";
import { sphereTopology } from "./sphere_topology.ts";

/** Most rounds of smoothing, and how far a vertex goes to the mean of its neighbours in one. */
const ROUNDS = 200, STEP = 0.5;

/**
 * Finds the faces that look against their surroundings: their normal and the sum of their neighbours' normals, weighted by
 * area, point to opposite sides. A smooth surface has none, and a sharp edge makes none either.
 *
 * @param vertices Vertices, `[V, 3]`
 * @param faces Faces, `[F, 3]`
 * @param faceNeighbours Neighbours of each face, `[F, 3]`
 * @returns Numbers of the faces, ascending
 */
export function foldedFaces(
  vertices: FloatArray,
  faces: ArrayLike<number>,
  faceNeighbours: ArrayLike<number>,
): number[] {
  const normals = scaledFaceNormals(vertices, faces), folded: number[] = []; // [F, 3]
  for (let f = 0; f < faces.length; f += 3) {
    let along = 0;
    for (let k = 0; k < 3; k++) {
      const other = 3 * faceNeighbours[f + k];
      for (let axis = 0; axis < 3; axis++) along += normals[f + axis] * normals[other + axis];
    }
    if (along < 0) folded.push(f / 3);
  }
  return folded;
}

/**
 * Smooths a deformed sphere where faces are folded over, until none is: vertices of those faces and their neighbours move
 * towards the mean of what surrounds them. All others stay.
 *
 * @param vertices Vertices of the sphere topology, `[V, 3]`
 * @returns Vertices, `[V, 3]`; the same array if no face is folded
 */
export function unfoldVertices(vertices: FloatArray): FloatArray {
  const { faces, faceNeighbours } = sphereTopology(), neighbours = meshNeighbours();
  let current = vertices;
  for (let round = 0; round < ROUNDS; round++) {
    const corners = foldedFaces(current, faces, faceNeighbours).flatMap((f) =>
      [0, 1, 2].map((k) => faces[3 * f + k])
    );
    if (corners.length === 0) break;
    const next = current.slice();
    for (const vertex of new Set(corners.flatMap((corner) => [corner, ...neighbours[corner]]))) {
      const around = neighbours[vertex];
      for (let axis = 0; axis < 3; axis++) {
        const mean = around.reduce((sum, other) => sum + current[3 * other + axis], 0) / around.length;
        next[3 * vertex + axis] += STEP * (mean - current[3 * vertex + axis]);
      }
    }
    current = next;
  }
  return current;
}
