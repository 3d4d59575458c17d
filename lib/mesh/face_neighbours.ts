/**
 * Which faces share edges.
 *
 * @module
 */

/** Adjacency of a closed mesh. */
export interface FaceAdjacency {
  /** The three faces across each face's edges, in descending order, `[F, 3]`. */
  readonly faceNeighbours: Int32Array;
  /** The two faces of each edge, the lower first, edges in order of first appearance, `[E, 2]`. */
  readonly edgeFaces: Int32Array;
}

/**
 * Finds the neighbours of all faces of a closed triangle mesh.
 *
 * @param faces Vertex indices, `[F, 3]`
 * @returns Neighbours of faces and faces of edges
 * @throws {RangeError} If an edge has not exactly two faces
 */
export function findFaceNeighbours(faces: Int32Array): FaceAdjacency {
  const edges = new Map<string, number[]>();
  for (let corner = 0; corner < faces.length; corner++) {
    const face = Math.floor(corner / 3);
    const a = faces[corner];
    const b = faces[face * 3 + (corner + 1) % 3];
    const key = a < b ? `${a},${b}` : `${b},${a}`;
    const sharing = edges.get(key);
    if (sharing) sharing.push(face);
    else edges.set(key, [face]);
  }
  const edgeFaces = new Int32Array(edges.size * 2); // [E, 2]
  const neighbours: number[][] = Array.from({ length: faces.length / 3 }, () => []);
  let edge = 0;
  for (const [key, sharing] of edges) {
    if (sharing.length !== 2) {
      throw new RangeError(
        `Cannot find face neighbours as every edge must have two faces: current value is ${sharing.length} ` +
          `at vertices ${key}`,
      );
    }
    const [a, b] = sharing;
    edgeFaces.set(sharing, 2 * edge++);
    neighbours[a].push(b);
    neighbours[b].push(a);
  }
  const faceNeighbours = Int32Array.from(neighbours.flatMap((list) => list.sort((a, b) => b - a))); // [F, 3]
  return { faceNeighbours, edgeFaces };
}
