import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { geodesicDistance } from "../../lib/metrics/geodesic_distance.ts";
import { startScale, startViews } from "../../lib/pose/start_views.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { multiplyQuaternions, rotateByQuaternion } from "../../lib/rendering/quaternion.ts";
import { boatTemplate } from "./boat.ts";

const views = startViews();
const view = (i: number) => views.subarray(4 * i, 4 * i + 4);

Deno.test("the start views are 40 distinct unit rotations, closed under half a turn of azimuth", () => {
  assertEquals(views.length, 160);
  for (let i = 0; i < 40; i++) {
    assertAlmostEquals(Math.hypot(...view(i)), 1, 1e-12);
    for (let j = 0; j < i; j++) assert(geodesicDistance(view(i), view(j)) > 0.01);
    const opposite = multiplyQuaternions(view(i), [0, 0, 0, 1]);
    assertAlmostEquals(geodesicDistance(opposite, view((i + 20) % 40)), 0, 1e-12);
  }
});

Deno.test("known start views look along +x and +y with z up", () => {
  const half = Math.SQRT1_2;
  [0.5, 0.5, -0.5, 0.5].forEach((value, i) => assertAlmostEquals(view(2)[i], value, 1e-12));
  [half, half, 0, 0].forEach((value, i) => assertAlmostEquals(view(12)[i], value, 1e-12));
  const near = (actual: readonly number[], expected: readonly number[]) =>
    expected.forEach((value, i) => assertAlmostEquals(actual[i], value, 1e-12));
  near(rotateByQuaternion(view(2), [1, 0, 0]), [0, 0, 1]); // x goes into the scene
  near(rotateByQuaternion(view(12), [0, 1, 0]), [0, 0, 1]);
  near(rotateByQuaternion(view(2), [0, 0, 1]), [0, -1, 0]); // z goes up (camera y is down)
  const fromAbove = rotateByQuaternion(view(4), [0, 0, 1]); // elevation 135
  assert(fromAbove[2] < -0.5, "the top of the object is turned to the camera");
});

Deno.test("the start scale is 0.9 over the largest coordinate at scale 1", () => {
  const { vertices } = boatTemplate();
  for (const i of [0, 7, 12, 39]) {
    const extent = (scale: number) => {
      const pose = { rotation: view(i), scale, translation: [0, 0], perspective: 2 };
      const screen = Array.from(projectVertices(vertices, pose));
      return Math.max(...screen.filter((_, k) => k % 3 < 2).map(Math.abs));
    };
    const scale = startScale(vertices, view(i));
    assertAlmostEquals(scale * extent(1), 0.9, 1e-6);
    assertAlmostEquals(extent(scale), 0.9, 0.09);
  }
});
