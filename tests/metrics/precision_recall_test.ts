import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { addProducts } from "../../lib/metrics/_products_kernel.ts";
import { meanPairDistance, precisionRecall } from "../../lib/metrics/precision_recall.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const D = 5;
const cloud = (count: number, stream: string, shift = 0) =>
  new Prng(1, stream).normals(count * D).map((value) => value + shift);

Deno.test("precision and recall: the same cloud has both, a far one none, a part of it precision only", () => {
  const real = cloud(60, "real");
  assertEquals(precisionRecall(real, real, D), { precision: 1, recall: 1 });
  assertEquals(precisionRecall(cloud(40, "far", 100), real, D), { precision: 0, recall: 0 });
  const narrow = cloud(40, "narrow").map((value) => 0.1 * value);
  const { precision, recall } = precisionRecall(narrow, real, D);
  assert(precision > 0.9 && recall < 0.3, `${precision} ${recall}`);
  assertThrowsWith(() => precisionRecall(cloud(3, "few"), real, D), RangeError, 3, 60);
});

Deno.test("the mean distance of pairs scales with the vectors", () => {
  const two = Float64Array.of(0, 0, 0, 0, 0, 3, 4, 0, 0, 0);
  assertAlmostEquals(meanPairDistance(two, D), 5, 1e-12);
  assertAlmostEquals(meanPairDistance(two.map((value) => 2 * value), D), 10, 1e-12);
  assertEquals(meanPairDistance(two.subarray(0, D), D), 0);
});

Deno.test("addProducts equals plain loops for all sizes beside its tiles", () => {
  for (const [n, m, k] of [[1, 1, 1], [4, 4, 512], [5, 7, 513], [9, 6, 30]]) {
    const a = new Prng(1, "a").normals(n * k), b = new Prng(1, "b").normals(m * k);
    const out = new Float64Array(n * m).fill(1);
    addProducts(a, b, out, { n, m, k });
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) {
        let sum = 1;
        for (let p = 0; p < k; p++) sum += a[i * k + p] * b[j * k + p];
        assertAlmostEquals(out[i * m + j], sum, 1e-9);
      }
    }
  }
});
