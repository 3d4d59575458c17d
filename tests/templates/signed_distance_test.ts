import { assert, assertAlmostEquals } from "@std/assert";
import {
  coneDistance,
  ellipsoidDistance,
  polygonDistance,
  smoothUnion,
  tiltedEllipsoidDistance,
  wheelDistance,
} from "../../lib/templates/signed_distance.ts";

Deno.test("ellipsoidDistance is exact for a sphere and 0 on the surface of an ellipsoid", () => {
  assertAlmostEquals(ellipsoidDistance(1, 2, 2, 1, 1, 1), 2);
  assertAlmostEquals(ellipsoidDistance(0, 3, 0, 1, 3, 2), 0);
  assertAlmostEquals(ellipsoidDistance(0, 0, 0, 1, 3, 2), -1);
});

Deno.test("tiltedEllipsoidDistance lifts the front for a positive angle", () => {
  const at = (y: number, z: number) => tiltedEllipsoidDistance(0, y, z, [0, 0, 0], [1, 2, 1], 0.4);
  assertAlmostEquals(at(-2 * Math.cos(0.4), 2 * Math.sin(0.4)), 0, 1e-12);
  assert(at(-2 * Math.cos(0.4), -2 * Math.sin(0.4)) > 0.2);
});

Deno.test("coneDistance measures from the axis and has round ends", () => {
  assertAlmostEquals(coneDistance(0.5, 0.5, 0, [0, 0, 0], [0, 1, 0], 0.2, 0.4), 0.2);
  assertAlmostEquals(coneDistance(0, 2, 0, [0, 0, 0], [0, 1, 0], 0.2, 0.4), 0.6);
});

Deno.test("wheelDistance has the axis along x", () => {
  assertAlmostEquals(wheelDistance(0, 2, 0, [0, 0, 0], 1, 0.3, 0.05), 1);
  assertAlmostEquals(wheelDistance(1, 0, 0, [0, 0, 0], 1, 0.3, 0.05), 0.7);
});

Deno.test("polygonDistance is exact inside and outside of a polygon that is not convex", () => {
  const corner = [[0, 0], [2, 0], [2, 1], [1, 1], [1, 2], [0, 2]] as const;
  assertAlmostEquals(polygonDistance(0.5, 0.25, corner), -0.25);
  assertAlmostEquals(polygonDistance(1.5, 1.25, corner), 0.25);
  assertAlmostEquals(polygonDistance(3, 2, corner), Math.SQRT2);
});

Deno.test("smoothUnion is the minimum away from the seam and smaller on it", () => {
  assertAlmostEquals(smoothUnion(0.5, 0.1, 0.2), 0.1);
  assertAlmostEquals(smoothUnion(0.1, 0.1, 0.2), 0.05);
});
