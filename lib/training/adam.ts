/**
 * The Adam optimiser, written so that a step can be recorded: learning rate and step count are tensors.
 *
 * @module
 */
import { type AdamMoments, adamMoments } from "../backend/ops/adam_moments.ts";
import type { NdArray } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { type NamedTensors, type Scalar, tf, type Variable } from "../core/tensor.ts";
import { assignValues, newVariable } from "../networks/parameters.ts";

/** Options of {@link Adam}. */
export interface AdamOptions {
  /** Decay of the mean gradient, 0 to below 1. */
  beta1?: number;
  /** Decay of the mean squared gradient, 0 to below 1. */
  beta2?: number;
  /** Added to the root of the mean squared gradient. */
  epsilon?: number;
  /** Name of the optimiser in messages. */
  name?: string;
}

/**
 * m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; p ← p − lr/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε).
 */
export class Adam {
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #options: Required<AdamOptions>;
  readonly #moments: Map<string, AdamMoments> = new Map();
  readonly #step: Variable;

  /**
   * Makes the moments, all 0.
   *
   * @param variables What to optimise, by name; the moments are made now, so that no step makes variables
   * @param options Decays and epsilon
   * @throws {RangeError} If an option is out of range
   */
  constructor(
    variables: ReadonlyMap<string, Variable>,
    { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, name = "adam" }: AdamOptions = {},
  ) {
    this.#variables = variables;
    this.#options = { beta1, beta2, epsilon, name };
    for (const name of ["beta1", "beta2"] as const) {
      const value = this.#options[name];
      if (!(value >= 0 && value < 1)) {
        throw new RangeError(`Cannot make Adam as ${name} must be in [0, 1): current value is ${value}`);
      }
    }
    for (const [name, variable] of variables) {
      this.#moments.set(name, adamMoments(variable, this.#options));
    }
    this.#step = newVariable([], new Float32Array(1));
  }

  /**
   * One step on all variables that have a gradient.
   *
   * @param gradients Gradients by name
   * @param learningRate Learning rate, a tensor so that a recorded step can be given another one
   */
  apply(gradients: NamedTensors, learningRate: Scalar): void {
    const { beta1, beta2, epsilon } = this.#options;
    tf.tidy(() => {
      this.#step.assign(tf.add(this.#step, 1));
      // Corrections are moved into the two scalars: fewer passes over the weights.
      const rootCorrection = tf.sqrt(biasCorrection(beta2, this.#step));
      const stepSize: Scalar = tf.div(
        tf.mul(learningRate, rootCorrection),
        biasCorrection(beta1, this.#step),
      );
      const floor: Scalar = tf.mul(rootCorrection, epsilon);
      for (const [name, moments] of this.#moments) {
        if (gradients[name]) moments.update(gradients[name], stepSize, floor);
      }
    });
  }

  /** Moments and step count, for a checkpoint: `m/<name>`, `v/<name>`, `step`. */
  async toArrays(): Promise<Record<string, NdArray<Float32Array>>> {
    const arrays: Record<string, NdArray<Float32Array>> = {};
    for (const [name, { shape, read }] of this.#entries()) arrays[name] = { data: await read(), shape };
    return arrays;
  }

  /**
   * Takes over moments and step count.
   *
   * @throws {UserError} If an entry is missing or of another shape
   */
  load(arrays: Readonly<Record<string, NdArray>>): void {
    for (const [name, { shape }] of this.#entries()) {
      const found = arrays[name];
      if (found?.shape.join() !== shape.join()) {
        throw new UserError(
          `Cannot load the state of the optimiser ${this.#options.name}: ${name} must be ` +
            `[${shape.join(", ")}], current value is ${found ? `[${found.shape.join(", ")}]` : "missing"}.`,
        );
      }
    }
    for (const [name, { write }] of this.#entries()) {
      write(Float32Array.from(arrays[name].data as ArrayLike<number>));
    }
  }

  /** Frees the moments. */
  dispose(): void {
    for (const moments of this.#moments.values()) moments.dispose();
    this.#step.dispose();
  }

  /** What a checkpoint holds, by name. */
  #entries(): Map<string, StateEntry> {
    const entries = new Map<string, StateEntry>([["step", {
      shape: [],
      read: () => this.#step.data<"float32">(),
      write: (values) => assignValues(this.#step, values),
    }]]);
    for (const [prefix, moment] of [["m", "first"], ["v", "second"]] as const) {
      for (const [name, moments] of this.#moments) {
        entries.set(`${prefix}/${name}`, {
          shape: this.#variables.get(name)!.shape.slice(),
          read: () => moments.read(moment),
          write: (values) => moments.write(moment, values),
        });
      }
    }
    return entries;
  }
}

/** A part of the state, read and written by copying. */
interface StateEntry {
  readonly shape: number[];
  readonly read: () => Promise<Float32Array>;
  readonly write: (values: Float32Array) => void;
}

/** 1 − βᵗ, exact in float32 for β near 1 too. */
function biasCorrection(beta: number, step: Variable): Scalar {
  if (beta === 0) return tf.scalar(1);
  return tf.neg(tf.expm1(tf.mul(step as unknown as Scalar, Math.log(beta))));
}
