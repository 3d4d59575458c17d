import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { iou, meanIou } from "../../lib/metrics/iou.ts";
import { unbalancedIou } from "../reference/unbalanced_iou.ts";

Deno.test("iou cuts both masks above 0.5", () => {
  const silhouette = Float32Array.of(1, 0.6, 0.5, 0, 1);
  const mask = Float32Array.of(1, 0, 1, 0, 0.51);
  assertAlmostEquals(iou(silhouette, mask), 2 / 4, 1e-6);
  assertAlmostEquals(iou(mask, mask), 1, 1e-6);
  assertEquals(iou(new Float32Array(4), new Float32Array(4)), 0);
});

Deno.test("meanIou averages the channels that are observed", () => {
  const rendered = Float64Array.of(0.5, 0.2, 0.3, 1, 0, 0); // [2, 3]
  const observed = Float64Array.of(1, 0, 0, 0.5, 0.5, 0);
  const channels = [(0.5 + 0.5) / (1 + 1), 0 / (0.2 + 0.5)];
  assertAlmostEquals(meanIou(rendered, observed, 3), (channels[0] + channels[1]) / 2, 1e-5);
  assertAlmostEquals(unbalancedIou(rendered, observed, 3), 1 / (2 + 0.7 + 0.3), 1e-5);
  assert(Number.isNaN(meanIou(rendered, new Float64Array(6), 3)));
});
