/**
 * A shift and a scale of each template that only the distance term sees, so that templates of different size and place
 * can still be compared vertex by vertex.
 *
 * @module
 */
import { MomentumDescent } from "./momentum_descent.ts";
import { pairDistance } from "./pair_distance.ts";

/** Smallest scale. */
const MINIMUM_SCALE = 0.8;

/** Weight and freedom of the distance term. */
export interface PairTerm {
  /** Weight of the distance of the templates from each other, 0 for none. */
  readonly weight: number;
  /** Whether shift and scale are free: of unaligned classes. */
  readonly free: boolean;
}

/** The term that is used where nothing else is asked for: the original's. */
export function pairTermOf(count: number, aligned: boolean): PairTerm {
  return { weight: count > 1 ? 0.001 : 0, free: count > 1 && !aligned };
}

/** Shifts and scales of T templates. */
export class PairPlacement {
  /** Shift of each template, `[T, 3]`; x stays 0. */
  readonly translation: Float64Array;
  /** Scale of each template, `[T]`; the largest is 1. */
  readonly scale: Float64Array;
  readonly #term: PairTerm;
  readonly #gradientTranslation: Float64Array;
  readonly #gradientScale: Float64Array;
  readonly #moveTranslation: MomentumDescent;
  readonly #moveScale: MomentumDescent;

  /** Shift 0 and scale 1, or given ones; no velocity. */
  constructor(
    count: number,
    term: PairTerm,
    translation: Float64Array = new Float64Array(3 * count),
    scale: Float64Array = new Float64Array(count).fill(1),
  ) {
    this.#term = term;
    this.translation = translation;
    this.scale = scale;
    this.#gradientTranslation = new Float64Array(3 * count); // [T, 3]
    this.#gradientScale = new Float64Array(count); // [T]
    this.#moveTranslation = new MomentumDescent(this.translation, 3);
    this.#moveScale = new MomentumDescent(this.scale, count);
  }

  /** The two optimisers, for a checkpoint. */
  get optimisers(): readonly [MomentumDescent, MomentumDescent] {
    return [this.#moveTranslation, this.#moveScale];
  }

  /** Positions as the distance term sees them, `[T, V, 3]`. */
  place(templates: Float64Array): Float64Array {
    const size = templates.length / this.scale.length;
    return templates.map((value, i) => {
      const t = Math.floor(i / size);
      return value * this.scale[t] + this.translation[3 * t + i % 3];
    });
  }

  /**
   * The distance of the placed templates.
   *
   * @param templates Positions, `[T, V, 3]`
   * @param gradient Where the weighted gradient is added, `[T, V, 3]`
   * @returns Distance without its weight; 0 where the weight is 0
   */
  evaluate(templates: Float64Array, gradient: Float64Array): number {
    if (this.#term.weight === 0) return 0;
    const count = this.scale.length, size = templates.length / count;
    const own = new Float64Array(templates.length); // [T, V, 3]
    const distance = pairDistance(this.place(templates), count, own, this.#term.weight);
    this.#gradientTranslation.fill(0);
    this.#gradientScale.fill(0);
    own.forEach((value, i) => {
      const t = Math.floor(i / size);
      gradient[i] += value * this.scale[t];
      this.#gradientTranslation[3 * t + i % 3] += value;
      this.#gradientScale[t] += value * templates[i];
    });
    return distance;
  }

  /** One step down the gradient of the last `evaluate`, then the rules: x 0, mean shift 0, largest scale 1. */
  step(rate: number): void {
    if (!this.#term.free || this.#term.weight === 0) return;
    const { translation, scale } = this, count = scale.length;
    this.#moveTranslation.step(this.#gradientTranslation, rate);
    this.#moveScale.step(this.#gradientScale, rate);
    const largest = Math.max(...scale);
    for (let t = 0; t < count; t++) {
      scale[t] = Math.max(MINIMUM_SCALE, scale[t] / largest);
      translation[3 * t] = 0;
    }
    for (let axis = 0; axis < 3; axis++) {
      let mean = 0;
      for (let t = 0; t < count; t++) mean += translation[3 * t + axis] / count;
      for (let t = 0; t < count; t++) translation[3 * t + axis] -= mean;
    }
  }
}
