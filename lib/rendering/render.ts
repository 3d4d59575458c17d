/**
 * The bridge from tensors to the rasteriser: one differentiable operation, `render`.
 *
 * @module
 */
import { hostOpInPlace } from "../backend/host_op.ts";
import { checkShapes } from "../core/shapes.ts";
import type { Tensor, Tensor3D, Tensor4D } from "../core/tensor.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { SILHOUETTE_DEFAULTS } from "./soft_silhouette.ts";
import { gradientEngine } from "./_gradient_engine.ts";
import { BatchRenderer } from "./_batch_renderer.ts";
import type { ViewSettings } from "./_view_renderer.ts";

/** Options of `render`. */
export interface RenderOptions {
  /** Rows and columns of the images, S. */
  size: number;
  /** Exponent factor of the soft silhouette. */
  sharpness?: number;
  /** Whether texture columns lie as on a template with mirror symmetry. */
  symmetric?: boolean;
  /** Returns the silhouette as zeros and ones, without gradient. */
  hardMask?: boolean;
}

/** Defaults of `RenderOptions`; the size has none. */
export const RENDER_DEFAULTS = {
  sharpness: SILHOUETTE_DEFAULTS.sharpness,
  symmetric: true,
  hardMask: false,
} as const satisfies Required<Omit<RenderOptions, "size">>;

/** Images of a batch. */
export interface Rendering {
  /** Textured image, 0 beside the mesh, `[B, S, S, C]`. */
  image: Tensor4D;
  /** Soft silhouette (or the hard mask), `[B, S, S, 1]`. */
  silhouette: Tensor4D;
  /** 1 where a mesh covers a pixel's centre, else 0; passes no gradient, `[B, S, S, 1]`. */
  coverage: Tensor4D;
}

/**
 * Renders textured meshes.
 *
 * Differentiable: the image in the texture and, through the texture coordinates, in x and y of the vertices; the soft
 * silhouette in x and y. Nothing flows to z. Values of the tensors are read on the host, forward and backward, so a recorded
 * step is cut here. On the native backend the views of a batch are shared among its threads, with the same bits for any
 * number of them.
 *
 * @param vertices Screen positions (x right, y up, larger z nearer), `[B, V, 3]`
 * @param texture Textures, `[B, h, w, C]`
 * @param topology Faces and texture coordinates that all meshes share
 * @param options Size and kind of the images
 * @returns Images, silhouettes and coverages
 * @throws {TypeError} If a shape does not match
 */
export function render(
  vertices: Tensor3D,
  texture: Tensor4D,
  topology: Mesh,
  options: RenderOptions,
): Rendering {
  const { V } = checkShapes("render meshes", { template: [topology.vertices, ["V", 3]] });
  const { C, h, w } = checkShapes("render meshes", {
    vertices: [vertices, ["B", V, 3]],
    texture: [texture, ["B", "h", "w", "C"]],
  });
  const settings: ViewSettings = {
    size: options.size,
    texture: { height: h, width: w, channels: C },
    sharpness: options.sharpness ?? RENDER_DEFAULTS.sharpness,
    symmetric: options.symmetric ?? RENDER_DEFAULTS.symmetric,
    hardMask: options.hardMask ?? RENDER_DEFAULTS.hardMask,
  };
  const B = vertices.shape[0], S = options.size;
  const inputs = { vertices, texture };
  const engine = gradientEngine(), keep = engine.isTapeOn();
  const batch = new BatchRenderer(topology, settings);
  const forwardFunc = (_backend: unknown, save: (tensors: Tensor[]) => void) => {
    save([texture]);
    const shapes = [[B, S, S, C], [B, S, S, 1], [B, S, S, 1]];
    return hostOpInPlace("render", [vertices, texture], shapes, (arrays) => batch.forward(B, arrays, keep));
  };
  const backwardsFunc = ([ofImage, ofSilhouette]: Tensor[], saved: Tensor[]) => {
    const gradients = [ofImage, ofSilhouette];
    const shapes = [vertices.shape, texture.shape];
    const [ofVertices, ofTexture] = hostOpInPlace("render", [...gradients, ...saved], shapes, (arrays) => {
      batch.backward(B, arrays);
    });
    return { vertices: () => ofVertices, texture: () => ofTexture };
  };
  const images = engine.runKernelFunc({ forwardFunc, backwardsFunc, inputs }) as Tensor4D[];
  const [image, silhouette, coverage] = images;
  return { image, silhouette, coverage };
}
