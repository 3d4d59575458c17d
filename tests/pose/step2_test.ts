import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { iou } from "../../lib/metrics/iou.ts";
import { evaluateChoice, evaluatePoses } from "../../lib/pose/evaluate.ts";
import {
  type Hypotheses,
  readPoseEstimates,
  readSemanticTemplate,
  writePoseEstimates,
  writeSemanticTemplate,
} from "../../lib/pose/files.ts";
import { choosePoses } from "../../lib/pose/step2.ts";
import { cameraTilt } from "../../lib/pose/tilt.ts";
import { assertFacts, assertRejectsWith } from "../helpers/assert_facts.ts";
import { boatDataset, boatHypotheses, boatImage, boatTemplate, flipped, poseNearView } from "./boat.ts";

const SIZE = 48;
const OPTIONS = { imageResolution: SIZE, workers: 0 };
const templates = [boatTemplate()];
const poses = Array.from(
  { length: 12 },
  (_, i) => poseNearView([1, 2, 3, 21, 22, 23][i % 6], [1, 0.01 * i, 0, 0.02]),
);
const dataset = boatDataset(poses, true);

/** Two hypotheses an image: the truth and its flip; in some images the flip has the better IoU. */
function flippedHypotheses(wrong: readonly number[]): Hypotheses {
  const pairs = poses.flatMap((pose) => [pose, flipped(pose)]);
  return boatHypotheses(dataset, pairs, (k) => (k % 2 === 1) === wrong.includes(k >> 1) ? 0.9 : 0.8);
}

Deno.test("parts tell front from back, the same for any number of workers", async () => {
  const hypotheses = flippedHypotheses([1, 5, 8]);
  const choice = await choosePoses(dataset, templates, hypotheses, OPTIONS);
  assertEquals(Array.from(choice.best), Array.from({ length: 12 }, () => 0));
  assertEquals(choice.semantics!.channelNames, ["object without part", "bow", "cabin"]);
  assertEquals(choice.semanticImages.length, 12);
  assertEquals(choice.estimates.indices.length, 11); // the worst of 12 goes
  for (const workers of [1, 3]) {
    assertEquals(await choosePoses(dataset, templates, hypotheses, { ...OPTIONS, workers }), choice);
  }
  const rows = evaluateChoice(dataset, hypotheses, choice);
  assertEquals(rows.map((row) => row.images), [12, 12, 12, 11, 12]);
  assertAlmostEquals(rows[1].flips!, 0.25, 1e-9);
  assertAlmostEquals(rows[4].geodesicDistance!, 0, 1e-6);
  assertAlmostEquals(evaluatePoses(dataset, choice.estimates).recall, 11 / 12, 1e-9);
});

Deno.test("the template's own labels can be used, and must fit", async () => {
  const choice = await choosePoses(dataset, templates, flippedHypotheses([0, 1, 2, 3, 4, 5, 6, 7]), {
    ...OPTIONS,
    semantics: "template",
  });
  assertEquals(Array.from(choice.best), Array.from({ length: 12 }, () => 0));
  assertEquals(choice.semanticImages, []);
  assertEquals(choice.scores, choice.miou);
  const unlabelled = [{ ...templates[0], partNames: ["hull", "bow", "mast"] }];
  await assertRejectsWith(
    () => choosePoses(dataset, unlabelled, flippedHypotheses([]), { ...OPTIONS, semantics: "template" }),
    UserError,
    '"boats"',
    "bow, cabin",
    "hull, bow, mast",
  );
  await assertRejectsWith(
    () =>
      choosePoses(dataset, [{ ...templates[0], partNames: [] }], flippedHypotheses([]), {
        ...OPTIONS,
        semantics: "template",
      }),
    UserError,
    '"boats"',
    "bow, cabin",
    "semantics",
    "data",
  );
});

Deno.test("the template's labels can seed the inference, and silhouettes can count too", async () => {
  const hypotheses = flippedHypotheses([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]); // silhouettes alone would label it back to front
  const options = { ...OPTIONS, semantics: "auto", silhouetteWeight: 0.5 } as const;
  const progress: string[] = [];
  const choice = await choosePoses(dataset, templates, hypotheses, options, {
    onProgress: ({ done, total }) => progress.push(`${done} of ${total}`),
  });
  assertEquals(Array.from(choice.best), Array.from({ length: 12 }, () => 0));
  assertEquals(choice.semanticImages.length, 12);
  assertEquals(progress.at(-1), "36 of 36");
  choice.scores.forEach((score, k) => assertAlmostEquals(score, choice.miou[k] + 0.5 * choice.iou[k], 1e-6));
  const misled = await choosePoses(dataset, templates, hypotheses, { ...OPTIONS, semantics: "data" });
  assert(misled.best.filter((h) => h === 1).length > 6);
  const plain = await choosePoses(dataset, [{ ...templates[0], partNames: [] }], hypotheses, options);
  assertEquals(plain.semantics!.imageCounts, [12]);
});

Deno.test("scores are IoUs at the hypotheses' poses", async () => {
  const choice = await choosePoses(dataset, templates, flippedHypotheses([]), OPTIONS);
  const truth = boatImage(poses[4], SIZE).mask, other = boatImage(flipped(poses[4]), SIZE).mask;
  assertAlmostEquals(choice.iou[8], 1, 0.03);
  assertAlmostEquals(choice.iou[9], iou(other, truth), 0.03);
  assert(choice.scores[8] > choice.scores[9]);
});

Deno.test("without parts the silhouettes decide, and it is said", async () => {
  const messages: string[] = [];
  const hypotheses = flippedHypotheses([1]);
  const choice = await choosePoses(boatDataset(poses), templates, hypotheses, OPTIONS, {
    onMessage: (sentence) => messages.push(sentence),
  });
  assertEquals(choice.best[1], 1);
  assertEquals(choice.semantics, null);
  assertEquals(choice.scores, hypotheses.iou);
  assertEquals(choice.everyImage.indices.length, 12);
  assertEquals(choice.everyImage.rotation.slice(4, 8), hypotheses.rotation.slice(12, 16));
  assertFacts(messages[0], '"boats"', "IoU", "'parts: auto'");
});

Deno.test("a level camera can be preferred", async () => {
  const level = poseNearView(2, [1, 0, 0, 0]), above = poseNearView(4, [1, 0, 0, 0]);
  assertAlmostEquals(cameraTilt(level.rotation), 0, 1e-12);
  assertAlmostEquals(cameraTilt(above.rotation), 1 - Math.cos(Math.PI / 4), 1e-12);
  const hypotheses = flippedHypotheses([]);
  hypotheses.rotation.set([...Array.from(above.rotation), ...Array.from(level.rotation)]);
  hypotheses.iou.set([0.8, 0.78]);
  const options = { ...OPTIONS, levelWeight: 0.1 };
  assertEquals((await choosePoses(boatDataset(poses), templates, hypotheses, OPTIONS)).best[0], 0);
  assertEquals((await choosePoses(boatDataset(poses), templates, hypotheses, options)).best[0], 1);
});

Deno.test("images with an empty part map score 0 and are named", async () => {
  const empty = {
    ...dataset,
    sample: async (i: number, side: number) => {
      const sample = await dataset.sample(i, side);
      return i === 3 ? { ...sample, parts: null } : sample;
    },
  };
  const messages: string[] = [];
  const choice = await choosePoses(empty, templates, flippedHypotheses([]), OPTIONS, {
    onMessage: (sentence) => messages.push(sentence),
  });
  assertEquals(Array.from(choice.scores.subarray(6, 8)), [0, 0]);
  assert(!choice.kept.includes(3));
  assert(messages.some((sentence) => sentence.includes("boat_3")));
});

Deno.test("hypotheses of other images are refused", async () => {
  const hypotheses = flippedHypotheses([]);
  await assertRejectsWith(
    () => choosePoses(boatDataset(poses.slice(1)), templates, hypotheses, OPTIONS),
    UserError,
    12,
    11,
  );
  await assertRejectsWith(
    () =>
      choosePoses(
        boatDataset(poses),
        templates,
        { ...hypotheses, ids: hypotheses.ids.toReversed() },
        OPTIONS,
      ),
    UserError,
    12,
    '"boat_0"',
  );
  await assertRejectsWith(
    () => choosePoses(dataset, [...templates, ...templates], hypotheses, OPTIONS),
    UserError,
    "1 templates",
    2,
  );
});

Deno.test("poses and part probabilities survive a file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { estimates, semantics } = await choosePoses(dataset, templates, flippedHypotheses([]), OPTIONS);
    await writePoseEstimates(`${folder}/poses.safetensors`, estimates);
    assertEquals(await readPoseEstimates(`${folder}/poses.safetensors`), estimates);
    await writeSemanticTemplate(`${folder}/semantics.safetensors`, semantics!);
    assertEquals(await readSemanticTemplate(`${folder}/semantics.safetensors`), semantics);
    await assertRejectsWith(
      () => readPoseEstimates(`${folder}/semantics.safetensors`),
      UserError,
      `${folder}/semantics.safetensors`,
      '"indices"',
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("one, three and nine images work", async () => {
  for (const count of [1, 3, 9]) {
    const all = flippedHypotheses([]);
    const few: Hypotheses = {
      ...all,
      N: count,
      rotation: all.rotation.slice(0, 8 * count),
      scale: all.scale.slice(0, 2 * count),
      translation: all.translation.slice(0, 4 * count),
      perspective: all.perspective.slice(0, 2 * count),
      weights: all.weights.slice(0, 2 * count),
      iou: all.iou.slice(0, 2 * count),
      ids: all.ids.slice(0, count),
    };
    const choice = await choosePoses(boatDataset(poses.slice(0, count), true), templates, few, OPTIONS);
    assertEquals(Array.from(choice.best), Array.from({ length: count }, () => 0));
    assertEquals([choice.rule, choice.kept.length], ["all", count]);
    const single = await choosePoses(boatDataset(poses.slice(0, count), true), templates, few, {
      ...OPTIONS,
      keepAllBelow: 0,
      discard: "margin",
    });
    assert(single.kept.length >= 1);
  }
});

Deno.test("later rounds take more images, and a template without images takes the parts of the others", async () => {
  const hypotheses = flippedHypotheses([1, 5, 8]);
  const twice = {
    ...hypotheses,
    T: 2,
    weights: Float32Array.from({ length: 48 }, (_, k) => k % 2 === 0 ? 1 : 0),
  };
  const messages: string[] = [];
  const choice = await choosePoses(dataset, [templates[0], templates[0]], twice, { ...OPTIONS, rounds: 2 }, {
    onMessage: (sentence) => messages.push(sentence),
  });
  assertEquals(Array.from(choice.best), Array.from({ length: 12 }, () => 0));
  assertEquals(choice.semantics!.imageCounts, [12, 0]);
  const size = choice.semantics!.probabilities.length / 2;
  assertEquals(choice.semantics!.probabilities.slice(size), choice.semantics!.probabilities.slice(0, size));
  assertFacts(messages.join("\n"), `"${templates[0].name}"`);
});
