import { assertAlmostEquals, assertEquals } from "@std/assert";
import { geodesicDistance, rotationAngleDegrees } from "../../lib/metrics/geodesic_distance.ts";
import { poseErrors } from "../../lib/metrics/pose_error.ts";

const about = (
  degrees: number,
) => [Math.cos(degrees * Math.PI / 360), 0, Math.sin(degrees * Math.PI / 360), 0];

Deno.test("the geodesic distance is sin² of half the angle and ignores signs", () => {
  for (const degrees of [0, 8, 90, 180]) {
    const expected = Math.sin(degrees * Math.PI / 360) ** 2;
    assertAlmostEquals(geodesicDistance(about(0), about(degrees)), expected, 1e-12);
    assertAlmostEquals(
      geodesicDistance(about(20), about(20 + degrees).map((value) => -value)),
      expected,
      1e-12,
    );
    assertAlmostEquals(rotationAngleDegrees(about(20), about(20 + degrees)), degrees, 1e-5);
  }
  assertAlmostEquals(geodesicDistance(about(0), about(90)), 0.5, 1e-12);
});

Deno.test("pose errors count what has a truth", () => {
  const pair = (degrees: number) => ({ estimate: about(degrees), truth: about(0) });
  const errors = poseErrors([pair(4), pair(15), { estimate: about(0), truth: null }, pair(170), pair(8)]);
  assertEquals(errors.count, 4);
  assertAlmostEquals(errors.medianDegrees!, 11.5, 1e-6);
  assertEquals([errors.under10, errors.under20, errors.flips], [0.5, 0.75, 0.25]);
});

Deno.test("without any truth the errors are not 0 but unknown", () => {
  const errors = poseErrors([{ estimate: about(0), truth: null }]);
  assertEquals(errors, {
    count: 0,
    geodesicDistance: null,
    medianDegrees: null,
    under10: null,
    under20: null,
    flips: null,
  });
});
