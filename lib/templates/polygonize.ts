/**
 * A solid to a mesh of its surface, by surface nets: one vertex in each cell that the surface crosses.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { distanceGradient, type ParametricShape } from "./parametric_shape.ts";

/** A surface without uv coordinates. */
export interface Surface {
  /** Positions, `[V, 3]`. */
  readonly vertices: FloatArray;
  /** Corners, counter-clockwise from outside, `[F, 3]`. */
  readonly faces: Int32Array;
}

/** The twelve edges of a cell as pairs of corners; corner bits are x, y, z. */
const CELL_EDGES = [0, 1, 2, 3, 4, 5, 6, 7, 0, 2, 1, 3, 4, 6, 5, 7, 0, 4, 1, 5, 2, 6, 3, 7] as const;

/**
 * Polygons of the zero level of a shape.
 *
 * @param shape The solid; must lie inside its own box
 * @param cellSize Edge of a cell, in object units
 * @returns Triangles, wound counter-clockwise from outside
 * @throws {RangeError} If the cell size is not positive
 */
export function polygonize(shape: ParametricShape, cellSize: number): Surface {
  if (!(cellSize > 0)) {
    throw new RangeError(
      `Cannot polygonize a shape: cellSize must be positive, current value is ${cellSize}`,
    );
  }
  const { low, high, distance } = shape;
  const counts = [0, 1, 2].map((axis) => Math.ceil((high[axis] - low[axis]) / cellSize) + 1);
  const [nx, ny, nz] = counts;
  // An even number of cells about x = 0 keeps the polygons symmetric.
  const startX = -(nx - 1) * cellSize / 2;
  const values = new Float64Array(nx * ny * nz); // [nz, ny, nx]
  for (let k = 0, i = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let h = 0; h < nx; h++) {
        values[i++] = distance(startX + h * cellSize, low[1] + j * cellSize, low[2] + k * cellSize);
      }
    }
  }
  const cellVertex = new Int32Array(values.length).fill(-1); // [nz, ny, nx]
  const positions: number[] = [];
  const strides = [1, nx, nx * ny];
  const corner = (cell: number, bits: number) =>
    cell + (bits & 1) + (bits >> 1 & 1) * strides[1] + (bits >> 2) * strides[2];
  for (let k = 0; k < nz - 1; k++) {
    for (let j = 0; j < ny - 1; j++) {
      for (let h = 0; h < nx - 1; h++) {
        const cell = h + j * strides[1] + k * strides[2];
        const crossing = meanCrossing(values, cell, corner);
        if (crossing === null) continue;
        cellVertex[cell] = positions.length / 3;
        positions.push(
          startX + (h + crossing[0]) * cellSize,
          low[1] + (j + crossing[1]) * cellSize,
          low[2] + (k + crossing[2]) * cellSize,
        );
      }
    }
  }
  const vertices = Float64Array.from(positions); // [V, 3]
  pullToSurface(vertices, shape, cellSize);
  return { vertices, faces: netFaces(values, cellVertex, counts, strides) };
}

function meanCrossing(
  values: Float64Array,
  cell: number,
  corner: (cell: number, bits: number) => number,
): [number, number, number] | null {
  let count = 0, x = 0, y = 0, z = 0;
  for (let e = 0; e < CELL_EDGES.length; e += 2) {
    const a = CELL_EDGES[e], b = CELL_EDGES[e + 1];
    const va = values[corner(cell, a)], vb = values[corner(cell, b)];
    if (va < 0 === vb < 0) continue;
    const t = va / (va - vb);
    x += (a & 1) + t * ((b & 1) - (a & 1));
    y += (a >> 1 & 1) + t * ((b >> 1 & 1) - (a >> 1 & 1));
    z += (a >> 2) + t * ((b >> 2) - (a >> 2));
    count++;
  }
  return count === 0 ? null : [x / count, y / count, z / count];
}

/** Two Newton steps, none longer than half a cell. */
function pullToSurface(vertices: Float64Array, shape: ParametricShape, cellSize: number): void {
  for (let i = 0; i < vertices.length; i += 3) {
    for (let repeat = 0; repeat < 2; repeat++) {
      const [x, y, z] = [vertices[i], vertices[i + 1], vertices[i + 2]];
      const [gx, gy, gz, length] = distanceGradient(shape.distance, x, y, z);
      const wanted = shape.distance(x, y, z) / length;
      const step = Math.min(cellSize / 2, Math.max(-cellSize / 2, wanted));
      vertices[i] -= step * gx;
      vertices[i + 1] -= step * gy;
      vertices[i + 2] -= step * gz;
    }
  }
}

/** A quad about every grid edge that changes sign, as two triangles. */
function netFaces(
  values: Float64Array,
  cellVertex: Int32Array,
  counts: number[],
  strides: number[],
): Int32Array {
  const faces: number[] = [];
  for (let axis = 0; axis < 3; axis++) {
    const u = (axis + 1) % 3, v = (axis + 2) % 3;
    const at = [0, 0, 0];
    for (at[2] = 0; at[2] < counts[2]; at[2]++) {
      for (at[1] = 0; at[1] < counts[1]; at[1]++) {
        for (at[0] = 0; at[0] < counts[0]; at[0]++) {
          if (at[axis] === counts[axis] - 1 || at[u] === 0 || at[v] === 0) continue;
          const i = at[0] + at[1] * strides[1] + at[2] * strides[2];
          const inside = values[i] < 0;
          if (inside === values[i + strides[axis]] < 0) continue;
          const a = cellVertex[i - strides[u] - strides[v]], b = cellVertex[i - strides[v]];
          const c = cellVertex[i], d = cellVertex[i - strides[u]];
          if (inside) faces.push(a, b, c, a, c, d);
          else faces.push(a, c, b, a, d, c);
        }
      }
    }
  }
  return Int32Array.from(faces);
}
