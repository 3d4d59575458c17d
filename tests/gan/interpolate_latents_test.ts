import { assertAlmostEquals, assertEquals } from "@std/assert";
import { closedLatentPath, interpolateLatents } from "../../lib/gan/interpolate_latents.ts";

const X = Float32Array.of(2, 0, 0), Y = Float32Array.of(0, 4, 0);

Deno.test("interpolateLatents keeps to the circle between two codes, with a length in between", () => {
  assertEquals([...interpolateLatents(X, Y, 0)], [2, 0, 0]);
  const middle = interpolateLatents(X, Y, 0.5);
  assertAlmostEquals(Math.hypot(...middle), 3, 1e-6);
  assertAlmostEquals(middle[0], middle[1], 1e-6);
  assertEquals([...interpolateLatents(X, X, 0.3)], [2, 0, 0]);
  assertEquals([...interpolateLatents(X, X.map((value) => -value), 0.5)].every(Number.isFinite), true);
});

Deno.test("closedLatentPath passes all keys and comes back to the first", () => {
  const path = closedLatentPath([X, Y], 4);
  assertEquals(path.length, 8);
  assertEquals([...path[0]], [2, 0, 0]);
  assertAlmostEquals(path[4][1], 4, 1e-6);
  assertAlmostEquals(path[7][0], interpolateLatents(Y, X, 0.75)[0], 1e-6);
});
