/**
 * Fits the shape, and the pose, of an object to the mask of one photograph, by gradient descent on the soft silhouette.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import {
  type Pose,
  POSE_PARAMETERS,
  projectVertices,
  projectVerticesBackward,
} from "../rendering/cameras.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";
import { softTarget } from "../rendering/soft_target.ts";
import { GroupAdam } from "./group_adam.ts";
import { ShapeSpace } from "./shape_space.ts";
import type { SmoothFields } from "./smooth_fields.ts";

/** Options of a `ShapeFitter`. */
export interface ShapeFitOptions {
  /** Side of the renders and of the masks, pixels. */
  size?: number;
  /** Steps of the descent; 0 leaves shape and pose as they are. */
  steps?: number;
  /** What moves beside the shape: `pose` for estimated poses, `place` (a shift of the object) for true ones. */
  moves?: "pose" | "place";
  /** Weight of squared coefficients, sizes and shifts beside the silhouette's error. */
  prior?: number;
  /** Weight of the squared change of the pose. */
  posePrior?: number;
}

/** Defaults of `ShapeFitOptions`. */
export const SHAPE_FIT_DEFAULTS = {
  size: 128,
  steps: 100,
  moves: "pose",
  prior: 0.1,
  posePrior: 0.03,
} as const satisfies Required<ShapeFitOptions>;

/** Softness of the silhouettes, of squared distances in NDC, and how far it reaches, NDC. */
const SHARPNESS = 6000, BOX_MARGIN = 0.033;
/** Largest movements in a step: coefficients, sizes and shifts, pose; the perspective's logit moves four times as fast. */
const FIELD_RATE = 0.004, SIZE_RATE = 0.01, POSE_RATE = 0.003;
/** Share of the steps after which they shrink, and by how much. */
const LATE = 0.6, LATE_RATE = 0.15;
/** Range of the perspective's logit. */
const LEAST_PERSPECTIVE = -1, MOST_PERSPECTIVE = 4;

/** An object fitted to one mask. */
export interface FittedShape {
  /** Shape, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Pose in the photograph's crop. */
  readonly pose: Pose;
}

/** The fits of one thread: all memory but the results is taken once, and photographs do not influence each other. */
export class ShapeFitter {
  readonly #options: Required<ShapeFitOptions>;
  readonly #space: ShapeSpace;
  readonly #silhouette: SoftSilhouette;
  readonly #parameters: Float64Array; // [shape, pose]
  readonly #gradient: Float64Array; // [shape, pose]
  readonly #vertices: Float64Array; // [V, 3]
  readonly #screen: Float64Array; // [V, 3]
  readonly #gradientVertices: Float64Array; // [V, 3]

  /**
   * Takes the memory.
   *
   * @param fields Smooth displacements
   * @param options Size and length of the descent
   */
  constructor(fields: SmoothFields, options: ShapeFitOptions = {}) {
    const { faces, vertices } = sphereTopology(), V = vertices.length / 3;
    this.#options = { ...SHAPE_FIT_DEFAULTS, ...options };
    this.#space = new ShapeSpace(V, fields);
    this.#silhouette = new SoftSilhouette(faces, V, this.#options.size, {
      sharpness: SHARPNESS,
      boxMargin: BOX_MARGIN,
    });
    const count = this.#space.layout.count + POSE_PARAMETERS;
    this.#parameters = new Float64Array(count);
    this.#gradient = new Float64Array(count);
    this.#vertices = new Float64Array(3 * V);
    this.#screen = new Float64Array(3 * V);
    this.#gradientVertices = new Float64Array(3 * V);
  }

  /**
   * Fits one photograph.
   *
   * @param start Shape to begin with, `[V, 3]`
   * @param mask Share of the object in each pixel of the crop, `[S, S]`
   * @param pose Pose to begin with
   */
  fit(start: FloatArray, mask: FloatArray, pose: Pose): FittedShape {
    const { size, steps } = this.#options;
    const target = softTarget(mask, size, { sharpness: SHARPNESS, boxMargin: BOX_MARGIN });
    const squares = target.reduce((sum, value) => sum + value * value, 0);
    let area = 0;
    for (const share of mask) area += share;
    const { count } = this.#space.layout, parameters = this.#parameters;
    parameters.fill(0);
    parameters.set([
      ...Array.from(pose.rotation),
      pose.scale,
      ...Array.from(pose.translation),
      pose.perspective,
    ], count);
    const poseBefore = parameters.slice(count);
    const optimiser = new GroupAdam(parameters.length, this.#groups());
    for (let step = 0; step < steps; step++) {
      this.#addSilhouetteGradient(start, target, squares, size * size / Math.max(1, area));
      this.#addPriorGradient(poseBefore);
      optimiser.update(parameters, this.#gradient, step < LATE * steps ? 1 : LATE_RATE);
      constrainPose(parameters.subarray(count));
    }
    this.#space.place(start, parameters, this.#vertices);
    return { vertices: Float32Array.from(this.#vertices), pose: poseOf(parameters.slice(count)) };
  }

  /** Writes the gradient of the silhouette's mean squared error, in units of the mask's area. */
  #addSilhouetteGradient(start: FloatArray, target: Float32Array, squares: number, factor: number): void {
    const { count } = this.#space.layout,
      parameters = this.#parameters,
      pose = poseOf(parameters.subarray(count));
    this.#space.place(start, parameters, this.#vertices);
    this.#silhouette.forward(projectVertices(this.#vertices, pose, this.#screen));
    this.#silhouette.meanSquaredError(target, squares);
    const slope = this.#silhouette.backwardMeanSquaredError(); // [V, 2]
    for (let i = 0; i < slope.length; i++) slope[i] *= factor;
    this.#gradient.fill(0);
    this.#gradientVertices.fill(0);
    projectVerticesBackward(
      this.#vertices,
      pose,
      slope,
      this.#gradient.subarray(count),
      this.#gradientVertices,
    );
    this.#space.backward(parameters, this.#gradientVertices, this.#gradient);
  }

  #addPriorGradient(poseBefore: Float64Array): void {
    const { prior, posePrior } = this.#options, { count } = this.#space.layout;
    const parameters = this.#parameters, gradient = this.#gradient;
    for (let k = 0; k < count; k++) gradient[k] += 2 * prior * parameters[k];
    for (let k = 0; k < POSE_PARAMETERS; k++) {
      gradient[count + k] += 2 * posePrior * (parameters[count + k] - poseBefore[k]);
    }
  }

  /** What moves together: the symmetry plane x = 0 is never shifted. */
  #groups() {
    const { fields, sizes, shift, count } = this.#space.layout;
    const shape = [
      { first: fields, end: sizes, rate: FIELD_RATE },
      { first: sizes, end: shift, rate: SIZE_RATE },
    ];
    if (this.#options.moves === "place") return [...shape, { first: shift + 1, end: count, rate: SIZE_RATE }];
    return [
      ...shape,
      { first: count, end: count + 4, rate: POSE_RATE },
      { first: count + 4, end: count + 7, rate: POSE_RATE },
      { first: count + 7, end: count + 8, rate: 4 * POSE_RATE },
    ];
  }
}

/** A pose from its eight numbers: rotation, scale, translation, perspective. */
function poseOf(values: Float64Array): Pose {
  return {
    rotation: values.subarray(0, 4),
    scale: values[4],
    translation: values.subarray(5, 7),
    perspective: values[7],
  };
}

/** Brings the quaternion to unit length and the perspective into its range. */
function constrainPose(values: Float64Array): void {
  const length = Math.hypot(values[0], values[1], values[2], values[3]);
  for (let k = 0; k < 4; k++) values[k] /= length;
  values[7] = Math.min(MOST_PERSPECTIVE, Math.max(LEAST_PERSPECTIVE, values[7]));
}
