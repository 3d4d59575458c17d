/**
 * The bridge from tensors to the rasteriser: one differentiable operation, `render`.
 *
 * @module
 */
import { checkShapes } from "../core/shapes.ts";
import { type Tensor, type Tensor3D, type Tensor4D, tf } from "../core/tensor.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { hostOp } from "./_host_op.ts";
import { SILHOUETTE_DEFAULTS } from "./soft_silhouette.ts";
import {
  giveBackViewRenderers,
  takeViewRenderer,
  type ViewRenderer,
  type ViewSettings,
} from "./_view_renderer.ts";

/** Options of `render`. */
export interface RenderOptions {
  /** Rows and columns of the pictures, S. */
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

/** Pictures of a batch. */
export interface Rendering {
  /** Textured image, 0 beside the mesh, `[B, S, S, C]`. */
  image: Tensor4D;
  /** Soft silhouette (or the hard mask), `[B, S, S, 1]`. */
  silhouette: Tensor4D;
}

/**
 * Renders textured meshes.
 *
 * Differentiable: the image in the texture and, through the texture coordinates, in x and y of the vertices; the soft
 * silhouette in x and y. Nothing flows to z. Values of the tensors are read on the host, forward and backward, so a recorded
 * step is cut here.
 *
 * @param vertices Screen positions (x right, y up, larger z nearer), `[B, V, 3]`
 * @param texture Textures, `[B, h, w, C]`
 * @param topology Faces and texture coordinates that all meshes share
 * @param options Size and kind of the pictures
 * @returns Images and silhouettes
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
  return tf.tidy(() => {
    const pictures = renderJoined(vertices, texture, topology, settings); // [B, S, S, C + 1]
    const [image, silhouette] = tf.split(pictures, [C, 1], 3) as Tensor4D[];
    return { image, silhouette };
  });
}

/** Image and silhouette in one tensor, `[B, S, S, C + 1]`. */
function renderJoined(
  vertices: Tensor3D,
  texture: Tensor4D,
  topology: Mesh,
  settings: ViewSettings,
): Tensor4D {
  const { size, texture: { channels } } = settings;
  const batch = vertices.shape[0];
  const pictureLength = size * size * (channels + 1);
  const vertexLength = topology.vertices.length, textureLength = texture.size / batch;
  const operation = tf.customGrad((...args) => {
    const [vertices, texture] = args as Tensor[];
    let views: ViewRenderer[] = []; // taken forward and given back backward, at every replay of a recorded step too
    const value = hostOp("render", [vertices, texture], [batch, size, size, channels + 1], (result, v, t) => {
      if (views.length === 0) {
        views = Array.from({ length: batch }, () => takeViewRenderer(topology, settings));
      }
      views.forEach((view, b) =>
        view.forward(part(v, b, vertexLength), part(t, b, textureLength), part(result, b, pictureLength))
      );
    });
    const gradFunc = (gradient: Tensor): Tensor[] => {
      const shape = [batch, vertexLength + textureLength];
      const joined = hostOp("render", [gradient], shape, (result, g) => {
        if (views.length === 0) throw new Error("Cannot propagate the gradient of one rendering twice");
        views.forEach((view, b) => {
          const row = part(result, b, vertexLength + textureLength);
          view.backward(
            part(g, b, pictureLength),
            row.subarray(0, vertexLength),
            row.subarray(vertexLength),
          );
        });
        giveBackViewRenderers(topology, settings, views);
        views = [];
      });
      const [gradientVertices, gradientTexture] = tf.split(joined, [vertexLength, textureLength], 1);
      return [tf.reshape(gradientVertices, vertices.shape), tf.reshape(gradientTexture, texture.shape)];
    };
    return { value, gradFunc };
  });
  return operation(vertices, texture) as Tensor4D;
}

/** Entry `b` of a batch of rows with the given length. */
function part(values: Float32Array, b: number, length: number): Float32Array {
  return values.subarray(b * length, (b + 1) * length);
}
