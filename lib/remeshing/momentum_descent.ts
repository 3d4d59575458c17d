/**
 * Gradient descent with momentum on normalised gradients.
 *
 * @module
 */

/** Added to the norm of a gradient before dividing by it. */
const EPSILON = 1e-6;

/**
 * Values that go down their gradient: each group of values is normalised by itself, so that a step's length does not
 * depend on the scale of the loss.
 */
export class MomentumDescent {
  /** What is optimised. */
  readonly values: Float64Array;
  readonly #momentum: number;
  readonly #groupSize: number | null;
  /** Velocity of each value. */
  readonly velocity: Float64Array;

  /**
   * Starts with no velocity.
   *
   * @param values What is optimised, changed in place
   * @param groupSize Consecutive values that share one norm; null takes gradients as they are
   * @param momentum Share of the velocity that stays in a step
   */
  constructor(values: Float64Array, groupSize: number | null, momentum = 0.9) {
    this.values = values;
    this.#groupSize = groupSize;
    this.#momentum = momentum;
    this.velocity = new Float64Array(values.length);
  }

  /** One step: velocity = momentum · velocity + normalised gradient, values −= rate · velocity. */
  step(gradient: Float64Array, rate: number): void {
    const groupSize = this.#groupSize ?? this.values.length;
    for (let start = 0; start < this.values.length; start += groupSize) {
      let squares = 0;
      for (let i = start; i < start + groupSize; i++) squares += gradient[i] * gradient[i];
      const factor = this.#groupSize === null ? 1 : 1 / (Math.sqrt(squares) + EPSILON);
      for (let i = start; i < start + groupSize; i++) {
        this.velocity[i] = this.#momentum * this.velocity[i] + factor * gradient[i];
        this.values[i] -= rate * this.velocity[i];
      }
    }
  }
}
