import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { rotationAngleDegrees } from "../../lib/metrics/geodesic_distance.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { bestHalf, hypothesisCount, PoseFitter } from "../../lib/pose/pose_fitter.ts";
import { indexOfLargest } from "../../lib/pose/running_scores.ts";
import { complementaryRotation } from "../../lib/pose/side_view.ts";
import { ESTIMATE_DEFAULTS } from "../../lib/pose/step1.ts";
import { boatPicture, boatTemplate, poseNearView } from "./boat.ts";

const { faces } = sphereTopology();
const { vertices } = boatTemplate();
const SETTINGS = { ...ESTIMATE_DEFAULTS, imageResolution: 64 };

Deno.test("the best of 40 hypotheses is within 5° of a known pose or of its complement", () => {
  const fitter = new PoseFitter(faces, [vertices], {
    ...SETTINGS,
    cameraOptimSteps: 60,
    cameraLrDecayAfter: 45,
  });
  for (const view of [7, 13, 18]) {
    const pose = poseNearView(view);
    const fitted = fitter.fit(boatPicture(pose, 64).mask);
    assertEquals(fitted.iou.length, 40);
    const best = indexOfLargest(fitted.iou);
    const rotation = fitted.rotation.subarray(4 * best, 4 * best + 4);
    const angle = Math.min(
      rotationAngleDegrees(rotation, pose.rotation),
      rotationAngleDegrees(rotation, complementaryRotation(pose.rotation)),
    );
    assert(fitted.iou[best] > 0.95, `overlap ${fitted.iou[best]}`);
    assert(angle < 5, `view ${view}: ${angle}°`);
    assertAlmostEquals(Math.hypot(...rotation), 1, 1e-6);
  }
});

Deno.test("with several templates the worse half is dropped twice, and the right shape stays", () => {
  const sphere = Float32Array.from(sphereTopology().vertices);
  const settings = { ...SETTINGS, imageResolution: 32, cameraOptimSteps: 10 };
  const { mask } = boatPicture(poseNearView(2), 32);
  const fitted = new PoseFitter(faces, [sphere, vertices], settings).fit(mask);
  assertEquals(fitted.iou.length, 20);
  assertEquals(fitted.template[indexOfLargest(fitted.iou)], 1);
  const all = new PoseFitter(faces, [sphere, vertices], { ...settings, noPrune: true }).fit(mask);
  assertEquals(Array.from(all.template.subarray(0, 4)), [0, 1, 0, 1]);
  assertEquals(all.iou.length, 80);
});

Deno.test("the fast schedule finds the same poses with few hypotheses", () => {
  const fitter = new PoseFitter(faces, [vertices], { ...SETTINGS, schedule: "fast" });
  for (const view of [7, 18]) {
    const pose = poseNearView(view);
    const fitted = fitter.fit(boatPicture(pose, 64).mask);
    assertEquals(fitted.iou.length, 14);
    const best = indexOfLargest(fitted.iou);
    const rotation = fitted.rotation.subarray(4 * best, 4 * best + 4);
    const angle = Math.min(
      rotationAngleDegrees(rotation, pose.rotation),
      rotationAngleDegrees(rotation, complementaryRotation(pose.rotation)),
    );
    assert(fitted.iou[best] > 0.95 && angle < 6, `view ${view}: ${angle}°, overlap ${fitted.iou[best]}`);
  }
});

Deno.test("the number of hypotheses that a fit ends with", () => {
  assertEquals([1, 2, 5].map((T) => hypothesisCount(T, SETTINGS)), [40, 20, 50]);
  assertEquals(hypothesisCount(5, { ...SETTINGS, noPrune: true }), 200);
  assertEquals([1, 4].map((T) => hypothesisCount(T, { ...SETTINGS, schedule: "fast" })), [14, 20]);
  assertEquals(bestHalf([0.3, 0.9, 0.9, 0.1, 0.3]), [1, 2]);
  assertEquals(bestHalf([0.5, 0.1, 0.5, 0.5]), [0, 2]);
});

Deno.test("wrong settings are refused", () => {
  const make = (settings: object) => () => new PoseFitter(faces, [vertices], { ...SETTINGS, ...settings });
  assertThrows(make({ cameraOptimSteps: 0 }), RangeError, "current value is 0");
  assertThrows(make({ imageResolution: 50 }), RangeError, "multiple of 16");
  assertThrows(() => new PoseFitter(faces, [], SETTINGS), RangeError, "0 templates");
  const fast = new PoseFitter(faces, [vertices], { ...SETTINGS, schedule: "fast" });
  const fitSome = () => fast.fit(new Float32Array(64 * 64), { first: 0, end: 20 });
  assertThrows(fitSome, RangeError, "by comparing all");
});
