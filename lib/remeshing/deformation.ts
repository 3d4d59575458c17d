/**
 * State of the second stage of remeshing, which can be saved and resumed.
 *
 * @module
 */
import type { NdArray } from "../core/arrays.ts";
import { MomentumDescent } from "./momentum_descent.ts";
import { PairPlacement, type PairTerm } from "./pair_placement.ts";

/** Vertices of T templates with scale and shift: positions = scale · vertices + translation. */
export class Deformation {
  /** Number of templates, T. */
  readonly count: number;
  /** Positions before scale and shift, `[T, V, 3]`. */
  readonly vertices: Float64Array;
  /** Shift of each, `[T, 3]`; x stays 0. */
  readonly translation: Float64Array;
  /** Scale of each, `[T]`. */
  readonly scale: Float64Array;
  /** Where the distance term sees them. */
  readonly placement: PairPlacement;
  /** Steps taken. */
  stepsDone = 0;
  readonly #moves: readonly MomentumDescent[];

  /**
   * Starts with shift 0, scale 1 and no velocity.
   *
   * @param start Positions of all templates, `[T, V, 3]`
   * @param count Number of templates, T
   * @param pairTerm Distance term
   * @param placement Where the alignment left the distance term's shifts and scales
   */
  constructor(
    start: Float64Array,
    count = 1,
    pairTerm: PairTerm = { weight: 0, free: false },
    placement?: PairPlacement,
  ) {
    this.count = count;
    this.vertices = start.slice();
    this.translation = new Float64Array(3 * count); // [T, 3]
    this.scale = new Float64Array(count).fill(1); // [T]
    this.placement = new PairPlacement(
      count,
      pairTerm,
      placement?.translation.slice(),
      placement?.scale.slice(),
    );
    this.#moves = [
      new MomentumDescent(this.vertices, 3),
      new MomentumDescent(this.translation, 3),
      new MomentumDescent(this.scale, 1),
    ];
  }

  /** Positions, `[T, V, 3]`. */
  place(): Float64Array {
    const size = this.vertices.length / this.count;
    return this.vertices.map((value, i) => {
      const t = Math.floor(i / size);
      return value * this.scale[t] + this.translation[3 * t + i % 3];
    });
  }

  /**
   * One step of all variables.
   *
   * @param gradient Gradient of the vertices themselves, `[T, V, 3]`; the positions' share is added to it
   * @param gradientPlaced Gradient of the positions, `[T, V, 3]`
   * @param rate Learning rate
   */
  step(gradient: Float64Array, gradientPlaced: Float64Array, rate: number): void {
    const size = this.vertices.length / this.count;
    const gradientTranslation = new Float64Array(3 * this.count),
      gradientScale = new Float64Array(this.count);
    gradientPlaced.forEach((value, i) => {
      const t = Math.floor(i / size);
      gradient[i] += value * this.scale[t];
      gradientTranslation[3 * t + i % 3] += value;
      gradientScale[t] += value * this.vertices[i];
    });
    const [vertices, translation, scale] = this.#moves;
    vertices.step(gradient, rate);
    translation.step(gradientTranslation, rate);
    scale.step(gradientScale, rate);
    this.placement.step(rate);
    for (let t = 0; t < this.count; t++) this.translation[3 * t] = 0;
    this.stepsDone++;
  }

  /** Final positions: those that the distance term sees, `[T][V, 3]`. */
  finish(): Float64Array[] {
    const placed = this.placement.place(this.place());
    const size = placed.length / this.count;
    return Array.from({ length: this.count }, (_, t) => placed.slice(t * size, (t + 1) * size));
  }

  /** Everything that the next step depends on. */
  toArrays(): Record<string, NdArray> {
    const entries = this.#variables().flatMap(([name, { values, velocity }]) => [
      [name, values.slice()],
      [`${name}_velocity`, velocity.slice()],
    ]) as [string, Float64Array][];
    return Object.fromEntries([
      ...entries.map(([name, data]) => [name, { data, shape: [data.length] }]),
      ["steps_done", { data: Float64Array.of(this.stepsDone), shape: [1] }],
    ]);
  }

  /**
   * Resumes from saved arrays.
   *
   * @throws {TypeError} If one is missing or of another size
   */
  load(arrays: Readonly<Record<string, NdArray>>): void {
    for (const [name, { values, velocity }] of this.#variables()) {
      for (const [key, target] of [[name, values], [`${name}_velocity`, velocity]] as const) {
        const saved = arrays[key]?.data;
        if (saved?.length !== target.length) {
          throw new TypeError(`Cannot resume a deformation: ${key} has ${saved?.length ?? 0} values`);
        }
        target.set(saved as Float64Array);
      }
    }
    this.stepsDone = Number(arrays.steps_done?.data[0] ?? 0);
  }

  #variables(): [string, MomentumDescent][] {
    const [vertices, translation, scale] = this.#moves;
    const [pairTranslation, pairScale] = this.placement.optimisers;
    return [
      ["vertices", vertices],
      ["translation", translation],
      ["scale", scale],
      ["pair_translation", pairTranslation],
      ["pair_scale", pairScale],
    ];
  }
}
