import { assert, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { refineTemplates } from "../../lib/pipeline/refine_template.ts";
import type { PoseEstimates } from "../../lib/pose/files.ts";
import { refineTemplate } from "../../lib/pose/refine_template.ts";
import { assertFacts, assertRejectsWith, assertThrowsWith } from "../helpers/assert_facts.ts";
import { boatDataset, boatImage, boatTemplate, poseNearView } from "./boat.ts";

const SIZE = 48;
const truth = boatTemplate();
/** The boat too high and too narrow. */
const rough = { ...truth, vertices: truth.vertices.map((value, i) => value * [0.75, 1, 1.4][i % 3]) };
const poses = Array.from({ length: 12 }, (_, i) => poseNearView((7 * i + 1) % 40, [1, 0.01 * i, 0, 0.02]));
const dataset = boatDataset(poses);
const estimates: PoseEstimates = {
  indices: Int32Array.from(poses.keys()),
  rotation: Float32Array.from(poses.flatMap(({ rotation }) => Array.from(rotation))),
  scale: Float32Array.from(poses, ({ scale }) => scale),
  translation: Float32Array.from(poses.flatMap(({ translation }) => Array.from(translation))),
  perspective: Float32Array.from(poses, ({ perspective }) => perspective),
  weights: new Float32Array(12).fill(1),
  iou: new Float32Array(12),
  miou: new Float32Array(12),
  ids: dataset.records.map(({ id }) => id),
};
/** Width and height as shares of the length. */
const proportions = (vertices: Float32Array) => {
  const extents = [0, 1, 2].map((axis) => {
    const values = vertices.filter((_, i) => i % 3 === axis);
    return Math.max(...values) - Math.min(...values);
  });
  return [extents[0] / extents[1], extents[2] / extents[1]];
};
const differenceTo = (vertices: Float32Array) =>
  proportions(vertices).map((share, axis) => Math.abs(share - proportions(truth.vertices)[axis]));

Deno.test("a rough template comes nearer to the true shape, symmetric and at the same size", async () => {
  const options = { imageResolution: SIZE, steps: 24 };
  const { templates, figures } = await refineTemplates(dataset, [rough], estimates, options);
  const { vertices } = templates[0];
  assertEquals(figures[0].images, 12);
  assert(
    figures[0].iouAfter! > figures[0].iouBefore! + 0.03,
    `${figures[0].iouBefore} ${figures[0].iouAfter}`,
  );
  const before = differenceTo(rough.vertices), after = differenceTo(vertices);
  after.forEach((difference, axis) => assert(difference < 0.6 * before[axis], `${before} ${after}`));
  const { negativeIndices, positiveIndices } = sphereTopology();
  negativeIndices.forEach((n, i) => {
    const p = positiveIndices[i];
    assert(Math.abs(vertices[3 * n] + vertices[3 * p]) < 1e-6 && vertices[3 * n + 1] === vertices[3 * p + 1]);
  });
  assert(Math.abs(Math.max(...vertices.map(Math.abs)) - 1) < 0.05);
  assertEquals(templates[0].partLabels, rough.partLabels);
  const again = await refineTemplates(dataset, [rough], estimates, options);
  assertEquals(again.templates[0].vertices, vertices);
});

Deno.test("a soft target keeps the size that a plain mask takes from a template", async () => {
  const refined = async (silhouetteTarget: "plain" | "soft") => {
    const options = { imageResolution: SIZE, steps: 12, silhouetteTarget };
    return (await refineTemplates(dataset, [truth], estimates, options)).figures[0].iouAfter!;
  };
  const plain = await refined("plain"), soft = await refined("soft");
  assert(soft > plain + 0.02 && soft > 0.95, `plain ${plain}, soft ${soft}`);
});

Deno.test("too few images leave a template as it is; none at all is told", async () => {
  const messages: string[] = [];
  const weights = Float32Array.from({ length: 24 }, (_, k) => k % 2 === 0 ? 1 : 0);
  const options = { imageResolution: SIZE, steps: 1 };
  const { templates, figures } = await refineTemplates(
    dataset,
    [rough, truth],
    { ...estimates, weights },
    options,
    { onMessage: (sentence) => messages.push(sentence) },
  );
  assertEquals(templates[1], truth);
  assertEquals(figures[1].iouAfter, null);
  assertFacts(messages[0], "boat", 0, 10);
  const few = { ...estimates, indices: Int32Array.of(0), ids: ["boat_0"], weights: Float32Array.of(1) };
  await assertRejectsWith(() => refineTemplates(dataset, [rough], few, options), UserError, "boat 1");
  const { mask } = boatImage(poses[0], SIZE);
  assertThrowsWith(() => refineTemplate(rough.vertices, []), RangeError, "0 images");
  assertEquals(refineTemplate(rough.vertices, [{ mask, pose: poses[0] }], options).vertices.length, 962 * 3);
});

Deno.test("poses of another data set are refused", async () => {
  const ids = estimates.ids.map((id) => `other_${id}`);
  await assertRejectsWith(
    () => refineTemplates(dataset, [rough], { ...estimates, ids }),
    UserError,
    '"boats"',
    '"other_boat_0"',
  );
  await assertRejectsWith(
    () => refineTemplates(dataset, [rough, rough], estimates),
    UserError,
    "1 templates",
    2,
  );
});
