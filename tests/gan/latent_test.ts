import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { trainingLatents, truncatedLatent } from "../../lib/gan/latent.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const deviation = (values: Float32Array) => Math.sqrt(values.reduce((s, x) => s + x * x, 0) / values.length);

Deno.test("truncatedLatent keeps every component within sigma, of deviation 0.540 at sigma 1", () => {
  const values = truncatedLatent(1, 0, 200_000, 1);
  assert(values.every((value) => Math.abs(value) <= 1));
  assertAlmostEquals(deviation(values), 0.5397, 0.003);
});

Deno.test("truncatedLatent is plain normal for a large sigma and repeats with seed and index", () => {
  assertAlmostEquals(deviation(truncatedLatent(1, 0, 200_000, Infinity)), 1, 0.01);
  assertEquals(truncatedLatent(1, 7, 64, 1), truncatedLatent(1, 7, 64, 1));
  assertNotEquals(truncatedLatent(1, 7, 64, 1), truncatedLatent(1, 8, 64, 1));
  assertNotEquals(truncatedLatent(1, 7, 64, 1), truncatedLatent(2, 7, 64, 1));
  assertThrowsWith(() => truncatedLatent(1, 0, 4, 0), RangeError, "sigma", 0);
});

Deno.test("trainingLatents are not truncated and differ from step to step", () => {
  const values = trainingLatents(1, 0, 1000, 64);
  assertAlmostEquals(deviation(values), 1, 0.02);
  assert(values.some((value) => Math.abs(value) > 2));
  assertNotEquals(trainingLatents(1, 0, 2, 64), trainingLatents(1, 1, 2, 64));
});
