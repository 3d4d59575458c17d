import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { floatImage } from "../../../lib/core/arrays.ts";
import { fitPlacement } from "../../../tools/evaluation/fit_placement.ts";
import { viewIou } from "../../../lib/metrics/object_figures.ts";
import { sphereTopology } from "../../../lib/mesh/sphere_topology.ts";
import { makeToyInputs } from "../../reconstruction/toy_dataset.ts";

const vertices = sphereTopology().vertices.map((value, i) => value * [0.5, 1, 0.6][i % 3]);

Deno.test("size and place are found again from far away", async () => {
  const { dataset } = makeToyInputs(3);
  for (const i of [0, 1, 2]) {
    const observed = await dataset.sample(i, 256), pose = observed.truePose!;
    const far = { ...pose, scale: 2 * pose.scale, translation: [0.4, -0.3] };
    const found = fitPlacement(vertices, far, observed.mask);
    const iou = viewIou({ object: { vertices, texture: null }, pose: found, observed });
    assert(iou > 0.985, `${iou}`);
    assertAlmostEquals(found.scale, pose.scale, 0.02 * pose.scale);
    assertEquals([found.rotation, found.perspective], [pose.rotation, pose.perspective]);
    const half = vertices.map((value) => value / 2);
    assertAlmostEquals(fitPlacement(half, pose, observed.mask).scale, 2 * pose.scale, 0.04 * pose.scale);
  }
});

Deno.test("an empty mask leaves the pose", async () => {
  const { truePose } = await makeToyInputs(1).dataset.sample(0, 8);
  assertEquals(fitPlacement(vertices, truePose!, floatImage(64, 64, 1)), truePose!);
});
