/**
 * The silhouette term of remeshing: loss over all views and its gradient with respect to the vertices.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { projectVertices } from "../rendering/cameras.ts";
import { quaternionToMatrix } from "../rendering/quaternion.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";
import { type SoftBorder, softBorder, writeBorder } from "../rendering/soft_target.ts";
import { iou } from "../metrics/iou.ts";
import { type SilhouetteTargets, VIEW_SCALE, viewPose } from "./silhouette_targets.ts";

/** Sharpness of soft silhouettes at sigma 1. */
const SHARPNESS = 7000;
/** Sharpness at which a soft silhouette ends at the edge of the covered pixels. */
const HARD = 1e7;

/** Compares a mesh with the target silhouettes. */
export class SilhouetteFit {
  readonly #targets: SilhouetteTargets;
  readonly #silhouette: SoftSilhouette;
  readonly #screen: Float64Array;
  readonly #slope: Float32Array;
  readonly #matrices: Float64Array[];
  readonly #squares: number[];
  readonly #borders: SoftBorder[] | null;
  readonly #target: Float32Array;

  /**
   * Prepares the views.
   *
   * @param faces Faces of the mesh that is fitted, `[F, 3]`
   * @param vertexCount Number of its vertices, V
   * @param targets What it is fitted to
   */
  constructor(faces: Int32Array, vertexCount: number, targets: SilhouetteTargets) {
    const { size, rotations, masks } = targets;
    this.#targets = targets;
    this.#silhouette = new SoftSilhouette(faces, vertexCount, size);
    this.#screen = new Float64Array(3 * vertexCount); // [V, 3]
    this.#slope = new Float32Array(size * size); // [S, S]
    const views = Array.from({ length: rotations.length / 4 }, (_, view) => view);
    this.#matrices = views.map((view) => quaternionToMatrix(rotations.subarray(4 * view, 4 * view + 4)));
    this.#squares = views.map((view) =>
      this.#mask(view, masks).reduce((sum, value) => sum + value * value, 0)
    );
    this.#target = new Float32Array(size * size); // [S, S]
    const { boxMargin } = this.#silhouette;
    this.#borders = targets.isSoft
      ? views.map((view) => softBorder(this.#mask(view, masks), size, boxMargin))
      : null;
  }

  /** Softness: 1 is the softest, smaller values are sharper. */
  set sigma(sigma: number) {
    this.#silhouette.sharpness = Math.trunc(SHARPNESS / sigma);
  }

  /**
   * Mean over views and pixels of |silhouette − target| or of its square.
   *
   * @param vertices Positions, `[V, 3]`
   * @param kind Which mean
   * @param gradient Where the gradient is added, `[V, 3]`
   * @param first First view that counts
   * @param last View after the last one that counts; the mean is still one over all views
   */
  loss(
    vertices: FloatArray,
    kind: "absolute" | "squared",
    gradient: Float64Array,
    first = 0,
    last: number = this.#matrices.length,
  ): number {
    const views = this.#matrices.length;
    let sum = 0;
    for (let view = first; view < last; view++) {
      this.#silhouette.forward(
        projectVertices(vertices, viewPose(this.#targets.rotations, view), this.#screen),
      );
      let slope: Float32Array; // [V, 2]
      if (kind === "squared") {
        sum += this.#squaredError(view);
        slope = this.#silhouette.backwardMeanSquaredError();
      } else {
        sum += this.#absoluteError(view);
        slope = this.#silhouette.backward(this.#slope);
      }
      addViewGradient(slope, this.#matrices[view], VIEW_SCALE / views, gradient);
    }
    return sum / views;
  }

  /** Intersection over union of hard silhouettes with the targets: mean and lowest over the views. */
  iou(vertices: FloatArray): { mean: number; lowest: number } {
    const views = this.#matrices.length, sharpness = this.#silhouette.sharpness;
    this.#silhouette.sharpness = HARD;
    let sum = 0, lowest = 1;
    for (let view = 0; view < views; view++) {
      this.#silhouette.forward(
        projectVertices(vertices, viewPose(this.#targets.rotations, view), this.#screen),
      );
      const viewIou = iou(this.#silhouette.image(), this.#mask(view));
      sum += viewIou;
      lowest = Math.min(lowest, viewIou);
    }
    this.#silhouette.sharpness = sharpness;
    return { mean: sum / views, lowest };
  }

  #mask(view: number, masks = this.#targets.masks): Float32Array {
    const pixels = this.#targets.size ** 2;
    return masks.subarray(view * pixels, (view + 1) * pixels);
  }

  /** Mean squared error of the last view. */
  #squaredError(view: number): number {
    const mask = this.#mask(view);
    if (!this.#borders) return this.#silhouette.meanSquaredError(mask, this.#squares[view]);
    this.#target.set(mask);
    const border = writeBorder(this.#borders[view], this.#silhouette.sharpness, this.#target);
    return this.#silhouette.meanSquaredError(this.#target, this.#squares[view] + border);
  }

  /** Mean absolute error of the last view, and its slope in `#slope`. */
  #absoluteError(view: number): number {
    const image = this.#silhouette.image(), mask = this.#mask(view);
    let sum = 0;
    for (let i = 0; i < mask.length; i++) {
      const difference = image[i] - mask[i];
      sum += Math.abs(difference);
      this.#slope[i] = Math.sign(difference) / mask.length;
    }
    return sum / mask.length;
  }
}

/** Brings a gradient from the screen (x right, y up) back to the object: rows 0 and 1 of the rotation, y turned. */
function addViewGradient(
  slope: Float32Array,
  matrix: Float64Array,
  factor: number,
  gradient: Float64Array,
): void {
  for (let v = 0, i = 0; i < gradient.length; v += 2, i += 3) {
    const gx = factor * slope[v], gy = -factor * slope[v + 1];
    for (let axis = 0; axis < 3; axis++) gradient[i + axis] += gx * matrix[axis] + gy * matrix[3 + axis];
  }
}
