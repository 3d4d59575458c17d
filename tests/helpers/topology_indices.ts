/**
 * The index arrays of a sphere topology under the names that the original's template has.
 *
 * @module
 */
import type { SphereTopology } from "../../lib/mesh/sphere_topology.ts";

/** Name in the recorded template and array. */
export function topologyIndices(topology: SphereTopology): [string, ArrayLike<number>][] {
  return [
    ["faces", topology.faces],
    ["face_uvs", topology.faceUvs],
    ["face_neighbours", topology.faceNeighbours],
    ["poles_north_south", topology.poles],
    ["neg_indices", topology.negativeIndices],
    ["pos_indices", topology.positiveIndices],
    ["zero_indices", topology.zeroIndices],
    ["nonneg_indices", topology.nonNegativeIndices],
    ["symmetry_mask", topology.symmetryMask],
    ["laplacian_rows", topology.laplacian.rows],
    ["laplacian_cols", topology.laplacian.columns],
    ["grid_vertex_index", topology.gridVertexIndex],
  ];
}
