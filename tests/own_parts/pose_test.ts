import { resolveOptions } from "../../lib/core/option.ts";
import { ESTIMATE_OPTIONS } from "../../lib/pose/estimate_options.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import type { SilhouetteLoss } from "../../lib/pose/own_loss.ts";
import { PoseFitter } from "../../lib/pose/pose_fitter.ts";
import { estimateHypotheses } from "../../lib/pose/step1.ts";
import { makeToyInputs } from "../reconstruction/toy_dataset.ts";
import { boatImage, boatTemplate, poseNearView } from "../pose/boat.ts";

const { faces } = sphereTopology(), { vertices } = boatTemplate();
const SETTINGS = resolveOptions(ESTIMATE_OPTIONS, {
  imageResolution: 64,
  cameraOptimSteps: 20,
  cameraLrDecayAfter: 15,
});

/** The paper's loss, as a user would write it. */
const squares: SilhouetteLoss = (silhouette, wanted, gradient) => {
  let sum = 0;
  for (let p = 0; p < silhouette.length; p++) {
    const difference = silhouette[p] - wanted[p];
    sum += difference ** 2 / silhouette.length;
    gradient[p] = 2 * difference / silhouette.length;
  }
  return sum;
};

/** Absolute differences. */
const absolutes: SilhouetteLoss = (silhouette, wanted, gradient) => {
  let sum = 0;
  for (let p = 0; p < silhouette.length; p++) {
    sum += Math.abs(silhouette[p] - wanted[p]) / silhouette.length;
    gradient[p] = Math.sign(silhouette[p] - wanted[p]) / silhouette.length;
  }
  return sum;
};

describe("a pose search with a loss of one's own", () => {
  const { mask } = boatImage(poseNearView(7), 64), views = { first: 6, end: 9 };
  const fit = (loss?: SilhouetteLoss, sharpness?: number) =>
    new PoseFitter(faces, [vertices], { ...SETTINGS, ...(sharpness && { sharpness }) }, { loss }).fit(
      mask,
      views,
    );

  it("is the paper's where the loss is", () => {
    const own = fit(squares), paper = fit();
    own.rotation.forEach((value, i) => assertAlmostEquals(value, paper.rotation[i], 2e-3));
    own.iou.forEach((value, i) => assertAlmostEquals(value, paper.iou[i], 2e-3));
  });

  it("finds the object by absolute differences, too", () => {
    assert(Math.max(...fit(absolutes).iou) > 0.9);
  });

  it("takes a sharpness", () => {
    assertEquals(fit(undefined, 7000).rotation, fit().rotation);
    assert(Math.max(...fit(undefined, 2000).iou) > 0.85);
  });

  it("needs no workers, and gives what the fitter does", async () => {
    const { dataset, templates } = makeToyInputs(1), calls: number[] = [];
    const loss: SilhouetteLoss = (...arrays) => calls.push(1) && squares(...arrays);
    const settings = { ...SETTINGS, imageResolution: 32, cameraOptimSteps: 4 };
    const { iou } = await estimateHypotheses(dataset, templates, { ...settings, workers: 2 }, {}, { loss });
    assertEquals([iou.length, calls.length], [40, 160]);
  });
});
