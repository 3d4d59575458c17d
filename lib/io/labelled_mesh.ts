/**
 * Meshes as users bring them: triangles of any kind, each with the part that it belongs to.
 *
 * @module
 */

import { sizeText } from "../core/number_text.ts";

/** A triangle mesh with a part for each face. */
export interface LabelledMesh {
  /** Positions as the file holds them, `[V, 3]`. */
  readonly vertices: Float64Array;
  /** Vertex of each corner, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Index in `partNames` of each face's part, `[F]`. */
  readonly faceParts: Int32Array;
  /** Names of the parts: groups, materials or nodes of the file; at least one. */
  readonly partNames: readonly string[];
}

/** Name of the part of faces that the file gives none. */
export const UNNAMED_PART = "object";

/** Most vertices or faces that are read. */
export const MAX_MESH_ELEMENTS = 5_000_000;

/**
 * Checks what a reader found and makes typed arrays of it. Vertices without a face are left out, as they are no part of the
 * shape.
 *
 * @param vertices Positions, `[V, 3]`
 * @param faces Vertex of each corner, `[F, 3]`
 * @param parts Name of each face's part, `[F]`; empty where the file names none
 * @throws {SyntaxError} If there is no face, a coordinate is not finite or a corner is no vertex
 */
export function labelledMesh(
  vertices: ArrayLike<number>,
  faces: ArrayLike<number>,
  parts: readonly string[] = [],
): LabelledMesh {
  const count = vertices.length / 3;
  if (faces.length === 0) throw new SyntaxError("it has no faces");
  checkPositions(vertices);
  for (let i = 0; i < faces.length; i++) {
    if (!(faces[i] >= 0 && faces[i] < count)) {
      throw new SyntaxError(
        `face ${Math.floor(i / 3) + 1} has corner ${faces[i]}, but there are ${count} vertices`,
      );
    }
  }
  checkExtent(vertices, faces);
  const used = usedVertices(vertices, faces);
  const partNames = parts.length === 0 ? [UNNAMED_PART] : [...new Set(parts)];
  const numbers = new Map(partNames.map((name, index): [string, number] => [name, index]));
  return {
    ...used,
    faceParts: Int32Array.from(
      { length: faces.length / 3 },
      (_, f) => numbers.get(parts[f] ?? partNames[0])!,
    ),
    partNames,
  };
}

/** Vertices that faces have, and the faces in their numbers. */
function usedVertices(
  vertices: ArrayLike<number>,
  faces: ArrayLike<number>,
): { vertices: Float64Array; faces: Int32Array } {
  const numbers = new Int32Array(vertices.length / 3), kept: number[] = []; // [V], 1 = used, then its new number
  for (let k = 0; k < faces.length; k++) numbers[faces[k]] = 1;
  for (let vertex = 0; vertex < numbers.length; vertex++) {
    if (numbers[vertex]) numbers[vertex] = kept.push(vertex);
  }
  return {
    vertices: Float64Array.from(
      { length: 3 * kept.length },
      (_, i) => vertices[3 * kept[Math.floor(i / 3)] + i % 3],
    ), // [V, 3]
    faces: Int32Array.from({ length: faces.length }, (_, k) => numbers[faces[k]] - 1), // [F, 3]
  };
}

/** Sizes that are computed with safely. */
const LEAST_SIZE = 1e-30, LARGEST_SIZE = 1e30;

/** Sine of an angle below which three corners lie on a line. */
const LEAST_SINE = 1e-9;

/** Whether any face has an area that is not lost in rounding. */
function hasArea(vertices: ArrayLike<number>, faces: ArrayLike<number>, size: number): boolean {
  for (let k = 0; k < faces.length; k += 3) {
    const [a, b, c] = [3 * faces[k], 3 * faces[k + 1], 3 * faces[k + 2]];
    const side = (from: number, to: number) =>
      [0, 1, 2].map((axis) => (vertices[to + axis] - vertices[from + axis]) / size);
    const [u, w] = [side(a, b), side(a, c)];
    const cross = [u[1] * w[2] - u[2] * w[1], u[2] * w[0] - u[0] * w[2], u[0] * w[1] - u[1] * w[0]];
    if (Math.hypot(...cross) > LEAST_SINE * Math.hypot(...u) * Math.hypot(...w)) return true;
  }
  return false;
}

/** Refuses meshes whose corners all lie in one place, or further apart than is computed with. */
function checkExtent(vertices: ArrayLike<number>, faces: ArrayLike<number>): void {
  let size = 0;
  for (let axis = 0; axis < 3; axis++) {
    let low = Infinity, high = -Infinity;
    for (let k = 0; k < faces.length; k++) {
      const value = vertices[3 * faces[k] + axis];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    size = Math.max(size, high - low);
  }
  if (size < LEAST_SIZE) {
    const place = [0, 1, 2].map((axis) => vertices[3 * faces[0] + axis]);
    throw new SyntaxError(`the corners of its faces all lie in one place, (${place.join(", ")})`);
  }
  if (!hasArea(vertices, faces, size)) {
    throw new SyntaxError("its faces have an area of 0: their corners lie on lines");
  }
  if (size > LARGEST_SIZE) throw new SyntaxError(`it has a size of ${size}: export it in other units`);
}

/**
 * Refuses coordinates that are not finite.
 *
 * @param positions Places, `[V, 3]`
 * @throws {SyntaxError} If a coordinate is not finite
 */
export function checkPositions(positions: ArrayLike<number>): void {
  for (let i = 0; i < positions.length; i++) {
    if (!Number.isFinite(positions[i])) {
      throw new SyntaxError(`coordinate ${i % 3 + 1} of vertex ${Math.floor(i / 3) + 1} is ${positions[i]}`);
    }
  }
}

/**
 * Refuses a number of elements that cannot be meant, before any memory is taken for it.
 *
 * @param what Which elements, such as "vertices"
 * @param count Number that the file gives
 * @param bytesEach Fewest bytes that one takes
 * @param bytesLeft Bytes that the file has for them
 * @throws {SyntaxError} If there are too many, or they do not fit into the file
 */
export function checkCount(what: string, count: number, bytesEach: number, bytesLeft: number): void {
  if (!Number.isInteger(count) || count < 0) throw new SyntaxError(`its number of ${what} is ${count}`);
  if (count * bytesEach > bytesLeft) {
    throw new SyntaxError(
      `it says that it has ${count} ${what}, which take ${sizeText(count * bytesEach)} or more, but only ` +
        `${sizeText(Math.max(0, bytesLeft))} follow: it is cut off or damaged`,
    );
  }
  if (count > MAX_MESH_ELEMENTS) {
    throw new SyntaxError(
      `it has ${count} ${what}, more than ${MAX_MESH_ELEMENTS}: make it simpler first`,
    );
  }
}
