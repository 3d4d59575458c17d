/**
 * Adam with a full second moment: each item (a pose hypothesis) has its own D × D matrix V of gradient products, and
 * the step is whitened by its inverse square root.
 *
 * @module
 */
import { symmetricEigen } from "../core/symmetric_eigen.ts";

/** Optimiser of N items of D parameters each; the items do not touch each other. */
export class FullMatrixAdam {
  readonly #size: number;
  readonly #options: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };
  readonly #matrix: Float64Array; // [D, D]
  readonly #vectors: Float64Array; // [D, D]
  #mean: Float64Array; // [N, D]
  #products: Float64Array; // [N, D, D]
  #step = 0;

  /**
   * Starts with mean and products 0.
   *
   * @param items Number of items, N
   * @param size Parameters of an item, D
   * @param options `beta1`: decay of the mean gradient, 0 to 1; `beta2`: decay of the gradient products, 0 to 1;
   *   `epsilon`: added to the eigenvalues of V, inside the square root and before the bias correction
   */
  constructor(
    items: number,
    size: number,
    { beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8 }: {
      readonly beta1?: number;
      readonly beta2?: number;
      readonly epsilon?: number;
    } = {},
  ) {
    this.#size = size;
    this.#options = { beta1, beta2, epsilon };
    this.#matrix = new Float64Array(size * size); // [D, D]
    this.#vectors = new Float64Array(size * size); // [D, D]
    this.#mean = new Float64Array(items * size); // [N, D]
    this.#products = new Float64Array(items * size * size); // [N, D, D]
  }

  /**
   * Moves all items by one step.
   *
   * @param parameters Changed, `[N, D]`
   * @param gradients Gradients of the parameters, `[N, D]`
   * @param learningRate Length of the step
   * @throws {TypeError} If a length is not that of the items
   */
  update(parameters: Float64Array, gradients: Float64Array, learningRate: number): void {
    const { beta1, beta2 } = this.#options;
    const length = this.#mean.length;
    if (parameters.length < length || gradients.length < length) {
      throw new TypeError(
        `Cannot update ${length} parameters: current value is ${parameters.length} parameters and ` +
          `${gradients.length} gradients`,
      );
    }
    this.#step++;
    const factor = learningRate * Math.sqrt(1 - beta2 ** this.#step) / (1 - beta1 ** this.#step);
    for (let offset = 0; offset < length; offset += this.#size) {
      this.#accumulate(gradients, offset);
      this.#move(parameters, offset, factor);
    }
  }

  /**
   * Keeps some items with their state, in the given order.
   *
   * @param kept Item numbers
   */
  select(kept: ArrayLike<number>): void {
    this.#mean = selectRows(this.#mean, kept, this.#size);
    this.#products = selectRows(this.#products, kept, this.#size ** 2);
  }

  #accumulate(gradients: Float64Array, offset: number): void {
    const size = this.#size, mean = this.#mean, products = this.#products;
    const { beta1, beta2 } = this.#options;
    for (let i = 0; i < size; i++) {
      const gradient = gradients[offset + i];
      mean[offset + i] = beta1 * mean[offset + i] + (1 - beta1) * gradient;
      const row = (offset + i) * size;
      for (let j = 0; j < size; j++) {
        products[row + j] = beta2 * products[row + j] + (1 - beta2) * gradient * gradients[offset + j];
      }
    }
  }

  /** parameters −= factor · (V + εI)^(−½) · mean. */
  #move(parameters: Float64Array, offset: number, factor: number): void {
    const size = this.#size, mean = this.#mean, matrix = this.#matrix, vectors = this.#vectors;
    const start = offset * size;
    for (let i = 0; i < size * size; i++) matrix[i] = this.#products[start + i];
    symmetricEigen(matrix, vectors, size);
    for (let i = 0; i < size; i++) {
      let along = 0;
      for (let j = 0; j < size; j++) along += vectors[i * size + j] * mean[offset + j];
      along *= factor / Math.sqrt(Math.max(matrix[i * size + i], 0) + this.#options.epsilon);
      for (let j = 0; j < size; j++) parameters[offset + j] -= along * vectors[i * size + j];
    }
  }
}

/**
 * Rows of an array in a given order.
 *
 * @param array `[N, size]`
 * @param kept Row numbers, `[K]`
 * @param size Values of a row
 * @returns New array, `[K, size]`
 */
export function selectRows(array: Float64Array, kept: ArrayLike<number>, size: number): Float64Array {
  const rows = new Float64Array(kept.length * size); // [K, size]
  for (let i = 0; i < kept.length; i++) {
    rows.set(array.subarray(kept[i] * size, (kept[i] + 1) * size), i * size);
  }
  return rows;
}
