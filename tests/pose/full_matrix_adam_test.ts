import { assert, assertAlmostEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { FullMatrixAdam } from "../../lib/pose/full_matrix_adam.ts";
import { symmetricEigen } from "../../lib/core/symmetric_eigen.ts";

/** Gradients of `steps` steps of `count` values, of very different sizes. */
function gradientsOf(steps: number, count: number, seed = 1): Float64Array[] {
  const prng = new Prng(seed, "gradients");
  return Array.from(
    { length: steps },
    () => Float64Array.from({ length: count }, (_, i) => prng.normal() * 10 ** (-2 - i % 8)),
  );
}

function run(gradients: readonly Float64Array[], items: number, size: number): Float64Array {
  const parameters = new Float64Array(items * size);
  const optimiser = new FullMatrixAdam(items, size);
  for (const gradient of gradients) optimiser.update(parameters, gradient, 0.1);
  return parameters;
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  for (let i = 0; i < expected.length; i++) {
    assertAlmostEquals(actual[i], expected[i], tolerance, `value ${i}`);
  }
}

Deno.test("symmetricEigen gives unit eigenvectors that put the matrix together again", () => {
  const n = 8, prng = new Prng(2, "matrix");
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) matrix[i * n + j] = matrix[j * n + i] = prng.normal() * 10 ** -(i + j);
  }
  const diagonal = matrix.slice(), vectors = new Float64Array(n * n);
  symmetricEigen(diagonal, vectors, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let entry = 0, product = 0;
      for (let k = 0; k < n; k++) {
        entry += vectors[k * n + i] * diagonal[k * n + k] * vectors[k * n + j];
        product += vectors[i * n + k] * vectors[j * n + k];
      }
      assertAlmostEquals(entry, matrix[i * n + j], 1e-15);
      assertAlmostEquals(product, i === j ? 1 : 0, 1e-14);
    }
  }
});

Deno.test("FullMatrixAdam moves items as if each were alone", () => {
  const gradients = gradientsOf(12, 3 * 8);
  const together = run(gradients, 3, 8);
  for (let item = 0; item < 3; item++) {
    const own = gradients.map((gradient) => gradient.slice(8 * item, 8 * item + 8));
    assertClose(together.subarray(8 * item, 8 * item + 8), run(own, 1, 8), 0);
  }
});

Deno.test("FullMatrixAdam with one gradient entry is Adam with epsilon inside the root", () => {
  const values = [0.3, -0.02, 0.001, 1e-5, 0.2];
  const gradients = values.map((value) => Float64Array.of(0, 0, value, 0));
  let mean = 0, square = 0, expected = 0;
  values.forEach((value, k) => {
    mean = 0.9 * mean + 0.1 * value;
    square = 0.95 * square + 0.05 * value * value;
    const rate = 0.1 * Math.sqrt(1 - 0.95 ** (k + 1)) / (1 - 0.9 ** (k + 1));
    expected -= rate * mean / Math.sqrt(square + 1e-8);
  });
  assertClose(run(gradients, 1, 4), [0, 0, expected, 0], 1e-15);
});

Deno.test("rotating the parameters rotates FullMatrixAdam's steps", () => {
  const c = Math.cos(0.7), s = Math.sin(0.7);
  const turn = ([x, y, z]: ArrayLike<number> & Iterable<number>) =>
    Float64Array.of(c * x - s * y, s * x + c * y, z);
  const gradients = gradientsOf(10, 3);
  assertClose(run(gradients.map(turn), 1, 3), turn(run(gradients, 1, 3)), 1e-10);
});

Deno.test("FullMatrixAdam keeps state and step number of selected items", () => {
  const gradients = gradientsOf(10, 3 * 8);
  const whole = run(gradients, 3, 8);
  const parameters = new Float64Array(24);
  const optimiser = new FullMatrixAdam(3, 8);
  for (const gradient of gradients.slice(0, 5)) optimiser.update(parameters, gradient, 0.1);
  optimiser.select([0, 2]);
  const rest = Float64Array.of(...parameters.subarray(0, 8), ...parameters.subarray(16));
  for (const gradient of gradients.slice(5)) {
    optimiser.update(rest, Float64Array.of(...gradient.subarray(0, 8), ...gradient.subarray(16)), 0.1);
  }
  assertClose(rest.subarray(0, 8), whole.subarray(0, 8), 0);
  assertClose(rest.subarray(8), whole.subarray(16), 0);
  assert(whole.some((value) => Math.abs(value) > 0.1));
});
