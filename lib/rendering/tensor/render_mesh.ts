/**
 * Textured pictures of any mesh for tensors, all operations in a row.
 *
 * @module
 */
import type { Mesh } from "../../mesh/mesh.ts";
import { type Tensor2D, type Tensor3D, type Tensor4D, tf } from "../../core/tensor.ts";
import type { Projection } from "../camera.ts";
import type { RasterizeMeshOptions } from "../rasterize_mesh.ts";
import { coverage } from "./coverage.ts";
import { interpolate } from "./interpolate.ts";
import { levelsOf } from "./levels_of.ts";
import { project } from "./project.ts";
import { rasterize } from "./rasterize.ts";
import { texture, type TextureOptions } from "./texture.ts";

/** Options of `renderMesh`. */
export interface RenderMeshOptions extends RasterizeMeshOptions, Omit<TextureOptions, "levels"> {
  /** What the parameters of the cameras mean. */
  projection: Projection;
}

/** What moves: everything that has gradients. */
export interface RenderMeshInputs {
  /** Positions, `[V, 3]` or `[B, V, 3]`. */
  readonly vertices: Tensor2D | Tensor3D;
  /** Texture of the UV map, `[h, w, C]` or `[B, h, w, C]`. */
  readonly texels: Tensor3D | Tensor4D;
  /** Parameters of the cameras, `[B, P]`. */
  readonly cameras: Tensor2D;
}

/**
 * Renders a mesh with its own UV map. Differentiable in vertices, texels and cameras; visibility is held fixed, and
 * `silhouette` is there for the outline.
 *
 * @param inputs Positions, texture and cameras
 * @param topology Faces and texture coordinates
 * @param options Size, projection, culling and filter
 * @returns Images, 0 beside the mesh, `[B, H, W, C]`, and masks, `[B, H, W, 1]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If an index, a size or an option is out of range
 */
export function renderMesh(
  { vertices, texels, cameras }: RenderMeshInputs,
  { faces, uvs, faceUvs }: Pick<Mesh, "faces" | "uvs" | "faceUvs">,
  { projection, filter, wrap, ...options }: RenderMeshOptions,
): { image: Tensor4D; mask: Tensor4D } {
  return tf.tidy(() => {
    const screen = project(vertices, cameras, projection);
    const fragments = rasterize(screen, faces, options);
    const values = tf.tensor2d(Float32Array.from(uvs), [uvs.length / 2, 2]);
    const coordinates = interpolate(values, faceUvs, fragments, screen, faces);
    const [height, width] = texels.shape.slice(-3);
    const levels = filter === "mip"
      ? levelsOf({ values, indices: faceUvs }, fragments, screen, faces, { height, width })
      : null;
    const mask = coverage(fragments);
    const image = tf.mul(texture(texels, coordinates, { filter, wrap, levels }), mask) as Tensor4D;
    return { image, mask };
  });
}
