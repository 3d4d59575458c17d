import { resolveOptions } from "../../lib/core/option.ts";
import { ESTIMATE_OPTIONS } from "../../lib/pose/estimate_options.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { rotationAngleDegrees } from "../../lib/metrics/geodesic_distance.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { bestHalf } from "../../lib/pose/prune.ts";
import { hypothesisCount } from "../../lib/pose/fit_settings.ts";
import { PoseFitter } from "../../lib/pose/pose_fitter.ts";
import { indexOfLargest } from "../../lib/pose/running_scores.ts";
import { complementaryRotation } from "../../lib/pose/side_view.ts";
import type { Pose } from "../../lib/rendering/cameras.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { boatImage, boatTemplate, poseNearView } from "./boat.ts";

const { faces } = sphereTopology();
const { vertices } = boatTemplate();
const SETTINGS = resolveOptions(ESTIMATE_OPTIONS, { imageResolution: 64 });

/** Number of hypotheses of a fit, and the best one: IoU, rotation and its angle to the pose or its complement. */
function bestFit(fitter: PoseFitter, pose: Pose) {
  const fitted = fitter.fit(boatImage(pose, 64).mask), best = indexOfLargest(fitted.iou);
  const rotation = fitted.rotation.subarray(4 * best, 4 * best + 4);
  const angle = Math.min(
    rotationAngleDegrees(rotation, pose.rotation),
    rotationAngleDegrees(rotation, complementaryRotation(pose.rotation)),
  );
  return { count: fitted.iou.length, iou: fitted.iou[best], angle, rotation };
}

Deno.test("the best of 40 hypotheses is within 5° of a known pose or of its complement", () => {
  const fitter = new PoseFitter(faces, [vertices], {
    ...SETTINGS,
    cameraOptimSteps: 60,
    cameraLrDecayAfter: 45,
  });
  for (const view of [7, 13, 18]) {
    const pose = poseNearView(view);
    const { count, iou, angle, rotation } = bestFit(fitter, pose);
    assertEquals(count, 40);
    assert(iou > 0.95 && angle < 5, `view ${view}: ${angle}°, IoU ${iou}`);
    assertAlmostEquals(Math.hypot(...rotation), 1, 1e-6);
  }
});

Deno.test("with several templates the worse half is dropped twice, and the right shape stays", () => {
  const sphere = Float32Array.from(sphereTopology().vertices);
  const settings = { ...SETTINGS, imageResolution: 32, cameraOptimSteps: 10 };
  const { mask } = boatImage(poseNearView(2), 32);
  const fitted = new PoseFitter(faces, [sphere, vertices], settings).fit(mask);
  assertEquals(fitted.iou.length, 20);
  assertEquals(fitted.template[indexOfLargest(fitted.iou)], 1);
  const all = new PoseFitter(faces, [sphere, vertices], { ...settings, noPrune: true }).fit(mask);
  assertEquals(Array.from(all.template.subarray(0, 4)), [0, 1, 0, 1]);
  assertEquals(all.iou.length, 80);
});

Deno.test("a soft target gives the size of the object, a plain mask a smaller one", () => {
  const pose = poseNearView(7), { mask } = boatImage(pose, 64);
  const scaleWith = (silhouetteTarget: "plain" | "soft") => {
    const settings = { ...SETTINGS, cameraOptimSteps: 60, cameraLrDecayAfter: 45, silhouetteTarget };
    const { iou, scale } = new PoseFitter(faces, [vertices], settings).fit(mask, { first: 6, end: 9 });
    return scale[indexOfLargest(iou)] / pose.scale;
  };
  const plain = scaleWith("plain"), soft = scaleWith("soft");
  assert(plain < soft && Math.abs(soft - 1) < Math.abs(plain - 1), `plain ${plain}, soft ${soft}`);
});

Deno.test("the fast schedule finds the same poses with few hypotheses", () => {
  const fitter = new PoseFitter(faces, [vertices], { ...SETTINGS, schedule: "fast" });
  for (const view of [7, 18]) {
    const pose = poseNearView(view);
    const { count, iou, angle } = bestFit(fitter, pose);
    assertEquals(count, 14);
    assert(iou > 0.95 && angle < 6, `view ${view}: ${angle}°, IoU ${iou}`);
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
  assertThrowsWith(make({ cameraOptimSteps: 0 }), RangeError, "steps", 0);
  assertThrowsWith(make({ imageResolution: 50 }), RangeError, "resolution", 16, 50);
  assertThrowsWith(() => new PoseFitter(faces, [], SETTINGS), RangeError, "0 templates");
  const fast = new PoseFitter(faces, [vertices], { ...SETTINGS, schedule: "fast" });
  const fitSome = () => fast.fit(new Float32Array(64 * 64), { first: 0, end: 20 });
  assertThrowsWith(fitSome, RangeError, "0 to 20");
});
