/**
 * A differentiable renderer of any triangle mesh, on typed arrays in float32 or float64, without a tensor library.
 * `tensor/mod.ts` holds the same operations on tensors.
 *
 * @example
 * ```ts
 * import { lookAtCamera, projectToScreen, rasterizeMesh } from "./mod.ts";
 *
 * const vertices = Float64Array.of(-1, 0, -1, 1, 0, -1, 0, 0, 1); // a triangle that faces −y
 * const faces = Int32Array.of(0, 1, 2);
 * const camera = lookAtCamera({ eye: [0, -4, 0], target: [0, 0, 0] }, 0.6, { aspect: 2 });
 * const screen = projectToScreen(vertices, camera);
 * const { faceIndex } = rasterizeMesh(screen, faces, { height: 8, width: 16 });
 * console.log(faceIndex.filter((face) => face === 0).length, "pixels");
 * ```
 *
 * @module
 */
export type { FloatArray, FloatImage } from "../core/arrays.ts";
export * from "./antialias.ts";
export type { Mesh } from "../mesh/mesh.ts";
export { computeVertexNormals, computeVertexNormalsBackward } from "../mesh/vertex_normals.ts";
export * from "./camera.ts";
export type { Pose } from "./cameras.ts";
export { type Fragments } from "./rasterize.ts";
export { type CameraRow, projectToScreen, projectToScreenBackward } from "./project_camera.ts";
export { RASTERIZE_MESH_DEFAULTS, rasterizeMesh, type RasterizeMeshOptions } from "./rasterize_mesh.ts";
export * from "./interpolate_mesh.ts";
export { mipLevels } from "./mip_levels.ts";
export * from "./sample_uv_texture.ts";
export { SAMPLE_DEFAULTS, type SampleOptions } from "./sampling.ts";
export * from "./soft_mask.ts";
export * from "./textured_mesh.ts";
export { SILHOUETTE_DEFAULTS, type SilhouetteOptions } from "./soft_silhouette.ts";
