/**
 * The renderer's operations on tensors, differentiable through `tf.grad` and the optimisers.
 *
 * @module
 */
export type { Tensor, Tensor2D, Tensor3D, Tensor4D } from "../../core/tensor.ts";
export type { Mesh } from "../../mesh/mesh.ts";
export type { Projection } from "../camera.ts";
export type { RasterizeMeshOptions } from "../rasterize_mesh.ts";
export type { SoftMaskOptions } from "../soft_mask.ts";
export type { SilhouetteOptions } from "../soft_silhouette.ts";
export type { FloatArray } from "../../core/arrays.ts";
export { antialias } from "./antialias.ts";
export type { BatchFaces } from "./_batch_faces.ts";
export type { UvTopology } from "./_textured.ts";
export { coverage } from "./coverage.ts";
export { depth } from "./depth.ts";
export { interpolate } from "./interpolate.ts";
export { levelsOf } from "./levels_of.ts";
export { project } from "./project.ts";
export { rasterize } from "./rasterize.ts";
export * from "./render_mesh.ts";
export { silhouette } from "./silhouette.ts";
export { smoothVertices } from "./smooth_vertices.ts";
export type { SmoothSteps } from "../../mesh/smooth_steps.ts";
export { texture, type TextureOptions } from "./texture.ts";
export { vertexNormals } from "./vertex_normals.ts";
