import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { kernelDistance } from "../../lib/metrics/kernel_distance.ts";

const normals = (n: number, stream: string, mean = 0) =>
  new Prng(1, stream).normals(8 * n).map((x) => x + mean);

Deno.test("kernelDistance is about 0 for sets of one distribution and large for another", () => {
  assertAlmostEquals(kernelDistance(normals(300, "a"), normals(300, "b"), 8), 0, 0.05);
  assert(kernelDistance(normals(300, "a"), normals(300, "c", 1), 8) > 1);
});

Deno.test("kernelDistance follows its formula on two pairs", () => {
  const k = (x: number, y: number) => (x * y + 1) ** 3;
  const value = kernelDistance(Float32Array.of(1, 2), Float32Array.of(0, 3), 1);
  assertAlmostEquals(value, k(1, 2) + k(0, 3) - 2 * (k(1, 0) + k(1, 3) + k(2, 0) + k(2, 3)) / 4, 1e-9);
});

Deno.test("kernelDistance of large sets averages random subsets and repeats with its seed", () => {
  const [a, b] = [normals(200, "a"), normals(200, "c", 1)];
  const options = { subsetSize: 50, subsets: 10 };
  assertEquals(kernelDistance(a, b, 8, options), kernelDistance(a, b, 8, options));
  assertAlmostEquals(kernelDistance(a, b, 8, options), kernelDistance(a, b, 8), 1.5);
});

Deno.test("kernelDistance needs two vectors of each", () => {
  assertThrows(() => kernelDistance(normals(1, "a"), normals(5, "b"), 8), RangeError, "2 vectors");
});
