/**
 * Memory and passes of one view of the bridge: textured image and silhouette.
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
  readonly #textured: TextureRenderer;
  readonly #silhouette: SoftSilhouette | null;
  readonly #flat: Float32Array; // [V, 2]

  /** Takes the memory for one view. */
  constructor(mesh: Mesh, settings: ViewSettings) {
    const { size, texture, symmetric, hardMask, sharpness } = settings;
    this.#textured = new TextureRenderer(mesh, size, size, texture, { symmetric });
    this.#silhouette = hardMask
      ? null
      : new SoftSilhouette(mesh.faces, mesh.vertices.length / 3, size, { sharpness });
    this.#flat = new Float32Array(mesh.vertices.length / 3 * 2); // [V, 2]
  }

  /**
   * Renders one mesh.
   *
   * @param vertices Screen positions, `[V, 3]`
   * @param texture Texels, `[h, w, C]`
   * @param image Overwritten, `[S, S, C]`
   * @param silhouette Overwritten, `[S, S]`
   * @param coverage Overwritten if it is there: 1 where the mesh covers a pixel's centre, else 0, `[S, S]`
   */
  forward(
    vertices: Float32Array,
    texture: Float32Array,
    image: Float32Array,
    silhouette: Float32Array,
    coverage?: Float32Array,
  ): void {
    this.#textured.forward(vertices, texture, 0, image);
    if (coverage) this.#cover(coverage);
    if (this.#silhouette) {
      this.#silhouette.forward(vertices);
      this.#silhouette.image(silhouette);
    } else this.#cover(silhouette);
  }

  /**
   * Gradient of the last `forward`.
   *
   * @param gradientImage Gradient of the image, `[S, S, C]`
   * @param gradientSilhouette Gradient of the silhouette, `[S, S]`
   * @param texture Texels of that `forward`, `[h, w, C]`
   * @param gradientVertices Added to; z stays as it is, `[V, 3]`
   * @param gradientTexture Added to, `[h, w, C]`
   */
  backward(
    gradientImage: Float32Array,
    gradientSilhouette: Float32Array,
    texture: Float32Array,
    gradientVertices: Float32Array,
    gradientTexture: Float32Array,
  ): void {
    const flat = this.#silhouette?.backward(gradientSilhouette) ?? this.#flat.fill(0);
    this.#textured.backward(gradientImage, gradientTexture, flat, texture);
    for (let v = 0; v < flat.length / 2; v++) {
      gradientVertices[3 * v] += flat[2 * v];
      gradientVertices[3 * v + 1] += flat[2 * v + 1];
    }
  }

  #cover(coverage: Float32Array): void {
    const { faceIndex } = this.#textured.fragments;
    for (let o = 0; o < faceIndex.length; o++) coverage[o] = faceIndex[o] >= 0 ? 1 : 0;
  }
}
