import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { iou } from "../../lib/metrics/iou.ts";
import { complementaryRotation, sideViewScore } from "../../lib/pose/side_view.ts";
import { startViews } from "../../lib/pose/start_views.ts";
import { normalizeQuaternion, quaternionToMatrix } from "../../lib/rendering/quaternion.ts";
import { boatImage, poseNearView } from "./boat.ts";

Deno.test("the side-view score is (q·q_c)² = R₂₀², and the complement of the complement is q", () => {
  const prng = new Prng(1, "quaternions");
  for (let i = 0; i < 20; i++) {
    const q = normalizeQuaternion(prng.normals(4));
    const complement = complementaryRotation(q);
    const dot = q.reduce((sum, value, k) => sum + value * complement[k], 0);
    assertAlmostEquals(sideViewScore(q), dot * dot, 1e-12);
    assertAlmostEquals(sideViewScore(q), quaternionToMatrix(q)[6] ** 2, 1e-12);
    assertEquals(complementaryRotation(complement), q);
  }
});

Deno.test("an exact side view scores 1, a front view 0", () => {
  const views = startViews();
  assertAlmostEquals(sideViewScore(views.subarray(4 * 2, 4 * 3)), 1, 1e-12); // azimuth 0 looks along x
  assertAlmostEquals(sideViewScore(views.subarray(4 * 12, 4 * 13)), 0, 1e-12); // azimuth 90 looks along y
});

Deno.test("without perspective a pose and its complement have the same silhouette", () => {
  const pose = { ...poseNearView(7), perspective: 30 };
  const other = { ...pose, rotation: complementaryRotation(pose.rotation) };
  assert(iou(boatImage(pose, 64).mask, boatImage(other, 64).mask) > 0.97);
});
