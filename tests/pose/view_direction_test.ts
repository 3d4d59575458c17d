import { assertAlmostEquals, assertEquals } from "@std/assert";
import { AZIMUTHS, ELEVATIONS, startViews } from "../../lib/pose/start_views.ts";
import { viewDirection } from "../../lib/pose/view_direction.ts";
import { azimuthDifference } from "../helpers/azimuth_difference.ts";
import { multiplyQuaternions, quaternionToMatrix } from "../../lib/rendering/quaternion.ts";

const views = startViews();
const view = (v: number) => Array.from(views.subarray(4 * v, 4 * v + 4));

Deno.test("the first start view looks from the object's right, its front to the image's right", () => {
  const { azimuth, elevation } = viewDirection(view(ELEVATIONS.indexOf(90)));
  assertAlmostEquals(azimuth, 270, 1e-9);
  assertAlmostEquals(elevation, 0, 1e-9);
});

Deno.test("start views go round the object, and their elevations are angles over the horizon", () => {
  AZIMUTHS.forEach((_, a) =>
    ELEVATIONS.forEach((fromBelow, e) => {
      const { azimuth, elevation } = viewDirection(view(a * ELEVATIONS.length + e));
      assertAlmostEquals(Math.abs(elevation), Math.abs(fromBelow - 90), 1e-6);
      const level = viewDirection(view(a * ELEVATIONS.length + ELEVATIONS.indexOf(90)));
      assertAlmostEquals(azimuthDifference(azimuth, level.azimuth), 0, 1e-6);
      assertAlmostEquals(azimuth / 45, Math.round(azimuth / 45), 1e-6);
    })
  );
});

Deno.test("a front that points to the camera is 0, to the image's left 90, and a roll changes nothing", () => {
  for (let v = 0; v < views.length / 4; v++) {
    const q = view(v), { azimuth, elevation } = viewDirection(q);
    const m = quaternionToMatrix(q),
      front = [-m[1], -m[4], -m[7]],
      flat = Math.cos(elevation * Math.PI / 180);
    assertAlmostEquals(-front[0], Math.sin(azimuth * Math.PI / 180), 1e-9); // to the left
    assertAlmostEquals(-front[2], Math.cos(azimuth * Math.PI / 180) * flat, 1e-9); // to the camera
    const rolled = viewDirection(multiplyQuaternions([Math.cos(0.2), 0, 0, Math.sin(0.2)], q));
    assertAlmostEquals(azimuthDifference(rolled.azimuth, azimuth), 0, 1e-6);
    assertAlmostEquals(rolled.elevation, elevation, 1e-6);
  }
});

Deno.test("azimuths differ by at most half a turn", () => {
  assertEquals([azimuthDifference(350, 10), azimuthDifference(10, 350), azimuthDifference(0, 180)], [
    20,
    20,
    180,
  ]);
});
