/**
 * Adam with one second moment for a whole group of parameters, which keeps the direction of the gradient.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** A run of parameters that move together. */
export interface ParameterGroup {
  /** First parameter. */
  readonly first: number;
  /** Parameter behind the last one. */
  readonly end: number;
  /** Largest movement of a parameter in a step, about. */
  readonly rate: number;
}

const DECAY = 0.9, SQUARE_DECAY = 0.98, EPSILON = 1e-9;

/** Moves groups of parameters down their gradients. */
export class GroupAdam {
  readonly #groups: readonly ParameterGroup[];
  readonly #mean: Float64Array; // [N]
  readonly #square: Float64Array; // [groups]
  #step = 0;

  /**
   * Starts without a memory of gradients.
   *
   * @param count Number of parameters, N
   * @param groups Groups that move; parameters in none of them stay
   */
  constructor(count: number, groups: readonly ParameterGroup[]) {
    this.#groups = groups;
    this.#mean = new Float64Array(count);
    this.#square = new Float64Array(groups.length);
  }

  /**
   * One step.
   *
   * @param parameters Changed in place, `[N]`
   * @param gradient Their gradient, `[N]`
   * @param rateFactor Factor of all rates
   */
  update(parameters: FloatArray, gradient: FloatArray, rateFactor = 1): void {
    const step = ++this.#step, mean = this.#mean;
    this.#groups.forEach(({ first, end, rate }, g) => {
      let largest = 0;
      for (let k = first; k < end; k++) {
        largest = Math.max(largest, Math.abs(gradient[k]));
        mean[k] = DECAY * mean[k] + (1 - DECAY) * gradient[k];
      }
      this.#square[g] = SQUARE_DECAY * this.#square[g] + (1 - SQUARE_DECAY) * largest * largest;
      const size = Math.sqrt(this.#square[g] / (1 - SQUARE_DECAY ** step)) + EPSILON;
      const factor = rate * rateFactor / (1 - DECAY ** step) / size;
      for (let k = first; k < end; k++) parameters[k] -= factor * mean[k];
    });
  }
}
