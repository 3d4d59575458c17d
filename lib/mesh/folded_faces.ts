/**
 * Faces that a surface has folded over, and smoothing them away.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { scaledFaceNormals } from "./face_areas.ts";
import { meshNeighbours } from "./mesh_neighbours.ts";
import { sphereTopology } from "./sphere_topology.ts";

/** Most rounds of smoothing, and those after which vertices one edge further away move too. */
const ROUNDS = 1000, ROUNDS_PER_RING = 50;
/** How far a vertex goes to the mean of its neighbours in a round. */
const STEP = 0.2;

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
 * Smooths a deformed sphere where faces are folded over, until none is: vertices of those faces move towards the mean of
 * their neighbours, and where that is not enough those around them, too. All others stay.
 *
 * @param vertices Vertices of the sphere topology, `[V, 3]`
 * @returns Vertices, `[V, 3]`; the same array if no face is folded
 */
export function unfoldVertices(vertices: FloatArray): FloatArray {
  const { faces, faceNeighbours } = sphereTopology(), neighbours = meshNeighbours();
  let current = vertices;
  for (let round = 0; round < ROUNDS; round++) {
    const folded = foldedFaces(current, faces, faceNeighbours);
    if (folded.length === 0) break;
    let moving = new Set(folded.flatMap((f) => Array.from(faces.subarray(3 * f, 3 * f + 3))));
    for (let ring = 1; ring * ROUNDS_PER_RING <= round; ring++) {
      moving = new Set([...moving].flatMap((vertex) => [vertex, ...neighbours[vertex]]));
    }
    current = smoothed(current, moving, neighbours);
  }
  return current;
}

/** Vertices of which some went a step to the mean of their neighbours, `[V, 3]`. */
function smoothed(
  vertices: FloatArray,
  moving: Iterable<number>,
  neighbours: ReturnType<typeof meshNeighbours>,
): FloatArray {
  const next = vertices.slice();
  for (const vertex of moving) {
    const around = neighbours[vertex];
    for (let axis = 0; axis < 3; axis++) {
      const mean = around.reduce((sum, other) => sum + vertices[3 * other + axis], 0) / around.length;
      next[3 * vertex + axis] += STEP * (mean - vertices[3 * vertex + axis]);
    }
  }
  return next;
}
