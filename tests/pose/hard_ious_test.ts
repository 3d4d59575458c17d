import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { hardIou } from "../../lib/metrics/hard_iou.ts";
import { bestHypotheses, hardIous, meanHardIou } from "../../lib/pose/hard_ious.ts";
import { estimateHypotheses } from "../../lib/pose/step1.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { boatDataset, boatHypotheses, boatTemplate, poseNearView } from "./boat.ts";

const views = [2, 9, 17].map((view) => poseNearView(view));
const dataset = boatDataset(views), boat = boatTemplate();
const smaller = views.map((pose) => ({ ...pose, scale: 0.9 * pose.scale }));
const pairs = views.flatMap((pose, i) => [smaller[i], pose]);
const hypotheses = boatHypotheses(dataset, pairs, (k) => k % 2 === 0 ? 0.8 : 0.9);

Deno.test("the IoU of a mesh that fills its mask is 1, however soft its silhouette would be", async () => {
  const best = bestHypotheses(hypotheses);
  assertEquals([...best.indices], [0, 1, 2]);
  const ious = await hardIous(dataset, [boat], best);
  ious.forEach((value) => assert(value > 0.999, `${value}`)); // poses of float32
  const worse = await hardIous(dataset, [boat], { ...best, scale: best.scale.map((s) => 0.9 * s) });
  worse.forEach((value) => assertAlmostEquals(value, 0.81, 0.02));
  assertAlmostEquals((await meanHardIou(dataset, [boat], best))!, 1, 1e-3);
});

Deno.test("each pose is that of its own template, and without poses there is no mean", async () => {
  const sphere = { ...boat, vertices: Float32Array.from(sphereTopology().vertices) };
  const best = { ...bestHypotheses(hypotheses), weights: Float32Array.of(0, 1, 1, 0, 0, 1) };
  const [first, second, third] = await hardIous(dataset, [sphere, boat], best);
  assert(first > 0.999 && second < 0.7 && third > 0.999, `${first} ${second} ${third}`);
  const none = { ...best, indices: new Int32Array(0) };
  assertEquals(await meanHardIou(dataset, [sphere, boat], none), null);
});

Deno.test("step 1 shows the IoU of the mesh at the best hypothesis, for any number of workers", async () => {
  const options = { imageResolution: 32, cameraOptimSteps: 4, cameraLrDecayAfter: 3 };
  const one = boatDataset([views[0]]);
  let shown = NaN;
  const callbacks = {
    onProgress: ({ values }: { values?: Readonly<Record<string, number>> }) => shown = values!.IoU,
  };
  const found = await estimateHypotheses(one, [boat], { ...options, workers: 0 }, callbacks);
  const expected = (await meanHardIou(one, [boat], bestHypotheses(found)))!;
  assertAlmostEquals(shown, expected, 1e-6);
  await estimateHypotheses(one, [boat], { ...options, workers: 3 }, callbacks); // each fits some of the views
  assertAlmostEquals(shown, expected, 1e-6);
});

Deno.test("masks of fewer than 256 pixels a side are refused", async () => {
  const { mask } = await dataset.sample(0, 128), screen = projectVertices(boat.vertices, views[0]);
  await assertRejectsWith(
    () => Promise.resolve().then(() => hardIou(screen, mask)),
    RangeError,
    "mask",
    256,
    128,
  );
});
