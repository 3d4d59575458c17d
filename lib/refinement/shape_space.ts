/**
 * The shapes that refinement considers: a start shape with smooth displacements, sizes along the axes and a
 * shift, and their gradients by hand.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { addSmoothField, addSmoothFieldBackward, type SmoothFields } from "./smooth_fields.ts";

/** Where each kind of parameter stands in the list of all. */
export interface ShapeLayout {
  /** First coefficient of the smooth fields, 0. */
  readonly fields: number;
  /** Logarithms of the sizes along x, y and z. */
  readonly sizes: number;
  /** Shift along x, y and z. */
  readonly shift: number;
  /** Number of parameters. */
  readonly count: number;
}

/** Shapes v = (v₀ + Φ c) · exp(s) + t. */
export class ShapeSpace {
  /** Places of the parameters. */
  readonly layout: ShapeLayout;
  readonly #fields: SmoothFields;
  readonly #unscaled: Float64Array; // [V, 3]
  readonly #gradientUnscaled: Float64Array; // [V, 3]

  /**
   * Takes the memory for shapes of V vertices.
   *
   * @param vertexCount V
   * @param fields Smooth displacements Φ
   */
  constructor(vertexCount: number, fields: SmoothFields) {
    this.#fields = fields;
    this.#unscaled = new Float64Array(3 * vertexCount);
    this.#gradientUnscaled = new Float64Array(3 * vertexCount);
    const sizes = fields.count;
    this.layout = { fields: 0, sizes, shift: sizes + 3, count: sizes + 6 };
  }

  /**
   * The shape of some parameters.
   *
   * @param start Start shape v₀, `[V, 3]`
   * @param parameters `[layout.count]`; all 0 is the start shape
   * @param out Where to write, `[V, 3]`
   */
  place(start: FloatArray, parameters: Float64Array, out: FloatArray): void {
    const { sizes, shift } = this.layout, unscaled = this.#unscaled;
    unscaled.set(start);
    addSmoothField(this.#fields, parameters, unscaled);
    const factors = [0, 1, 2].map((axis) => Math.exp(parameters[sizes + axis]));
    for (let i = 0; i < unscaled.length; i++) {
      out[i] = unscaled[i] * factors[i % 3] + parameters[shift + i % 3];
    }
  }

  /**
   * Gradient of the last `place`.
   *
   * @param parameters As in `place`
   * @param gradientVertices Gradient of the shape, `[V, 3]`
   * @param gradient Added to, `[layout.count]`
   */
  backward(parameters: Float64Array, gradientVertices: FloatArray, gradient: Float64Array): void {
    const { sizes, shift } = this.layout, unscaled = this.#unscaled, down = this.#gradientUnscaled;
    const factors = [0, 1, 2].map((axis) => Math.exp(parameters[sizes + axis]));
    for (let i = 0; i < unscaled.length; i++) {
      const axis = i % 3, g = gradientVertices[i];
      down[i] = g * factors[axis];
      gradient[sizes + axis] += down[i] * unscaled[i];
      gradient[shift + axis] += g;
    }
    addSmoothFieldBackward(this.#fields, down, gradient);
  }
}
