/**
 * Fits the shape, and the pose, of an object to the mask of one photograph, by gradient descent on the soft silhouette.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { shrinkImage } from "../core/shrink_image.ts";
import { type Pose, POSE_PARAMETERS } from "../rendering/cameras.ts";
import { type Appearance, AppearanceError } from "./appearance_error.ts";
import { Bending } from "./bending.ts";
import { candidateTurns } from "./candidate_turns.ts";
import { GroupAdam, type ParameterGroup } from "./group_adam.ts";
import type { Joint } from "./joints.ts";
import { MaskError } from "./mask_error.ts";
import { constrainPose, poseOf } from "./pose_parameters.ts";
import { SHAPE_FIT_DEFAULTS, type ShapeFitOptions } from "./shape_fit_options.ts";
import { type Fit, ShapeObjective } from "./shape_objective.ts";
import type { SmoothFields } from "./smooth_fields.ts";

/** Largest movements in a step: coefficients, sizes and shifts, pose; the perspective's logit moves four times as fast. */
const FIELD_RATE = 0.004, SIZE_RATE = 0.01, POSE_RATE = 0.003, TURN_RATE = 0.03;
/** Rounds in which turns of limbs are tried. */
const SWEEPS = 2;
/** Steps after which it is told how far a fit is. */
const TOLD_STEPS = 8;
/** Share of the steps after which they shrink, and by how much. */
const LATE = 0.6, LATE_RATE = 0.15;
/** Factor of the prior's weight in each round in which a shape is freed. */
const FREEDOM = 0.25;

/** An object fitted to one mask. */
export interface FittedShape {
  /** Shape, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** The shape before its joints turned, `[V, 3]`. */
  readonly rest: Float32Array;
  /** Pose in the photograph's crop. */
  readonly pose: Pose;
  /** What `align` continues from. */
  readonly state: FitState;
}

/** How far a fit is. */
export interface ShapeStep {
  /** Share of its steps, 0 to 1. */
  readonly share: number;
  /** The shape so far, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Its pose, in memory that is used again. */
  readonly pose: Pose;
}

/** Told now and then how far a fit is. */
export type OnShapeStep = (step: ShapeStep) => void;

/** Where a fit ended. */
export interface FitState {
  /** Shape that it began with, `[V, 3]`. */
  readonly start: FloatArray;
  /** Parameters of the shape, the pose and the joints, `[P]`. */
  readonly parameters: FloatArray;
  /** Weight of squared coefficients, sizes and shifts. */
  readonly prior: number;
}

/** The fits of one thread: all memory but the results is taken once, and photographs do not influence each other. */
export class ShapeFitter {
  readonly #options: Required<ShapeFitOptions>;
  readonly #objective: ShapeObjective;
  readonly #coarse: MaskError;
  readonly #fine: MaskError;
  readonly #appearance: AppearanceError;

  /**
   * Takes the memory.
   *
   * @param fields Smooth displacements
   * @param options Size and length of the descent
   */
  constructor(fields: SmoothFields, options: ShapeFitOptions = {}) {
    this.#options = { ...SHAPE_FIT_DEFAULTS, ...options };
    this.#objective = new ShapeObjective(fields, this.#options);
    this.#coarse = new MaskError(this.#options.size / 2);
    this.#fine = new MaskError(this.#options.size);
    this.#appearance = new AppearanceError();
  }

  /**
   * Fits one photograph.
   *
   * @param start Shape to begin with, `[V, 3]`
   * @param observed Share of the object in each pixel of the crop, `[S, S]`
   * @param pose Pose to begin with
   * @param joints Joints that may turn
   * @param onStep Told now and then how far the fit of shape and pose together is
   */
  fit(
    start: FloatArray,
    observed: FloatArray,
    pose: Pose,
    joints: readonly Joint[] = [],
    onStep?: OnShapeStep,
  ): FittedShape {
    const { turnSteps, bentFactor } = this.#options, hasJoints = joints.length > 0;
    const steps = this.#options.steps * (hasJoints ? bentFactor : 1);
    const bending = new Bending(joints, start.length / 3);
    const before = this.#begin(pose, new Float64Array(bending.count));
    const prior = this.#priorOf(joints);
    const fit: Fit = { start, bending, before, prior, mask: this.#coarse, appearance: null };
    const parameters = before.slice(), all = this.#groups(bending.count, true);
    this.#coarse.setMask(halved(observed));
    if (hasJoints && steps > 0) {
      this.#descend(fit, parameters, turnSteps, this.#groups(0, false));
      this.#searchTurns(fit, parameters, joints);
      this.#descend(fit, parameters, turnSteps, this.#groups(bending.count, false));
    }
    const error = this.#descend(fit, parameters, steps, all, onStep);
    return this.#result(fit, parameters, this.#free(fit, parameters, error, observed));
  }

  /**
   * Continues a fit so that the texture, too, comes to lie where it is expected.
   *
   * @param state Where the fit ended
   * @param observed Share of the object in each pixel of the crop, `[S, S]`
   * @param appearance The photograph, and what is expected of its texture
   * @param joints Joints that may turn, as in the fit
   */
  align(
    { start, parameters, prior }: FitState,
    observed: FloatArray,
    appearance: Appearance,
    joints: readonly Joint[] = [],
  ): FittedShape {
    const bending = new Bending(joints, start.length / 3), before = Float64Array.from(parameters);
    const isFreed = prior < this.#priorOf(joints), mask = isFreed ? this.#fine : this.#coarse;
    mask.setMask(isFreed ? observed : halved(observed));
    this.#appearance.setAppearance(appearance);
    const fit: Fit = { start, bending, before, prior, mask, appearance: this.#appearance };
    const moved = before.slice();
    this.#descend(fit, moved, this.#options.alignSteps, this.#groups(bending.count, true));
    return this.#result(fit, moved, prior);
  }

  #priorOf({ length }: readonly Joint[]): number {
    return length > 0 ? this.#options.bentPrior : this.#options.prior;
  }

  #result(fit: Fit, parameters: Float64Array, prior: number): FittedShape {
    const { vertices, rest } = this.#objective.place(fit, parameters);
    return {
      vertices: Float32Array.from(vertices),
      rest: Float32Array.from(rest),
      pose: poseOf(parameters.slice(this.#objective.layout.count)),
      state: { start: fit.start, parameters, prior },
    };
  }

  /**
   * Frees a shape until it explains its mask (after Morozov's discrepancy principle), in place; returns the weight of the
   * prior in the end.
   */
  #free(fit: Fit, parameters: Float64Array, error: number, observed: FloatArray): number {
    const { noise, freeRounds, freeSteps } = this.#options;
    let { prior } = fit, left = error;
    if (error > noise && freeRounds > 0) this.#fine.setMask(observed);
    for (let round = 0; round < freeRounds && left > noise; round++) {
      prior *= FREEDOM;
      const free = { ...fit, prior, mask: this.#fine };
      left = this.#descend(free, parameters, freeSteps, this.#groups(fit.bending.count, true));
    }
    return prior;
  }

  /** Parameters of the start shape: those of the shape, of the pose and of the joints. */
  #begin(pose: Pose, turns: Float64Array): Float64Array {
    const { rotation, scale, translation, perspective } = pose;
    const shape = new Float64Array(this.#objective.layout.count);
    return Float64Array.from([
      ...shape,
      ...Array.from(rotation),
      scale,
      ...Array.from(translation),
      perspective,
      ...turns,
    ]);
  }

  /** Descends from some parameters, in place; returns the last error of the silhouette, 0 without steps. */
  #descend(
    fit: Fit,
    parameters: Float64Array,
    steps: number,
    groups: readonly ParameterGroup[],
    onStep?: OnShapeStep,
  ): number {
    const { count } = this.#objective.layout, gradient = new Float64Array(parameters.length);
    const optimiser = new GroupAdam(parameters.length, groups);
    let error = 0;
    for (let step = 0; step < steps; step++) {
      error = this.#objective.addSilhouetteGradient(fit, parameters, gradient.fill(0));
      this.#objective.addPriorGradient(fit, parameters, gradient);
      optimiser.update(parameters, gradient, step < LATE * steps ? 1 : LATE_RATE);
      constrainPose(parameters.subarray(count, count + POSE_PARAMETERS));
      if (onStep && (step + 1) % TOLD_STEPS === 0) {
        const vertices = Float32Array.from(this.#objective.place(fit, parameters).vertices);
        onStep({ share: (step + 1) / steps, vertices, pose: poseOf(parameters.subarray(count)) });
      }
    }
    return error;
  }

  /** Turns limb after limb to the best of some places. */
  #searchTurns(fit: Fit, parameters: Float64Array, joints: readonly Joint[]): void {
    const objective = this.#objective,
      turns = objective.turns(parameters),
      limbs = [...new Set(joints.map(({ limb }) => limb))];
    objective.place(fit, parameters);
    const cost = () => objective.errorOf(fit, parameters) + objective.addPriorGradient(fit, parameters, null);
    let least = cost();
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      for (const limb of limbs) {
        const own = [...joints.keys()].filter((j) => joints[j].limb === limb);
        let best = turns.slice();
        for (const candidate of candidateTurns(own)) {
          turns.set(best);
          for (const [k, value] of candidate) turns[k] = value;
          const error = cost();
          if (error < least) [least, best] = [error, turns.slice()];
        }
        turns.set(best);
      }
    }
  }

  /** What moves together, with the shape or without it: the symmetry plane x = 0 is never shifted. */
  #groups(turns: number, withShape: boolean): ParameterGroup[] {
    const { fields, sizes, shift, count } = this.#objective.layout, first = count + POSE_PARAMETERS;
    const groups = withShape
      ? [{ first: fields, end: sizes, rate: FIELD_RATE }, { first: sizes, end: shift, rate: SIZE_RATE }]
      : [];
    if (this.#options.moves === "place") groups.push({ first: shift + 1, end: count, rate: SIZE_RATE });
    else {
      groups.push({ first: count, end: count + 4, rate: POSE_RATE });
      groups.push({ first: count + 4, end: count + 7, rate: POSE_RATE });
      groups.push({ first: count + 7, end: first, rate: 4 * POSE_RATE });
    }
    return turns > 0 ? [...groups, { first, end: first + turns, rate: TURN_RATE }] : groups;
  }
}

/** A square mask of half the side. */
function halved(mask: FloatArray): FloatArray {
  const side = Math.sqrt(mask.length);
  return shrinkImage({ data: mask, height: side, width: side, channels: 1 }, 2).data;
}
