/**
 * The pose hypotheses of one image: their parameters, and the loss's gradient by hand.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import {
  type Pose,
  POSE_PARAMETERS,
  projectVertices,
  projectVerticesBackward,
} from "../rendering/cameras.ts";
import type { SoftSilhouette } from "../rendering/soft_silhouette.ts";
import type { SilhouetteLoss } from "./own_loss.ts";
import { addImageBoundaryPenalty } from "./image_boundary_penalty.ts";

/** The perspective logit ζ stays within ± this. */
const PERSPECTIVE_LIMIT = 4;

/** A row of parameters as a pose. */
interface RowPose {
  readonly rotation: Float64Array; // [4], the row's quaternion at unit length
  scale: number;
  readonly translation: Float64Array; // [2]
  perspective: number;
}

/** Hypotheses and their gradients; rows 0 to `count − 1` are in use. */
export class HypothesisSet {
  /** Rotation (4), scale, translation (2), perspective of each hypothesis, `[H, 8]`. */
  readonly parameters: Float64Array;
  /** Gradients of the parameters, `[H, 8]`. */
  readonly gradients: Float64Array;
  readonly #templates: readonly FloatArray[];
  readonly #poses: RowPose[];
  readonly #gradientRows: Float64Array[];
  readonly #screen: Float64Array; // [V, 3]
  readonly #gradientScreen: Float64Array; // [V, 2]
  readonly #lossShare: number | null;
  readonly #ownLoss: SilhouetteLoss | null;
  #template: Int32Array; // [H]

  /**
   * Takes all memory that the hypotheses need.
   *
   * @param start Start values, templates alternating, `[H, 8]`; copied
   * @param templates Vertices of each template, `[V, 3]`
   * @param lossShare What the silhouettes' loss is divided by; null for the number of hypotheses that are in use
   * @param ownLoss Loss in place of the mean squared error
   */
  constructor(
    start: Float64Array,
    templates: readonly FloatArray[],
    lossShare: number | null = null,
    ownLoss: SilhouetteLoss | null = null,
  ) {
    this.#lossShare = lossShare;
    this.#ownLoss = ownLoss;
    const count = start.length / POSE_PARAMETERS;
    this.parameters = start.slice(); // [H, 8]
    this.gradients = new Float64Array(start.length); // [H, 8]
    this.#templates = templates;
    this.#template = Int32Array.from({ length: count }, (_, h) => h % templates.length); // [H]
    const rows = Array.from({ length: count }, (_, h) => POSE_PARAMETERS * h);
    this.#gradientRows = rows.map((row) => this.gradients.subarray(row, row + POSE_PARAMETERS));
    this.#poses = rows.map((row) => ({
      rotation: new Float64Array(4),
      scale: 0,
      translation: this.parameters.subarray(row + 5, row + 7),
      perspective: 0,
    }));
    this.#screen = new Float64Array(templates[0].length); // [V, 3]
    this.#gradientScreen = new Float64Array(templates[0].length / 3 * 2); // [V, 2]
  }

  /** Number of hypotheses, H. */
  get count(): number {
    return this.#template.length;
  }

  /**
   * Renders hypothesis `h`.
   *
   * @param h Number of the hypothesis
   * @param silhouette Where to render
   */
  render(h: number, silhouette: SoftSilhouette): void {
    const pose = this.#poses[h], row = POSE_PARAMETERS * h;
    const length = this.#rotationLength(h);
    for (let i = 0; i < 4; i++) pose.rotation[i] = this.parameters[row + i] / length;
    pose.scale = this.parameters[row + 4];
    pose.perspective = this.parameters[row + 7];
    projectVertices(this.#templates[this.#template[h]], pose, this.#screen);
    silhouette.forward(this.#screen);
  }

  /**
   * Renders hypothesis `h` and writes the gradient of its part of the loss: (1/H) mean over pixels of (silhouette −
   * mask)², plus the image-boundary penalty.
   *
   * @param h Number of the hypothesis
   * @param silhouette Where to render
   * @param mask Observed mask at that size, `[S, S]`
   * @param squares Sum of the mask's squares
   * @returns The two parts of the loss
   */
  evaluate(
    h: number,
    silhouette: SoftSilhouette,
    mask: Float32Array,
    squares: number,
  ): { silhouette: number; boundaryPenalty: number } {
    this.render(h, silhouette);
    const { loss, gradientMask } = this.#compare(silhouette, mask, squares);
    const gradientScreen = this.#gradientScreen, share = this.#lossShare ?? this.count;
    for (let i = 0; i < gradientScreen.length; i++) gradientScreen[i] = gradientMask[i] / share;
    const boundaryPenalty = addImageBoundaryPenalty(this.#screen, gradientScreen);
    const gradient = this.#gradientRows[h].fill(0);
    const pose = this.#poses[h];
    projectVerticesBackward(this.#templates[this.#template[h]], pose, gradientScreen, gradient);
    removeRadialPart(pose.rotation, this.#rotationLength(h), gradient);
    return { silhouette: loss / share, boundaryPenalty };
  }

  /** Loss of what was rendered, and its gradient for the positions on the screen, `[V, 2]`. */
  #compare(
    silhouette: SoftSilhouette,
    mask: Float32Array,
    squares: number,
  ): { loss: number; gradientMask: Float32Array } {
    if (this.#ownLoss === null) {
      const loss = silhouette.meanSquaredError(mask, squares);
      return { loss, gradientMask: silhouette.backwardMeanSquaredError() };
    }
    const gradient = new Float32Array(mask.length); // [S, S]
    const loss = this.#ownLoss(silhouette.image(), mask, gradient);
    return { loss, gradientMask: silhouette.backward(gradient) };
  }

  /** After a step: unit rotations, positive scales, perspective within its limits. */
  constrain(): void {
    const p = this.parameters;
    for (let h = 0, row = 0; h < this.count; h++, row += POSE_PARAMETERS) {
      const length = this.#rotationLength(h);
      for (let i = 0; i < 4; i++) p[row + i] /= length;
      p[row + 4] = Math.abs(p[row + 4]);
      p[row + 7] = Math.min(PERSPECTIVE_LIMIT, Math.max(-PERSPECTIVE_LIMIT, p[row + 7]));
    }
  }

  /**
   * Keeps some hypotheses.
   *
   * @param kept Numbers in ascending order
   */
  select(kept: readonly number[]): void {
    this.#template = Int32Array.from(kept, (h) => this.#template[h]);
    kept.forEach((h, i) =>
      this.parameters.copyWithin(POSE_PARAMETERS * i, POSE_PARAMETERS * h, POSE_PARAMETERS * (h + 1))
    );
  }

  #rotationLength(h: number): number {
    const p = this.parameters, row = POSE_PARAMETERS * h;
    return Math.max(Math.hypot(p[row], p[row + 1], p[row + 2], p[row + 3]), 1e-12);
  }

  /** Unit rotation and number of the template of hypothesis `h`. */
  summary(h: number): { rotation: Float64Array; template: number } {
    const row = POSE_PARAMETERS * h;
    return { rotation: this.parameters.slice(row, row + 4), template: this.#template[h] };
  }

  /** Pose and number of the template of hypothesis `h`, in memory of their own. */
  poseOf(h: number): { pose: Pose; template: number } {
    const [w, x, y, z, scale, right, down, perspective] = this.parameters.subarray(POSE_PARAMETERS * h);
    const pose = { rotation: [w, x, y, z], scale, translation: [right, down], perspective };
    return { pose, template: this.#template[h] };
  }

  /** The parameters as separate arrays. */
  result(): {
    rotation: Float32Array;
    scale: Float32Array;
    translation: Float32Array;
    perspective: Float32Array;
    template: Int32Array;
  } {
    const columns = (first: number, width: number) =>
      Float32Array.from(
        { length: this.count * width },
        (_, i) => this.parameters[POSE_PARAMETERS * Math.floor(i / width) + first + i % width],
      );
    return {
      rotation: columns(0, 4),
      scale: columns(4, 1),
      translation: columns(5, 2),
      perspective: columns(7, 1),
      template: this.#template.slice(),
    };
  }
}

/** Gradient through q / ‖q‖: the part along the rotation goes, the rest is divided by the length. */
function removeRadialPart(rotation: Float64Array, length: number, gradient: Float64Array): void {
  const [w, x, y, z] = rotation;
  const along = w * gradient[0] + x * gradient[1] + y * gradient[2] + z * gradient[3];
  for (let i = 0; i < 4; i++) gradient[i] = (gradient[i] - along * rotation[i]) / length;
}
