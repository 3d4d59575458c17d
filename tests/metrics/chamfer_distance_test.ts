import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import {
  alignScaleAndShift,
  applyScaleAndShift,
  chamferDistance,
} from "../../lib/metrics/chamfer_distance.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

Deno.test("the distance is the mean of both directions' mean nearest distances", () => {
  const a = Float64Array.of(0, 0, 0, 1, 0, 0), b = Float64Array.of(0, 0, 0, 1, 3, 4);
  // from a: 0 and 1; from b: 0 and 5
  assertEquals(chamferDistance(a, b), (0.5 + 2.5) / 2);
  assertEquals(chamferDistance(b, a), chamferDistance(a, b));
  assertEquals(chamferDistance(a, a), 0);
  assertEquals(chamferDistance(a, new Float64Array(0)), NaN);
  assertThrowsWith(() => chamferDistance(a, new Float64Array(4)), TypeError, "b", "[Q, 3]", 4);
});

Deno.test("size and place are recovered, and noise is averaged", () => {
  const prng = new Prng(1, "chamfer");
  const points = prng.normals(300);
  const moved = applyScaleAndShift(points, { scale: 0.4, shift: [1, -2, 3] });
  const { scale, shift } = alignScaleAndShift(points, moved);
  assertAlmostEquals(scale, 0.4, 1e-9);
  shift.forEach((value, i) => assertAlmostEquals(value, [1, -2, 3][i], 1e-6));
  const noisy = moved.map((value) => value + 0.01 * prng.normal());
  assertAlmostEquals(alignScaleAndShift(points, noisy).scale, 0.4, 5e-3);
  assertEquals(alignScaleAndShift(new Float64Array(6), Float64Array.of(1, 1, 1, 3, 3, 3)), {
    scale: 1,
    shift: [2, 2, 2],
  });
});
