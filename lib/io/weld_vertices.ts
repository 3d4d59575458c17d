/**
 * Equal places of a mesh become one vertex.
 *
 * @module
 */

/** Places without doubles. */
export interface WeldedVertices {
  /** Different places in the order in which they come first, `[V, 3]`. */
  readonly vertices: Float64Array;
  /** Number of each given place among them, `[N]`. */
  readonly indices: Int32Array;
}

/**
 * Numbers the different places of a list, in time and memory that grow with its length alone.
 *
 * @param positions Places, `[N, 3]`
 */
export function weldVertices(positions: ArrayLike<number>): WeldedVertices {
  const count = Math.floor(positions.length / 3);
  const slots = 2 ** Math.ceil(Math.log2(2 * count + 2));
  const table = new Int32Array(slots).fill(-1); // vertex at each slot
  const vertices = new Float64Array(3 * count); // [V, 3] at its start
  const indices = new Int32Array(count); // [N]
  const place = new Float64Array(3), words = new Int32Array(place.buffer);
  let known = 0;
  for (let n = 0; n < count; n++) {
    for (let axis = 0; axis < 3; axis++) place[axis] = positions[3 * n + axis] + 0; // no negative zero
    let hash = 0;
    for (const word of words) {
      hash = Math.imul(hash ^ word, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    let slot = hash & (slots - 1);
    for (; table[slot] >= 0; slot = (slot + 1) & (slots - 1)) {
      const v = 3 * table[slot];
      if (vertices[v] === place[0] && vertices[v + 1] === place[1] && vertices[v + 2] === place[2]) break;
    }
    if (table[slot] < 0) {
      vertices.set(place, 3 * known);
      table[slot] = known++;
    }
    indices[n] = table[slot];
  }
  return { vertices: vertices.slice(0, 3 * known), indices };
}
