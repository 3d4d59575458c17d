/**
 * What all templates share: the sphere's faces, texture coordinates, symmetry, sampling positions and tangent frames.
 *
 * @module
 */
import { findFaceNeighbours } from "./face_neighbours.ts";
import type { Mesh } from "./mesh.ts";
import { SPHERE_RINGS, SPHERE_SEGMENTS, sphereElements } from "./_sphere_elements.ts";

/** A sparse matrix `[V, V]` by its entries other than zero, in row-major order. */
export interface SparseMatrix {
  /** Row of each entry. */
  readonly rows: Int32Array;
  /** Column of each entry. */
  readonly columns: Int32Array;
  /** Value of each entry. */
  readonly values: Float64Array;
}

/** The template sphere and everything derived from it. V = 962, F = 1920, U = 1054, E = 2880. */
export interface SphereTopology extends Mesh {
  /** Steps of v from pole to pole, 31. */
  readonly rings: number;
  /** Steps of u around the sphere, 32. */
  readonly segments: number;
  /** Unit sphere, `[V, 3]`; the pole axis is y, the mirror axis x. */
  readonly vertices: Float64Array;
  /** Texture coordinates, `[U, 2]`. */
  readonly uvs: Float64Array;
  /** The three faces across each face's edges, in descending order, `[F, 3]`. */
  readonly faceNeighbours: Int32Array;
  /** The two faces of each edge, `[E, 2]`. */
  readonly edgeFaces: Int32Array;
  /** Vertices with x < 0, ascending, `[450]`. */
  readonly negativeIndices: Int32Array;
  /** Mirror image of each of `negativeIndices`, `[450]`. */
  readonly positiveIndices: Int32Array;
  /** Vertices on the mirror plane, ascending, `[62]`. */
  readonly zeroIndices: Int32Array;
  /** `positiveIndices`, then `zeroIndices`, `[512]`. */
  readonly nonNegativeIndices: Int32Array;
  /** Ones, with 0 at x of `zeroIndices`, `[V, 3]`. */
  readonly symmetryMask: Float64Array;
  /** Place of each vertex on maps, `[V, 2]`: (2u − 1, 1 − 2v), so (−1, −1) is the map's upper left corner. */
  readonly samplePositions: Float64Array;
  /** Rows normal, tangent and bitangent of each vertex, `[V, 3, 3]`. */
  readonly tangentFrames: Float64Array;
  /** Vertices by ring (south to north) and column, the last column repeating the first, `[30, 33]`. */
  readonly gridVertexIndex: Int32Array;
  /** Grid Laplacian: vertex minus the mean of its grid neighbours. */
  readonly laplacian: SparseMatrix;
  /** Vertex indices of the north (y = 1) and south pole. */
  readonly poles: readonly [north: number, south: number];
}

/** Vertices nearer to the mirror plane than this lie on it. */
const SYMMETRY_TOLERANCE = 1e-4;

let memoised: SphereTopology | undefined;

/** The topology of the template sphere. Built once; treat it as read-only. */
export function sphereTopology(): SphereTopology {
  return memoised ??= deriveTopology(sphereElements(), SPHERE_RINGS, SPHERE_SEGMENTS);
}

/**
 * Derives everything from a sphere's vertices, faces and texture coordinates, such as those of a file.
 *
 * @param sphere A sphere of rings and segments, poles on the y axis
 * @param rings Steps of v from pole to pole
 * @param segments Steps of u around
 * @returns The topology; arrays of `sphere` are used as they are, floats as float64
 * @throws {RangeError} If it is not closed or not symmetric about x = 0
 */
export function deriveTopology(sphere: Mesh, rings: number, segments: number): SphereTopology {
  const { faces, faceUvs } = sphere;
  const vertices = Float64Array.from(sphere.vertices);
  const uvs = Float64Array.from(sphere.uvs);
  const gridUvs = meanUvs(faces, uvs, faceUvs, vertices.length / 3, rings, segments);
  const poles = findPoles(vertices);
  const gridVertexIndex = gridOf(gridUvs, poles, rings, segments);
  return {
    rings,
    segments,
    vertices,
    faces,
    uvs,
    faceUvs,
    ...findFaceNeighbours(faces),
    ...findSymmetry(vertices),
    samplePositions: gridUvs.map((value, i) =>
      i % 2 === 0 ? 2 * (value / segments) - 1 : -(2 * (value / rings) - 1)
    ),
    tangentFrames: tangentFramesOf(vertices),
    gridVertexIndex,
    laplacian: gridLaplacian(gridVertexIndex, poles, rings, segments),
    poles,
  };
}

/** Mean texture coordinate of each vertex over its face corners, in grid steps, u = 1 taken as 0, `[V, 2]`. */
function meanUvs(
  faces: Int32Array,
  uvs: Float64Array,
  faceUvs: Int32Array,
  vertexCount: number,
  rings: number,
  segments: number,
): Float64Array {
  const sums = new Float64Array(vertexCount * 2); // [V, 2]
  const counts = new Int32Array(vertexCount); // [V]
  faces.forEach((vertex, corner) => {
    const u = uvs[2 * faceUvs[corner]] * segments;
    sums[2 * vertex] += segments - u < 1e-4 ? 0 : u;
    sums[2 * vertex + 1] += uvs[2 * faceUvs[corner] + 1] * rings;
    counts[vertex]++;
  });
  return sums.map((sum, i) => sum / counts[i >> 1]);
}

function findPoles(vertices: Float64Array): [north: number, south: number] {
  let [north, south] = [0, 0];
  for (let i = 0; i < vertices.length / 3; i++) {
    if (vertices[3 * i + 1] > vertices[3 * north + 1]) north = i;
    if (vertices[3 * i + 1] < vertices[3 * south + 1]) south = i;
  }
  return [north, south];
}

type Symmetry = Pick<
  SphereTopology,
  "negativeIndices" | "positiveIndices" | "zeroIndices" | "nonNegativeIndices" | "symmetryMask"
>;

function findSymmetry(vertices: Float64Array): Symmetry {
  const all = Array.from({ length: vertices.length / 3 }, (_, i) => i);
  const negative = all.filter((i) => vertices[3 * i] < -SYMMETRY_TOLERANCE);
  const zero = all.filter((i) => Math.abs(vertices[3 * i]) < SYMMETRY_TOLERANCE);
  const positive = negative.map((i) => {
    const distance = (j: number) =>
      Math.hypot(
        vertices[3 * j] + vertices[3 * i],
        vertices[3 * j + 1] - vertices[3 * i + 1],
        vertices[3 * j + 2] - vertices[3 * i + 2],
      );
    const mirror = all.find((j) => distance(j) < SYMMETRY_TOLERANCE);
    if (mirror === undefined) {
      throw new RangeError(
        `Cannot derive a topology as every vertex needs a mirror image about x = 0: current value is none for ` +
          `vertex ${i}`,
      );
    }
    return mirror;
  });
  const symmetryMask = new Float64Array(vertices.length).fill(1); // [V, 3]
  for (const i of zero) symmetryMask[3 * i] = 0;
  return {
    negativeIndices: Int32Array.from(negative),
    positiveIndices: Int32Array.from(positive),
    zeroIndices: Int32Array.from(zero),
    nonNegativeIndices: Int32Array.from([...positive, ...zero]),
    symmetryMask,
  };
}

/** normal = vertex, tangent = normal × y axis, bitangent = normal × tangent, each of unit length, `[V, 3, 3]`. */
function tangentFramesOf(vertices: Float64Array): Float64Array {
  const frames = new Float64Array(vertices.length * 3); // [V, 3, 3]
  for (let i = 0; i < vertices.length; i += 3) {
    const [nx, ny, nz] = normalised(vertices[i], vertices[i + 1], vertices[i + 2]);
    const [tx, ty, tz] = normalised(-nz, 0, nx);
    frames.set([nx, ny, nz, tx, ty, tz, ny * tz - nz * ty, nz * tx - nx * tz, nx * ty - ny * tx], 3 * i);
  }
  return frames;
}

function normalised(x: number, y: number, z: number): [number, number, number] {
  const length = Math.max(Math.hypot(x, y, z), 1e-12);
  return [x / length, y / length, z / length];
}

function gridOf(
  gridUvs: Float64Array,
  poles: readonly number[],
  rings: number,
  segments: number,
): Int32Array {
  const grid = new Int32Array((rings - 1) * (segments + 1)); // [rings - 1, segments + 1]
  for (let i = 0; i < gridUvs.length / 2; i++) {
    if (poles.includes(i)) continue;
    const column = Math.round(gridUvs[2 * i]);
    const row = Math.round(gridUvs[2 * i + 1]) - 1;
    grid[row * (segments + 1) + column] = i;
    if (column === 0) grid[row * (segments + 1) + segments] = i;
  }
  return grid;
}

function gridLaplacian(
  grid: Int32Array,
  [north, south]: readonly [number, number],
  rings: number,
  segments: number,
): SparseMatrix {
  const entries: [row: number, column: number, value: number][] = [];
  const at = (row: number, column: number) =>
    row < 0 ? south : row >= rings - 1 ? north : grid[row * (segments + 1) + (column + segments) % segments];
  for (let row = 0; row < rings - 1; row++) {
    for (let column = 0; column < segments; column++) {
      const vertex = at(row, column);
      entries.push([vertex, vertex, 1]);
      const around = [at(row, column - 1), at(row, column + 1), at(row - 1, column), at(row + 1, column)];
      for (const other of around) entries.push([vertex, other, -1 / 4]);
    }
  }
  for (const [pole, row] of [[north, rings - 2], [south, 0]]) {
    entries.push([pole, pole, 1]);
    for (let column = 0; column < segments; column++) entries.push([pole, at(row, column), -1 / segments]);
  }
  entries.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {
    rows: Int32Array.from(entries, (entry) => entry[0]),
    columns: Int32Array.from(entries, (entry) => entry[1]),
    values: Float64Array.from(entries, (entry) => entry[2]),
  };
}
