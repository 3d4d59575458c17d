/**
 * Images of any mesh for tensors, all operations in a row.
 *
 * @module
 */
import { type Tensor2D, type Tensor3D, type Tensor4D, tf } from "../../core/tensor.ts";
import type { Projection } from "../camera.ts";
import type { RasterizeMeshOptions } from "../rasterize_mesh.ts";
import { SAMPLE_DEFAULTS } from "../sampling.ts";
import { antialias } from "./antialias.ts";
import { checkBatchFaces } from "./_batch_faces.ts";
import { coverage } from "./coverage.ts";
import { interpolate } from "./interpolate.ts";
import { levelsOf } from "./levels_of.ts";
import { project } from "./project.ts";
import { rasterize } from "./rasterize.ts";
import { texture, type TextureOptions } from "./texture.ts";
import { textured, type UvTopology } from "./_textured.ts";

/** Options of `renderMesh`. */
export interface RenderMeshOptions extends RasterizeMeshOptions, Pick<TextureOptions, "filter" | "wrap"> {
  /** What the parameters of the cameras mean. */
  projection: Projection;
  /** Whether contours are blended, by which they get a gradient; image and mask then hold parts of pixels. */
  antialias?: boolean;
}

/** What moves: everything that has gradients. */
export interface RenderMeshInputs {
  /** Positions, `[V, 3]` or `[B, V, 3]`; of meshes of several sizes, rows that no face names fill the rest. */
  readonly vertices: Tensor2D | Tensor3D;
  /** Parameters of the cameras, `[B, P]`. */
  readonly cameras: Tensor2D;
  /** Texture of the UV map, `[h, w, C]` or `[B, h, w, C]`. */
  readonly texels?: Tensor3D | Tensor4D;
  /** In place of a texture, colours of the vertices, `[V, C]` or `[B, V, C]`. */
  readonly colours?: Tensor2D | Tensor3D;
}

/** Faces and, for textures, texture coordinates. */
export type MeshTopology = Pick<UvTopology, "faces"> & Partial<UvTopology>;

/** Images of a batch. */
export interface MeshImages {
  /** Images, 0 beside the mesh, `[B, H, W, C]`. */
  readonly image: Tensor4D;
  /** Masks, 1 where a face is seen, `[B, H, W, 1]`. */
  readonly mask: Tensor4D;
}

/**
 * Renders meshes with their own UV maps, or with colours at their vertices. Differentiable in vertices, texels or colours,
 * and cameras; visibility is held fixed. The contour has a gradient with `antialias`; `silhouette` has one that reaches
 * farther.
 *
 * @param inputs Positions, cameras, and a texture or colours
 * @param topology Faces and texture coordinates, shared or one for each camera
 * @param options Size, projection, culling, near plane, filter, antialiasing
 * @returns Images and masks
 * @throws {TypeError} If a shape does not match, or there is not one of texture and colours
 * @throws {RangeError} If an index, a size or an option is out of range
 */
export function renderMesh(
  inputs: RenderMeshInputs,
  topology: MeshTopology | readonly MeshTopology[],
  options: RenderMeshOptions,
): MeshImages {
  const action = "render meshes", topologies = [topology].flat();
  const { projection, filter = SAMPLE_DEFAULTS.filter, wrap, antialias: smooth = false, ...size } = options;
  const { texels, colours } = inputs;
  if (!texels === !colours) {
    throw new TypeError(
      `Cannot ${action}: there must be either texels or colours, current value has ${
        texels ? "both" : "none"
      }`,
    );
  }
  if (topologies.length !== 1) {
    checkBatchFaces(action, "topology", topologies.map(({ faces }) => faces), inputs.cameras.shape[0]);
  }
  const faces = shared(topologies.map(({ faces }) => faces));
  return tf.tidy(() => {
    const screen = project(inputs.vertices, inputs.cameras, projection);
    let image: Tensor4D, seen: Tensor4D; // [B, H, W, C], and masks or fragments
    let fragments: Tensor4D | null = null; // [B, H, W, 4]
    if (texels && filter === "bilinear") {
      const kind = smooth ? "fragments" : "mask";
      ({ image, seen } = textured(screen, texels, topologies.map(withUvs), { ...size, wrap }, kind));
      if (smooth) fragments = seen;
    } else {
      seen = fragments = rasterize(screen, faces, size);
      image = colours
        ? interpolate(colours, faces, fragments, screen, faces)
        : sample(texels!, topologies.map(withUvs), fragments, screen, { filter, wrap });
    }
    const mask = fragments ? coverage(fragments) : seen;
    if (!smooth) return { image, mask };
    const both = antialias(tf.concat([image, mask], 3) as Tensor4D, fragments!, screen, faces);
    const [smoothImage, smoothMask] = tf.split(both, [image.shape[3], 1], 3);
    return { image: smoothImage as Tensor4D, mask: smoothMask as Tensor4D };
  });
}

/** The one array that all entries share, or all of them. */
function shared(arrays: readonly Int32Array[]): Int32Array | readonly Int32Array[] {
  return arrays.length === 1 ? arrays[0] : arrays;
}

/** A topology whose texture coordinates are there. */
function withUvs({ faces, uvs, faceUvs }: MeshTopology): UvTopology {
  if (uvs && faceUvs) return { faces, uvs, faceUvs };
  throw new TypeError(
    `Cannot render meshes with a texture: topology must have uvs and faceUvs, current value has ` +
      `${uvs ? "no faceUvs" : "no uvs"}`,
  );
}

/** Texture coordinates, levels and samples one after another. */
function sample(
  texels: Tensor3D | Tensor4D,
  topologies: readonly UvTopology[],
  fragments: Tensor4D,
  screen: Tensor3D,
  { filter, wrap }: Required<Pick<TextureOptions, "filter">> & TextureOptions,
): Tensor4D {
  const U = Math.max(...topologies.map(({ uvs }) => uvs.length / 2)), count = topologies.length;
  const rows = new Float32Array(count * U * 2); // [B, U, 2], filled up with zeros
  topologies.forEach(({ uvs }, b) => rows.set(uvs, 2 * U * b));
  const values = count === 1 ? tf.tensor2d(rows, [U, 2]) : tf.tensor3d(rows, [count, U, 2]);
  const indices = shared(topologies.map(({ faceUvs }) => faceUvs));
  const faces = shared(topologies.map(({ faces }) => faces));
  const at = interpolate(values, indices, fragments, screen, faces);
  const [height, width] = texels.shape.slice(-3);
  const levels = filter === "mip"
    ? levelsOf({ values, indices }, fragments, screen, faces, { height, width })
    : null;
  return texture(texels, at, { filter, wrap, levels, fragments });
}
