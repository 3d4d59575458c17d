/**
 * How far a soft silhouette is from a mask.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";
import { softTarget } from "../rendering/soft_target.ts";

/** Softness of the silhouettes, of squared distances in NDC, and how far it reaches, NDC. */
const SOFTNESS = { sharpness: 6000, boxMargin: 0.033 };

/**
 * Mean squared difference of an object's soft silhouette and a mask with such a border, in units of the mask's area. Memory is
 * taken once; `setMask` begins with another mask.
 */
export class MaskError {
  /** Rows and columns of masks and renders, S. */
  readonly size: number;
  readonly #silhouette: SoftSilhouette;
  #target: Float32Array; // [S, S]
  #squares = 0; // sum of the target's squares
  #factor = 0; // pixels of the image over those of the mask

  /**
   * Takes the memory.
   *
   * @param size Rows and columns, S
   */
  constructor(size: number) {
    const { faces, vertices } = sphereTopology();
    this.size = size;
    this.#silhouette = new SoftSilhouette(faces, vertices.length / 3, size, SOFTNESS);
    this.#target = new Float32Array(size * size);
  }

  /**
   * Begins with a mask.
   *
   * @param mask Share of the object in each pixel, `[S, S]`
   */
  setMask(mask: FloatArray): void {
    const { size } = this;
    let area = 0;
    for (const share of mask) area += share;
    this.#target = softTarget(mask, size, SOFTNESS);
    this.#squares = this.#target.reduce((sum, value) => sum + value * value, 0);
    this.#factor = size * size / Math.max(1, area);
  }

  /**
   * The error of a mesh.
   *
   * @param screen Screen positions, `[V, 3]`
   */
  errorOf(screen: FloatArray): number {
    this.#silhouette.forward(screen);
    return this.#factor * this.#silhouette.meanSquaredError(this.#target, this.#squares);
  }

  /** Gradient of the last error by the places on the screen, `[V, 2]`; overwritten by the next call. */
  gradient(): Float32Array {
    const slope = this.#silhouette.backwardMeanSquaredError();
    for (let i = 0; i < slope.length; i++) slope[i] *= this.#factor;
    return slope;
  }
}
