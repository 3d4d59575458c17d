/**
 * Decompositions of large symmetric matrices in float64 by TensorFlow, whose tensors of that type tfjs does not know.
 *
 * @module
 */
import type { OperationAttribute } from "../native/attributes.ts";
import type { NativeBinding } from "../native/binding.ts";
import { ATTRIBUTE_KINDS, DATA_TYPES } from "../native/data_types.ts";
import { activeNativeBackend } from "../native/active.ts";
import { boolAttribute } from "./native_operation.ts";

const DOUBLE: OperationAttribute = { name: "T", type: ATTRIBUTE_KINDS.type, value: DATA_TYPES.float64 };

/**
 * tr (A B)^½ of positive semi-definite matrices, by Cholesky factor and eigenvalues.
 *
 * @param a Matrix, `[D, D]`
 * @param b Matrix, `[D, D]`
 * @param d D
 * @returns The trace, or null if the native backend is not the active one
 */
export function traceOfProductRoot(a: Float64Array, b: Float64Array, d: number): number | null {
  const backend = activeNativeBackend();
  if (backend === null) return null;
  using matrices = new Matrices(backend.binding);
  const factor = matrices.factor(matrices.add(a, d)); // L with L Lᵀ = A
  const product = matrices.multiply(factor, matrices.add(b, d), true);
  const values = matrices.eigenvalues(matrices.multiply(product, factor));
  return values.reduce((sum, value) => sum + Math.sqrt(Math.max(value, 0)), 0);
}

/**
 * Eigenvalues of a symmetric matrix.
 *
 * @param matrix Matrix, `[D, D]`; only the lower triangle is read
 * @param d D
 * @returns Eigenvalues, ascending, `[D]`, or null if the native backend is not the active one
 */
export function nativeEigenvalues(matrix: Float64Array, d: number): Float64Array | null {
  const backend = activeNativeBackend();
  if (backend === null) return null;
  using matrices = new Matrices(backend.binding);
  return matrices.eigenvalues(matrices.add(matrix, d));
}

/** Matrices on the native side, all freed at the end. */
class Matrices {
  readonly #binding: NativeBinding;
  readonly #ids: number[] = [];

  constructor(binding: NativeBinding) {
    this.#binding = binding;
  }

  add(values: Float64Array, d: number): number {
    return this.#keep(this.#binding.createTensor([d, d], DATA_TYPES.float64, values));
  }

  /** L with L Lᵀ = the matrix: Cholesky's, or by eigenvectors for a matrix that is not of full rank. */
  factor(matrix: number): number {
    const [factor] = this.#run("Cholesky", [DOUBLE], [matrix], 1); // NaN where it fails
    if (!Number.isNaN((this.#binding.tensorDataSync(factor) as Float64Array)[0])) return factor;
    const [values, vectors] = this.#run(EIGEN, [DOUBLE, boolAttribute("compute_v", true)], [matrix], 2);
    const zero = this.#keep(this.#binding.createTensor([], DATA_TYPES.float64, [0]));
    const [positive] = this.#run("Maximum", [DOUBLE], [values, zero], 1);
    const [roots] = this.#run("Sqrt", [DOUBLE], [positive], 1);
    return this.#run("Mul", [DOUBLE], [vectors, roots], 1)[0]; // columns times roots
  }

  /** A B, or Aᵀ B. */
  multiply(a: number, b: number, transposeA = false): number {
    const turns = [boolAttribute("transpose_a", transposeA), boolAttribute("transpose_b", false)];
    return this.#run("MatMul", [DOUBLE, ...turns], [a, b], 1)[0];
  }

  eigenvalues(matrix: number): Float64Array {
    const [values] = this.#run(EIGEN, [DOUBLE, boolAttribute("compute_v", false)], [matrix], 2);
    return this.#binding.tensorDataSync(values) as Float64Array;
  }

  [Symbol.dispose](): void {
    for (const id of this.#ids) this.#binding.deleteTensor(id);
  }

  #run(name: string, attributes: OperationAttribute[], inputs: number[], outputs: number): number[] {
    return this.#binding.executeOp(name, attributes, inputs, outputs).map(({ id }) => this.#keep(id));
  }

  #keep(id: number): number {
    this.#ids.push(id);
    return id;
  }
}

const EIGEN = "SelfAdjointEigV2";
