/**
 * Memory and passes of one view of the bridge: textured image and silhouette, side by side in the last axis.
 *
 * @module
 */
import type { Mesh } from "../mesh/mesh.ts";
import { SoftSilhouette } from "./soft_silhouette.ts";
import { TextureRenderer, type TextureSize } from "./texture_renderer.ts";

/** What all views of one batch have in common. */
export interface ViewSettings {
  /** Rows and columns, S. */
  readonly size: number;
  /** Size of the textures. */
  readonly texture: TextureSize;
  /** Sharpness of the soft silhouette. */
  readonly sharpness: number;
  /** Texture columns as on a template with mirror symmetry. */
  readonly symmetric: boolean;
  /** A silhouette of zeros and ones, without gradient. */
  readonly hardMask: boolean;
}

/** One view: `forward`, then at most one `backward`. */
export class ViewRenderer {
  readonly #settings: ViewSettings;
  readonly #textured: TextureRenderer;
  readonly #silhouette: SoftSilhouette | null;
  readonly #gradientImage: Float32Array; // [S, S, C]
  readonly #gradientMask: Float32Array; // [S, S]

  /** Takes the memory for one view. */
  constructor(mesh: Mesh, settings: ViewSettings) {
    const { size, texture, symmetric, hardMask, sharpness } = settings;
    this.#settings = settings;
    this.#textured = new TextureRenderer(mesh, size, size, texture, { symmetric });
    this.#silhouette = hardMask
      ? null
      : new SoftSilhouette(mesh.faces, mesh.vertices.length / 3, size, { sharpness });
    this.#gradientImage = new Float32Array(size * size * texture.channels); // [S, S, C]
    this.#gradientMask = new Float32Array(size * size); // [S, S]
  }

  /**
   * Renders one mesh.
   *
   * @param vertices Screen positions, `[V, 3]`
   * @param texture Texels, `[h, w, C]`
   * @param result Overwritten with image and silhouette, `[S, S, C + 1]`
   */
  forward(vertices: Float32Array, texture: Float32Array, result: Float32Array): void {
    const { channels } = this.#settings.texture;
    const image = this.#textured.forward(vertices, texture);
    const { faceIndex } = this.#textured.fragments;
    this.#silhouette?.forward(vertices);
    const mask = this.#silhouette?.image();
    for (let o = 0, r = 0, i = 0; o < faceIndex.length; o++) {
      for (let c = 0; c < channels; c++) result[r++] = image[i++];
      result[r++] = mask ? mask[o] : faceIndex[o] >= 0 ? 1 : 0;
    }
  }

  /**
   * Gradient of the last `forward`.
   *
   * @param gradient Gradient of the result, `[S, S, C + 1]`
   * @param gradientVertices Added to; z stays as it is, `[V, 3]`
   * @param gradientTexture Added to, `[h, w, C]`
   */
  backward(gradient: Float32Array, gradientVertices: Float32Array, gradientTexture: Float32Array): void {
    const { channels } = this.#settings.texture;
    for (let o = 0, r = 0, i = 0; o < this.#gradientMask.length; o++) {
      for (let c = 0; c < channels; c++) this.#gradientImage[i++] = gradient[r++];
      this.#gradientMask[o] = gradient[r++];
    }
    const flat = this.#silhouette
      ? this.#silhouette.backward(this.#gradientMask)
      : new Float32Array(gradientVertices.length / 3 * 2); // [V, 2]
    this.#textured.backward(this.#gradientImage, gradientTexture, flat);
    for (let v = 0; v < flat.length / 2; v++) {
      gradientVertices[3 * v] += flat[2 * v];
      gradientVertices[3 * v + 1] += flat[2 * v + 1];
    }
  }
}

/** Renderers at rest, by mesh and settings; those of calls without a backward pass are left to the collector. */
const resting = new WeakMap<Mesh, Map<string, ViewRenderer[]>>();

/** A renderer at rest, or a new one. */
export function takeViewRenderer(mesh: Mesh, settings: ViewSettings): ViewRenderer {
  return resting.get(mesh)?.get(JSON.stringify(settings))?.pop() ?? new ViewRenderer(mesh, settings);
}

/** Lays renderers to rest for the next call with the same settings. */
export function giveBackViewRenderers(
  mesh: Mesh,
  settings: ViewSettings,
  renderers: readonly ViewRenderer[],
): void {
  let byKey = resting.get(mesh);
  if (!byKey) resting.set(mesh, byKey = new Map());
  const key = JSON.stringify(settings);
  byKey.set(key, [...byKey.get(key) ?? [], ...renderers]);
}
