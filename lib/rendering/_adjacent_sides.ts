/**
 * The side of another face that each side of a face lies on, by which contours are told from sides within a surface.
 *
 * @module
 */

/** In place of a side: there is no face across, or more than one. */
export const NO_SIDE = -1;

const known = new WeakMap<Int32Array, { readonly sides: Int32Array; readonly copy: Int32Array }>();

/**
 * Finds the side across each side, whichever way its face is wound. They are remembered for as long as the array of faces lives
 * unchanged.
 *
 * @param faces Vertex indices, `[F, 3]`
 * @returns Side 3g + l for side 3f + k, which runs from corner k of face f to the next one; `NO_SIDE` where one or more than
 * two faces meet, `[F, 3]`
 */
export function adjacentSides(faces: Int32Array): Int32Array {
  const earlier = known.get(faces);
  if (earlier && isSame(earlier.copy, faces)) return earlier.sides;
  const sides = findSides(faces);
  known.set(faces, { sides, copy: faces.slice() });
  return sides;
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function findSides(faces: Int32Array): Int32Array {
  const sides = new Int32Array(faces.length).fill(NO_SIDE); // [F, 3]
  const ofEdges = new Map<string, number[]>();
  for (let i = 0; i < faces.length; i++) {
    const a = faces[i], b = faces[i % 3 === 2 ? i - 2 : i + 1], name = a < b ? `${a},${b}` : `${b},${a}`;
    const others = ofEdges.get(name);
    if (others) others.push(i);
    else ofEdges.set(name, [i]);
  }
  for (const both of ofEdges.values()) {
    if (both.length !== 2) continue;
    sides[both[0]] = both[1];
    sides[both[1]] = both[0];
  }
  return sides;
}
