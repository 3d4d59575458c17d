/**
 * How well the photograph of an object shows each cell of half a texture.
 *
 * @module
 */
import type { FloatArray } from "../../core/arrays.ts";
import { displaceVertices } from "../../mesh/displace_vertices.ts";
import { sphereTopology } from "../../mesh/sphere_topology.ts";
import { computeVertexNormals } from "../../mesh/vertex_normals.ts";
import type { PoseMetadata } from "../../pseudogt/files.ts";
import { poseInRow, projectVertices } from "../../rendering/cameras.ts";
import { DISPLACEMENT_RESOLUTION } from "../generator_options.ts";
import { faceCells, WHOLE_COLUMNS, wholeCell } from "./cell_places.ts";
import { CELL_COLUMNS, CELL_ROWS, CELLS } from "./exemplars.ts";

/**
 * Shares of cells that are seen, each times the squared cosine between its surface and the view: what is seen at a grazing
 * angle is stretched.
 *
 * @param alpha Share of each texel that the photograph shows, middle half, `[R, R / 2]`
 * @param map Displacement map of the object, `[32, 32, 3]`
 * @param poses Poses of the data set
 * @param row Row of the object in them
 * @returns 0 to 1, `[16, 8]`
 */
export function seenCells(
  alpha: Float32Array,
  map: FloatArray,
  poses: PoseMetadata,
  row: number,
): Float32Array {
  const facing = cellFacing(map, poses, row);
  return cellMeans(alpha).map((share, cell) => share * facing[cell] ** 2);
}

/** Means of the texels of half a texture by cell, `[16, 8]`. */
function cellMeans(texels: Float32Array): Float32Array {
  const out = new Float32Array(CELLS), R = Math.sqrt(2 * texels.length);
  const rows = R / CELL_ROWS, columns = R / 2 / CELL_COLUMNS;
  texels.forEach((value, texel) => {
    const row = Math.floor(Math.floor(texel / (R / 2)) / rows),
      column = Math.floor(texel % (R / 2) / columns);
    out[row * CELL_COLUMNS + column] += value / (rows * columns);
  });
  return out;
}

/** Mean cosine between surface and view, 0 behind, of each cell or its mirror image, whichever is larger, `[16, 8]`. */
function cellFacing(map: FloatArray, poses: PoseMetadata, row: number): Float32Array {
  const topology = sphereTopology(), { faces } = topology, side = DISPLACEMENT_RESOLUTION;
  const vertices = displaceVertices(topology, map, side, side, { symmetric: true });
  const screen = Float64Array.from(projectVertices(vertices, poseInRow(poses, row)));
  const normals = computeVertexNormals(screen, faces);
  const sums = new Float64Array(CELL_ROWS * WHOLE_COLUMNS), counts = new Float64Array(sums.length);
  faceCells().forEach((cell, f) => {
    const cosine = [0, 1, 2].reduce((sum, k) => sum + normals[3 * faces[3 * f + k] + 2] / 3, 0);
    sums[cell] += Math.max(0, cosine);
    counts[cell]++;
  });
  const means = sums.map((sum, cell) => sum / Math.max(1, counts[cell]));
  return Float32Array.from({ length: CELLS }, (_, half) => {
    const cell = wholeCell(half), column = cell % WHOLE_COLUMNS;
    const mirror = (CELL_COLUMNS - 1 - column + WHOLE_COLUMNS) % WHOLE_COLUMNS; // u becomes ½ − u
    return Math.max(means[cell], means[cell - column + mirror]);
  });
}
