import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { checkShapes } from "../../lib/core/shapes.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

Deno.test("checkShapes solves letters over shapes and flat arrays", () => {
  const letters = checkShapes("test", {
    vertices: [new Float32Array(30), ["V", 3]],
    image: [{ shape: [4, 5, 2] }, ["H", "W", "C"]],
    weights: [new Float32Array(40), ["H", "V"]],
  });
  assertEquals(letters, { V: 10, H: 4, W: 5, C: 2 });
});

Deno.test("checkShapes names the argument, the rule and the value", () => {
  assertThrowsWith(
    () => checkShapes("rasterise", { faces: [{ shape: [7, 4] }, ["F", 3]] }),
    TypeError,
    ...["rasterise", "faces", "[F=7, 3]", "[7, 4]"],
  );
  assertThrowsWith(
    () => checkShapes("rasterise", { vertices: [new Float32Array(31), ["V", 3]] }),
    TypeError,
    "vertices",
    "[V, 3]",
    31,
  );
});

Deno.test("Prng: streams are independent and a state continues", () => {
  const a = new Prng(1, "data"), b = new Prng(1, "latent"), same = new Prng(1, "data");
  assert(a.next() !== b.next());
  same.next();
  assertEquals(a.next(), same.next());
  const state = a.state, next = [a.next(), a.normal()];
  const restored = new Prng(5);
  restored.state = state;
  assertEquals([restored.next(), restored.normal()], next);
});

Deno.test("Prng: moments of the normal and the uniform numbers", () => {
  const prng = new Prng(3, "moments"), count = 20000;
  const normals = prng.normals(count);
  const mean = normals.reduce((sum, x) => sum + x, 0) / count;
  assertAlmostEquals(mean, 0, 0.03);
  assertAlmostEquals(normals.reduce((sum, x) => sum + x * x, 0) / count, 1, 0.05);
  const counts = new Array(8).fill(0);
  for (let i = 0; i < count; i++) counts[prng.integer(8)]++;
  for (const n of counts) assertAlmostEquals(n / count, 0.125, 0.012);
  assertEquals(prng.permutation(50).toSorted((x, y) => x - y), Array.from({ length: 50 }, (_, i) => i));
});
