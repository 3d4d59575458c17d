/**
 * Where the cells of half a texture lie on an object.
 *
 * @module
 */
import type { FloatArray } from "../../core/arrays.ts";
import { displaceVertices } from "../../mesh/displace_vertices.ts";
import { faceAreas } from "../../mesh/face_areas.ts";
import { sphereTopology } from "../../mesh/sphere_topology.ts";
import { DISPLACEMENT_RESOLUTION } from "../generator_options.ts";
import { CELL_COLUMNS, CELL_ROWS, CELLS } from "./exemplars.ts";

/** Columns of cells of a whole texture. */
export const WHOLE_COLUMNS: number = 2 * CELL_COLUMNS;
/** How far neighbouring cells decide together, in half lengths of the object. */
const REACH = 0.25;

/** Cell of a whole texture, `[16, 16]`, in which the middle of each face lies, `[F]`. */
export function faceCells(): Int32Array {
  const { faceUvs, uvs } = sphereTopology();
  return Int32Array.from({ length: faceUvs.length / 3 }, (_, f) => {
    const corners = faceUvs.subarray(3 * f, 3 * f + 3);
    const [u, v] = [0, 1].map((axis) => corners.reduce((sum, corner) => sum + uvs[2 * corner + axis] / 3, 0));
    return Math.floor((1 - v) * CELL_ROWS) * WHOLE_COLUMNS + Math.floor(u * WHOLE_COLUMNS);
  });
}

/** Cell of a whole texture at which a cell of its middle half lies. */
export function wholeCell(cell: number): number {
  const row = Math.floor(cell / CELL_COLUMNS);
  return row * WHOLE_COLUMNS + cell % CELL_COLUMNS + CELL_COLUMNS / 2;
}

/**
 * How much each cell of half a texture counts where another is decided: by area, and by the distance of their middles on the
 * mean object, whose poles join all columns.
 *
 * @param map Displacement map of the mean object, `[32, 32, 3]`
 * @returns Weights, each row of sum 1, `[C, C]`
 */
export function cellNeighbourhoods(map: FloatArray): Float64Array {
  const places = cellPlaces(map), weights = new Float64Array(CELLS * CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    const row = weights.subarray(cell * CELLS, (cell + 1) * CELLS);
    places.forEach(([x, y, z, area], other) => {
      const [ownX, ownY, ownZ] = places[cell];
      row[other] = area * Math.exp(-((x - ownX) ** 2 + (y - ownY) ** 2 + (z - ownZ) ** 2) / (2 * REACH ** 2));
    });
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((value, other) => row[other] = value / sum);
  }
  return weights;
}

/** Middle and area of each cell of half a texture, C times `[4]`. */
function cellPlaces(map: FloatArray): number[][] {
  const topology = sphereTopology(), { faces } = topology, side = DISPLACEMENT_RESOLUTION;
  const vertices = displaceVertices(topology, map, side, side, { symmetric: true });
  const sums = Array.from({ length: CELL_ROWS * WHOLE_COLUMNS }, () => [0, 0, 0, 0]);
  const areas = faceAreas(vertices, faces);
  faceCells().forEach((cell, face) => {
    const corners = [0, 1, 2].map((k) => 3 * faces[3 * face + k]), area = areas[face];
    for (let axis = 0; axis < 3; axis++) {
      sums[cell][axis] += area * corners.reduce((sum, corner) => sum + vertices[corner + axis], 0) / 3;
    }
    sums[cell][3] += area;
  });
  return Array.from({ length: CELLS }, (_, cell) => {
    const [x, y, z, area] = sums[wholeCell(cell)], divisor = Math.max(area, 1e-12);
    return [x / divisor, y / divisor, z / divisor, area];
  });
}
