import { assert, assertAlmostEquals } from "@std/assert";
import { rotationDisagreement } from "../../lib/metrics/rotation_disagreement.ts";

const upright = [1, 0, 0, 0], turned = [0, 0, 0, 1], half = [Math.SQRT1_2, 0, 0, -Math.SQRT1_2];
const negative = upright.map((value) => -value);

Deno.test("equal rotations agree, whatever the sign of the quaternion", () => {
  assertAlmostEquals(rotationDisagreement([0.5, 0.5, 0.2], [...upright, ...negative, ...upright]), 0, 1e-12);
});

Deno.test("two equally likely rotations half a turn apart disagree by ½", () => {
  assertAlmostEquals(rotationDisagreement([0.7, 0.7], [...upright, ...turned]), 0.5, 1e-12);
  assertAlmostEquals(rotationDisagreement([0.7, 0.7], [...upright, ...half]), 0.25, 1e-12);
});

Deno.test("unlikely hypotheses hardly count, more so at a low temperature", () => {
  const rotations = [...upright, ...turned];
  assert(rotationDisagreement([0.9, 0.8], rotations) < 1e-4);
  assert(rotationDisagreement([0.9, 0.8], rotations, 0.1) > 0.3);
});
