import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { kid } from "../../lib/metrics/kid.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const normals = (n: number, stream: string, mean = 0) =>
  new Prng(1, stream).normals(8 * n).map((x) => x + mean);

Deno.test("kid is about 0 for sets of one distribution and large for another", () => {
  assertAlmostEquals(kid(normals(300, "a"), normals(300, "b"), 8), 0, 0.05);
  assert(kid(normals(300, "a"), normals(300, "c", 1), 8) > 1);
});

Deno.test("kid follows its formula on two pairs", () => {
  const k = (x: number, y: number) => (x * y + 1) ** 3;
  const value = kid(Float32Array.of(1, 2), Float32Array.of(0, 3), 1);
  assertAlmostEquals(value, k(1, 2) + k(0, 3) - 2 * (k(1, 0) + k(1, 3) + k(2, 0) + k(2, 3)) / 4, 1e-9);
});

Deno.test("kid of large sets averages random subsets and repeats with its seed", () => {
  const [a, b] = [normals(200, "a"), normals(200, "c", 1)];
  const options = { subsetSize: 50, subsets: 10 };
  assertEquals(kid(a, b, 8, options), kid(a, b, 8, options));
  assertAlmostEquals(kid(a, b, 8, options), kid(a, b, 8), 1.5);
});

Deno.test("kid needs two vectors of each", () => {
  assertThrowsWith(() => kid(normals(1, "a"), normals(5, "b"), 8), RangeError, "2 vectors", 1, 5);
});
