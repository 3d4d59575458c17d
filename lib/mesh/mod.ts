/**
 * Meshes: the sphere topology that every template and generated object shares, displacement maps, normals, and the
 * losses that keep surfaces smooth.
 *
 * @module
 */
export type { Mesh } from "./mesh.ts";
export type { MeshLossOptions } from "./loss_options.ts";
export { deriveTopology, type SparseMatrix, type SphereTopology, sphereTopology } from "./sphere_topology.ts";
export { displaceVertices, displaceVerticesBackward } from "./displace_vertices.ts";
export { VertexDisplacer } from "./vertex_displacer.ts";
export { type FaceAdjacency, findFaceNeighbours } from "./face_neighbours.ts";
export { computeFaceNormals, computeFaceNormalsBackward } from "./face_normals.ts";
export { computeVertexNormals, computeVertexNormalsBackward } from "./vertex_normals.ts";
export { normalConsistencyLoss } from "./normal_consistency_loss.ts";
export { normalConsistencyLossTensor } from "./normal_consistency_loss_tensor.ts";
export { laplacianLoss } from "./laplacian_loss.ts";
export { SmoothSteps } from "./smooth_steps.ts";
export { edgeLengthLoss } from "./edge_length_loss.ts";
export { symmetryLoss } from "./symmetry_loss.ts";
export { symmetriseVertices, symmetriseVerticesBackward, type SymmetrySides } from "./symmetrise_vertices.ts";
