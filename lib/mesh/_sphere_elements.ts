/**
 * Vertices, faces and texture coordinates of the template sphere, in the order of the original's file: released
 * templates list their vertices in it, and the order of faces decides soft silhouettes.
 *
 * A cell (column, row) of the grid spans u from column/32 to (column + 1)/32 and v from row/31 to (row + 1)/31.
 *
 * @module
 */
import type { Mesh } from "./mesh.ts";

/** Steps of v from pole to pole. */
export const SPHERE_RINGS = 31;
/** Steps of u around the sphere. */
export const SPHERE_SEGMENTS = 32;

/** Rows of column 24 that come last in the vertex order. */
const LATE_ROWS = [29, 17, 13, 7, 1];
/** The poles with the noise of the original's file; it decides the tangents there. */
const NORTH_POLE = [-1e-6, 1, 1e-6];
const SOUTH_POLE = [0, -1, 1e-6];

/** Order of rows within a column of faces, cyclic. */
// deno-fmt-ignore
const ROW_CYCLE = [
  20, 6, 19, 5, 18, 4, 17, 30, 3, 16, 29, 2, 15, 28, 1, 14, 27, 0, 13, 26, 12, 25, 11, 24, 10, 23, 9, 22, 8, 21, 7,
];
/** First row of each column of faces, for columns 23, 22, …, 0, 31, …, 24. */
// deno-fmt-ignore
const START_ROWS = [
  20, 11, 7, 3, 12, 8, 4, 27, 23, 19, 15, 11, 7, 30, 26, 22, 18, 14, 10, 6, 2, 11, 7, 30, 26, 22, 18, 28, 24, 20, 16,
  12,
];

/** Corners of a cell's triangles: u in half columns from the cell's left, v in rows from its bottom. */
type Corners = readonly (readonly [halfColumns: number, rows: number])[];
const NORTH_CAP: Corners = [[2, 0], [1, 1], [0, 0]];
const SOUTH_CAP: Corners = [[1, 0], [2, 1], [0, 1]];
const FIRST_POSITIVE: Corners = [[2, 1], [0, 0], [2, 0]];
const SECOND_POSITIVE: Corners = [[2, 1], [0, 1], [0, 0]];
const FIRST_NEGATIVE: Corners = [[2, 0], [0, 1], [0, 0]];
const SECOND_NEGATIVE: Corners = [[2, 0], [2, 1], [0, 1]];

/** The template sphere: 962 vertices, 1920 faces, 1054 uvs. Its pole axis is y. */
export function sphereElements(): Mesh & { vertices: Float64Array; uvs: Float64Array } {
  const grid = vertexOrder();
  const vertices = new Float64Array(grid.length * 3); // [V, 3]
  const vertexAt = new Map<string, number>();
  grid.forEach(([column, row], i) => {
    vertices.set(position(column, row), i * 3);
    vertexAt.set(`${column},${row}`, i);
  });

  const faces: number[] = [];
  const faceUvs: number[] = [];
  const uvs: number[] = [];
  const uvAt = new Map<string, number>();
  for (const [column, row, corners] of cellOrder()) {
    for (const [halfColumns, rows] of corners) {
      const u = 2 * column + halfColumns; // in 1/64
      const v = row + rows; // in 1/31
      const atPole = v === 0 || v === SPHERE_RINGS;
      faces.push(vertexAt.get(`${atPole ? 0 : (u / 2) % SPHERE_SEGMENTS},${v}`)!);
      const key = `${u},${v}`;
      if (!uvAt.has(key)) {
        uvAt.set(key, uvs.length / 2);
        uvs.push(u / (2 * SPHERE_SEGMENTS), v / SPHERE_RINGS);
      }
      faceUvs.push(uvAt.get(key)!);
    }
  }
  return {
    vertices,
    faces: Int32Array.from(faces), // [F, 3]
    uvs: Float64Array.from(uvs), // [U, 2]
    faceUvs: Int32Array.from(faceUvs), // [F, 3]
  };
}

/** Grid place (column, row) of each vertex; row 0 is the south pole and row 31 the north pole. */
function vertexOrder(): [column: number, row: number][] {
  const order: [number, number][] = [];
  const addColumns = (first: number, last: number) => {
    for (let column = first; column >= last; column--) {
      for (let row = SPHERE_RINGS - 1; row >= 1; row--) order.push([column, row]);
    }
  };
  for (let row = SPHERE_RINGS - 1; row >= 1; row--) if (!LATE_ROWS.includes(row)) order.push([24, row]);
  addColumns(23, 1);
  order.push([0, SPHERE_RINGS]);
  addColumns(0, 0);
  addColumns(31, 28);
  order.push([0, 0]);
  addColumns(27, 25);
  for (const row of LATE_ROWS) order.push([24, row]);
  return order;
}

/** Each face's cell and corners: first triangles and caps of all columns, then second triangles. */
function* cellOrder(): Generator<[column: number, row: number, corners: Corners]> {
  const shortCycle = ROW_CYCLE.filter((row) => row !== 0 && row !== SPHERE_RINGS - 1);
  for (let i = 0; i < SPHERE_SEGMENTS; i++) {
    const column = (23 - i + SPHERE_SEGMENTS) % SPHERE_SEGMENTS;
    for (const row of cycleFrom(ROW_CYCLE, START_ROWS[i])) {
      if (row === SPHERE_RINGS - 1) yield [column, row, NORTH_CAP];
      else if (row === 0) yield [column, row, SOUTH_CAP];
      else yield [column, row, isPositive(column) ? FIRST_POSITIVE : FIRST_NEGATIVE];
    }
  }
  for (let i = 0; i < SPHERE_SEGMENTS; i++) {
    const column = (7 - i + SPHERE_SEGMENTS) % SPHERE_SEGMENTS;
    const row = START_ROWS[(i + 16) % SPHERE_SEGMENTS];
    const start = row === SPHERE_RINGS - 1 ? 3 : row;
    for (const row of cycleFrom(shortCycle, start)) {
      yield [column, row, isPositive(column) ? SECOND_POSITIVE : SECOND_NEGATIVE];
    }
  }
}

function cycleFrom(cycle: readonly number[], start: number): number[] {
  const at = cycle.indexOf(start);
  return [...cycle.slice(at), ...cycle.slice(0, at)];
}

/** Whether a column of cells lies on the side x > 0; the sides have mirrored diagonals. */
function isPositive(column: number): boolean {
  return column >= 8 && column < 24;
}

/** Position of a grid place. Mirror images about x = 0 are equal to the bit. */
function position(column: number, row: number): number[] {
  if (row === SPHERE_RINGS) return NORTH_POLE;
  if (row === 0) return SOUTH_POLE;
  const radius = Math.sin(Math.PI * Math.min(row, SPHERE_RINGS - row) / SPHERE_RINGS);
  const height = Math.cos(Math.PI * Math.min(row, SPHERE_RINGS - row) / SPHERE_RINGS);
  const quarter = SPHERE_SEGMENTS / 4;
  const fromEdge = column % (2 * quarter) <= quarter
    ? column % (2 * quarter)
    : 2 * quarter - column % (2 * quarter); // columns away from the nearest of 0 and 16
  const angle = Math.PI * fromEdge / (2 * quarter);
  const x = fromEdge === quarter ? 0 : Math.cos(angle) * (isPositive(column) ? 1 : -1);
  const z = fromEdge === 0 ? 0 : Math.sin(angle) * (column <= 2 * quarter ? 1 : -1);
  return [x * radius, row * 2 > SPHERE_RINGS ? height : -height, z * radius];
}
