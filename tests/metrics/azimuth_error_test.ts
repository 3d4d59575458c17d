import { assertAlmostEquals, assertEquals } from "@std/assert";
import { azimuthDegrees, azimuthError, azimuthErrors } from "../../lib/metrics/azimuth_error.ts";
import { matrixToQuaternion } from "../../lib/rendering/quaternion.ts";
import { turntableRotation } from "../../lib/rendering/turntable_rotation.ts";

Deno.test("the azimuth is 0 with the front to the camera and 90 with the front to the image's left, from all heights", () => {
  // columns: where x (the object's left), y (its back) and z (up) go in a camera with x right, y down, z away
  const front = [1, 0, 0, 0, 0, -1, 0, 1, 0];
  const toLeft = [0, 1, 0, 0, 0, -1, -1, 0, 0];
  const fromAbove = [1, 0, 0, 0, -1, 0, 0, 0, -1]; // its front points down the image, as in a high view of the front
  assertAlmostEquals(azimuthDegrees(matrixToQuaternion(front)), 0, 1e-6);
  assertAlmostEquals(azimuthDegrees(matrixToQuaternion(toLeft)), 90, 1e-6);
  assertAlmostEquals(azimuthDegrees(matrixToQuaternion(fromAbove)), 0, 1e-6);
  for (const elevation of [-40, 0, 30, 89]) {
    for (const azimuth of [-150, -90, -30, 0, 45, 90, 170]) {
      const found = azimuthDegrees(turntableRotation(azimuth, elevation));
      assertAlmostEquals(azimuthError(found, azimuth), 0, 1e-4, `${azimuth} from ${elevation}`);
    }
  }
});

Deno.test("azimuth errors go the short way around", () => {
  assertEquals([azimuthError(350, 10), azimuthError(-90, 270), azimuthError(0, 180)], [20, 0, 180]);
  assertEquals(azimuthErrors([]), { count: 0, medianDegrees: null, flips: null });
  assertEquals(azimuthErrors([100, 2, 4, 6]), { count: 4, medianDegrees: 5, flips: 0.25 });
});
