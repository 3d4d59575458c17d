/**
 * Smooth displacements of the sphere topology's vertices, by coefficients that are independent beforehand.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { meshNeighbours } from "../mesh/mesh_neighbours.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";

/** Fields of one axis: `P` coordinates, each of which stands for a vertex or for a pair of mirror images. */
export interface AxisFields {
  /** First vertex of each coordinate, `[P]`. */
  readonly first: Int32Array;
  /** Its mirror image, −1 where a coordinate is one vertex, `[P]`. */
  readonly second: Int32Array;
  /** Sign of the mirror image's displacement. */
  readonly sign: number;
  /** Smooth field of each coefficient, symmetric, `[P, P]`. */
  readonly smooth: Float32Array;
}

/** Smooth displacement fields: displacement = Φ c, Φ = (I + λ L)⁻¹ with L the mesh's graph Laplacian over its mean degree. */
export interface SmoothFields {
  /** Number of coefficients. */
  readonly count: number;
  /** Fields of x, y and z. */
  readonly axes: readonly AxisFields[];
}

/**
 * Builds the fields. For coefficients drawn with unit variance free fields have a mean square of 1, symmetric ones of ½.
 *
 * @param options `stiffness`: λ, larger makes displacements smoother, 10 by default; `symmetric`: whether displacements
 *   are mirror-symmetric about x = 0, true by default
 */
export function smoothFields(
  { stiffness = 10, symmetric = true }: { readonly stiffness?: number; readonly symmetric?: boolean } = {},
): SmoothFields {
  const { negativeIndices, positiveIndices, zeroIndices, vertices } = sphereTopology();
  const none = (count: number) => new Int32Array(count).fill(-1);
  const all = Int32Array.from({ length: vertices.length / 3 }, (_, i) => i);
  const alone = { first: all, second: none(all.length), sign: 1 };
  const even = {
    first: Int32Array.from([...positiveIndices, ...zeroIndices]),
    second: Int32Array.from([...negativeIndices, ...none(zeroIndices.length)]),
    sign: 1,
  };
  const odd = { first: positiveIndices, second: negativeIndices, sign: -1 };
  const made = new Map(
    [...new Set(symmetric ? [odd, even] : [alone])].map((coordinates) =>
      [coordinates, { ...coordinates, smooth: inverseOf(stiffnessMatrix(coordinates, stiffness)) }] as const
    ),
  );
  const axes = (symmetric ? [odd, even, even] : [alone, alone, alone]).map((axis) => made.get(axis)!);
  normalise([...made.values()], all.length);
  return { count: axes.reduce((sum, { first }) => sum + first.length, 0), axes };
}

/** Adds the displacements of coefficients, `[count]`, to `out`, `[V, 3]`. */
export function addSmoothField({ axes }: SmoothFields, coefficients: FloatArray, out: FloatArray): void {
  let offset = 0;
  axes.forEach(({ first, second, sign, smooth }, axis) => {
    const P = first.length;
    for (let p = 0, k = 0; p < P; p++) {
      let sum = 0;
      for (let q = 0; q < P; q++, k++) sum += smooth[k] * coefficients[offset + q];
      if (second[p] < 0) out[3 * first[p] + axis] += sum;
      else {
        out[3 * first[p] + axis] += Math.SQRT1_2 * sum;
        out[3 * second[p] + axis] += sign * Math.SQRT1_2 * sum;
      }
    }
    offset += P;
  });
}

/** Adds the gradient of the coefficients, `[count]`, for a gradient of the displacements, `[V, 3]`. */
export function addSmoothFieldBackward(
  { axes }: SmoothFields,
  gradient: FloatArray,
  gradientCoefficients: FloatArray,
): void {
  let offset = 0;
  axes.forEach(({ first, second, sign, smooth }, axis) => {
    const P = first.length;
    for (let p = 0; p < P; p++) {
      const own = gradient[3 * first[p] + axis];
      const g = second[p] < 0 ? own : Math.SQRT1_2 * (own + sign * gradient[3 * second[p] + axis]);
      if (g === 0) continue;
      for (let q = 0, k = p * P; q < P; q++, k++) gradientCoefficients[offset + q] += smooth[k] * g;
    }
    offset += P;
  });
}

/** I + λ L in the orthonormal coordinates of an axis, `[P, P]`. */
function stiffnessMatrix(
  { first, second, sign }: Pick<AxisFields, "first" | "second" | "sign">,
  stiffness: number,
): Float64Array {
  const neighbours = meshNeighbours(), P = first.length;
  const meanDegree = neighbours.reduce((sum, { length }) => sum + length, 0) / neighbours.length;
  const coordinate = new Map<number, [p: number, weight: number]>();
  first.forEach((vertex, p) => {
    coordinate.set(vertex, [p, second[p] < 0 ? 1 : Math.SQRT1_2]);
    if (second[p] >= 0) coordinate.set(second[p], [p, sign * Math.SQRT1_2]);
  });
  const matrix = new Float64Array(P * P); // [P, P]
  for (const [vertex, [p, weight]] of coordinate) {
    matrix[p * P + p] += weight * weight * (1 + stiffness * neighbours[vertex].length / meanDegree);
    for (const neighbour of neighbours[vertex]) {
      const other = coordinate.get(neighbour); // none on the mirror plane, where odd fields are 0
      if (other) matrix[p * P + other[0]] -= weight * other[1] * stiffness / meanDegree;
    }
  }
  return matrix;
}

/** The inverse of a symmetric positive definite matrix by its Cholesky factor L, which replaces it: L⁻ᵀ L⁻¹, `[P, P]`. */
function inverseOf(matrix: Float64Array): Float32Array {
  const P = Math.sqrt(matrix.length), L = matrix;
  for (let j = 0; j < P; j++) {
    for (let i = j; i < P; i++) {
      let sum = L[i * P + j];
      for (let k = 0; k < j; k++) sum -= L[i * P + k] * L[j * P + k];
      L[i * P + j] = i === j ? Math.sqrt(sum) : sum / L[j * P + j];
    }
  }
  const lower = new Float64Array(P * P), product = new Float64Array(P * P); // L⁻¹, and its square
  for (let i = 0; i < P; i++) {
    lower[i * P + i] = 1;
    for (let k = 0; k < i; k++) {
      const factor = L[i * P + k];
      for (let c = 0; c <= k && factor !== 0; c++) lower[i * P + c] -= factor * lower[k * P + c];
    }
    for (let c = 0; c <= i; c++) lower[i * P + c] /= L[i * P + i];
    for (let a = 0; a <= i; a++) {
      const factor = lower[i * P + a];
      for (let c = 0; c <= i; c++) product[a * P + c] += factor * lower[i * P + c];
    }
  }
  return Float32Array.from(product);
}

/** Scales fields so that odd and even ones together have a mean square of 1 at a vertex and axis. */
function normalise(fields: readonly AxisFields[], vertexCount: number): void {
  let squares = 0;
  for (const { smooth } of fields) squares += smooth.reduce((sum, value) => sum + value * value, 0);
  const factor = Math.sqrt(vertexCount / squares);
  for (const { smooth } of fields) for (let k = 0; k < smooth.length; k++) smooth[k] *= factor;
}
