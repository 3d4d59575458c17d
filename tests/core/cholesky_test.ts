import { choleskyFactor, solveCholesky } from "../../lib/core/cholesky.ts";
import { Prng } from "../../lib/core/prng.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

Deno.test("a factor solves its system", () => {
  const size = 7,
    prng = new Prng(3, "cholesky"),
    root = prng.normals(size * size),
    wanted = prng.normals(size);
  const matrix = new Float64Array(size * size); // root rootᵀ + 1
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) matrix[i * size + j] += root[i * size + k] * root[j * size + k];
    }
    matrix[i * size + i] += 1;
  }
  const right = Float64Array.from(
    { length: size },
    (_, i) => wanted.reduce((sum, x, j) => sum + x * matrix[i * size + j], 0),
  );
  assertAllClose(solveCholesky(choleskyFactor(matrix, size), right), wanted, { absolute: 1e-9 });
});

Deno.test("a matrix that is not positive definite, or of another size, is refused", () => {
  assertThrowsWith(() => choleskyFactor(Float64Array.of(1, 2, 2, 1), 2), RangeError, "pivot 1", -3);
  assertThrowsWith(() => choleskyFactor(new Float64Array(3), 2), TypeError, "2 × 2", 3);
});
