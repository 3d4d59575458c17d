/**
 * Edges of a mesh with the faces on their two sides. The edges where the number of front faces changes bound what they
 * cover together, so that only those need to be followed.
 *
 * @module
 */

/** Edges of a mesh; an edge of more than two faces appears more than once. */
export interface ContourEdges {
  /** Vertices, the lower index first, `[E, 2]`. */
  readonly vertices: Int32Array;
  /** The face that runs along the edge and the one that runs against it, F where there is none, `[E, 2]`. */
  readonly faces: Int32Array;
}

const known = new WeakMap<Int32Array, { readonly edges: ContourEdges; readonly copy: Int32Array }>();

/**
 * Finds the edges of a mesh. They are remembered for as long as the array of faces lives unchanged.
 *
 * @param faces Vertex indices, `[F, 3]`
 * @returns Edges in the order in which the faces name them
 */
export function contourEdges(faces: Int32Array): ContourEdges {
  const earlier = known.get(faces);
  if (earlier && earlier.copy.every((vertex, i) => vertex === faces[i])) return earlier.edges;
  const edges = findEdges(faces);
  known.set(faces, { edges, copy: faces.slice() });
  return edges;
}

function findEdges(faces: Int32Array): ContourEdges {
  const F = faces.length / 3;
  const vertices = new Int32Array(2 * faces.length), sides = new Int32Array(2 * faces.length); // [3F, 2]
  const slots = 1 << (33 - Math.clz32(Math.max(8, faces.length))); // at least twice the half-edges
  const first = new Int32Array(slots).fill(-1), next = new Int32Array(faces.length); // chains of edges by hash
  let count = 0;
  for (let i = 0; i < faces.length; i++) {
    const a = faces[i], b = faces[i % 3 === 2 ? i - 2 : i + 1];
    const low = Math.min(a, b), high = Math.max(a, b), side = a === low ? 0 : 1;
    const slot = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> (Math.clz32(slots) + 1);
    let e = first[slot];
    while (
      e >= 0 && !(vertices[2 * e] === low && vertices[2 * e + 1] === high && sides[2 * e + side] === F)
    ) {
      e = next[e];
    }
    if (e < 0) {
      e = count++;
      next[e] = first[slot];
      first[slot] = e;
      vertices[2 * e] = low;
      vertices[2 * e + 1] = high;
      sides[2 * e] = sides[2 * e + 1] = F;
    }
    sides[2 * e + side] = Math.floor(i / 3);
  }
  return { vertices: vertices.slice(0, 2 * count), faces: sides.slice(0, 2 * count) };
}
