/**
 * What the fit of a shape to a photograph minimises: the silhouette's error, and how far shape and pose moved.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { POSE_PARAMETERS, projectVertices, projectVerticesBackward } from "../rendering/cameras.ts";
import type { AppearanceError } from "./appearance_error.ts";
import type { Bending } from "./bending.ts";
import type { MaskError } from "./mask_error.ts";
import { poseOf } from "./pose_parameters.ts";
import type { ShapeFitOptions } from "./shape_fit_options.ts";
import { ShapeSpace } from "./shape_space.ts";
import type { SmoothFields } from "./smooth_fields.ts";

/** What stays in the fit of one photograph. */
export interface Fit {
  /** Shape that it began with, `[V, 3]`. */
  readonly start: FloatArray;
  /** What the silhouette is compared with. */
  readonly mask: MaskError;
  /** What is expected of the texture; null for nothing. */
  readonly appearance: AppearanceError | null;
  /** Weight of squared coefficients, sizes and shifts. */
  readonly prior: number;
  /** Turns of joints. */
  readonly bending: Bending;
  /** Parameters before the fit. */
  readonly before: Float64Array;
}

/** Error and gradient by the parameters of shape, pose and joints; the memory is taken once. */
export class ShapeObjective {
  readonly #priors: Required<Pick<ShapeFitOptions, "posePrior" | "turnPrior">>;
  readonly #space: ShapeSpace;
  readonly #rest: Float64Array; // [V, 3]
  readonly #vertices: Float64Array; // [V, 3]
  readonly #screen: Float64Array; // [V, 3]
  readonly #gradientVertices: Float64Array; // [V, 3]

  /**
   * Takes the memory.
   *
   * @param fields Smooth displacements
   * @param priors Weights of the squared change of the pose, and of the squared turns of joints
   */
  constructor(fields: SmoothFields, priors: Required<Pick<ShapeFitOptions, "posePrior" | "turnPrior">>) {
    const length = sphereTopology().vertices.length;
    this.#priors = priors;
    this.#space = new ShapeSpace(length / 3, fields);
    this.#rest = new Float64Array(length);
    this.#vertices = new Float64Array(length);
    this.#screen = new Float64Array(length);
    this.#gradientVertices = new Float64Array(length);
  }

  /** Where the parameters of a shape lie; those of the pose and of the joints follow. */
  get layout(): ShapeSpace["layout"] {
    return this.#space.layout;
  }

  /** The shape, and the shape before its joints turned, in memory that is used again. */
  place(
    { start, bending }: Fit,
    parameters: Float64Array,
  ): { readonly vertices: Float64Array; readonly rest: Float64Array } {
    this.#space.place(start, parameters, this.#rest);
    bending.place(this.#rest, this.turns(parameters), this.#vertices);
    return { vertices: this.#vertices, rest: this.#rest };
  }

  /** The turns of the joints among all parameters. */
  turns(parameters: Float64Array): Float64Array {
    return parameters.subarray(this.layout.count + POSE_PARAMETERS);
  }

  /** The silhouette's error with the shape before its joints turned as it was placed last. */
  errorOf(fit: Fit, parameters: Float64Array): number {
    fit.bending.place(this.#rest, this.turns(parameters), this.#vertices);
    const pose = poseOf(parameters.subarray(this.layout.count));
    return fit.mask.errorOf(projectVertices(this.#vertices, pose, this.#screen));
  }

  /** Adds the gradient of the silhouette's error and of what is expected of the texture, and returns the error. */
  addSilhouetteGradient(fit: Fit, parameters: Float64Array, gradient: Float64Array): number {
    const { mask, bending, appearance } = fit,
      { count } = this.layout,
      pose = poseOf(parameters.subarray(count));
    this.#space.place(fit.start, parameters, this.#rest);
    const error = this.errorOf(fit, parameters);
    const slope = mask.gradient(); // [V, 2]
    appearance?.addGradient(this.#screen, slope);
    this.#gradientVertices.fill(0);
    projectVerticesBackward(
      this.#vertices,
      pose,
      slope,
      gradient.subarray(count, count + POSE_PARAMETERS),
      this.#gradientVertices,
    );
    bending.backward(this.turns(parameters), this.#gradientVertices, this.turns(gradient));
    this.#space.backward(parameters, this.#gradientVertices, gradient);
    return error;
  }

  /** Adds the gradient of what keeps shape, pose and turns near where they began, and returns its value. */
  addPriorGradient(
    { before, prior }: Fit,
    parameters: Float64Array,
    gradient: Float64Array | null,
  ): number {
    const { posePrior, turnPrior } = this.#priors, { count } = this.layout;
    let sum = 0;
    for (let k = 0; k < parameters.length; k++) {
      const weight = k < count ? prior : k < count + POSE_PARAMETERS ? posePrior : turnPrior;
      const change = parameters[k] - (k < count + POSE_PARAMETERS ? before[k] : 0);
      if (gradient) gradient[k] += 2 * weight * change;
      sum += weight * change * change;
    }
    return sum;
  }
}
