import { assert, assertEquals } from "@std/assert";
import { nativeEigenvalues, traceOfProductRoot } from "../../lib/backend/ops/symmetric_matrices.ts";
import { activeNativeBackend } from "../../lib/backend/native/active.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { symmetricEigenvalues } from "../../lib/core/symmetric_eigen.ts";
import { featureStatistics } from "../../lib/metrics/feature_statistics.ts";
import { frechetDistance } from "../../lib/metrics/frechet_distance.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { nativeTest } from "./native_library.ts";

const features = (count: number, d: number, stream: string) =>
  featureStatistics(
    Float64Array.from(new Prng(2, stream).normals(count * d), (value, i) => value * (1 + i % d / d)),
    d,
  );

/** Σ √λ of a Aᵀ B A by other means: of the product of diagonal matrices it is known. */
const diagonal = (values: number[]) =>
  Float64Array.from(
    { length: values.length ** 2 },
    (_, i) => i % (values.length + 1) === 0 ? values[i / (values.length + 1)] : 0,
  );

nativeTest("eigenvalues equal those of the portable solver", async () => {
  await useBackend({ backend: "native", threads: 2 });
  const d = 60, normals = new Prng(1, "matrix").normals(d * d);
  const matrix = Float64Array.from(normals, (value, i) => value + normals[i % d * d + Math.floor(i / d)]);
  assertAllClose(nativeEigenvalues(matrix, d)!, symmetricEigenvalues(matrix, d), { absolute: 1e-11 });
});

nativeTest(
  "the trace of a root: of known matrices, also without full rank, and nothing is left behind",
  async () => {
    await useBackend({ backend: "native", threads: 2 });
    const { binding } = activeNativeBackend()!;
    const before = binding.getNumOfTensors();
    const a = diagonal([1, 4, 9]), b = diagonal([4, 1, 16]), singular = diagonal([0, 4, 0]);
    assertAllClose([traceOfProductRoot(a, b, 3)!], [2 + 2 + 12], { absolute: 1e-12 });
    assertAllClose([traceOfProductRoot(singular, b, 3)!], [2], { absolute: 1e-12 });
    assertEquals(binding.getNumOfTensors(), before);
  },
);

nativeTest("the Fréchet distance is the same with and without the native backend", async () => {
  for (const [n1, n2] of [[700, 600], [100, 90], [600, 100]]) { // 300 dimensions: of full rank, and not
    const [first, second] = [features(n1, 300, "a"), features(n2, 300, "b")];
    await useBackend({ backend: "native", threads: 2 });
    const native = frechetDistance(first, second);
    await useBackend({ backend: "cpu" });
    const portable = frechetDistance(first, second);
    assert(Math.abs(native - portable) < 1e-7 * portable, `${native} instead of ${portable}`);
  }
});

Deno.test("other backends leave decompositions to the portable solver", async () => {
  await useBackend({ backend: "cpu" });
  assertEquals(
    [nativeEigenvalues(diagonal([1, 2]), 2), traceOfProductRoot(diagonal([1]), diagonal([1]), 1)],
    [null, null],
  );
});
