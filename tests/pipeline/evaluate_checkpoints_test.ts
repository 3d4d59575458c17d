import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { floatImage } from "../../lib/core/arrays.ts";
import { Prng } from "../../lib/core/prng.ts";
import { tf } from "../../lib/core/tensor.ts";
import { bestCheckpoint, readEvaluations } from "../../lib/gan/files.ts";
import { evaluateCheckpoints } from "../../lib/pipeline/evaluate_checkpoints.ts";
import { chooseFakes } from "../../lib/gan/evaluate_generator.ts";
import {
  computeRealStatistics,
  type ImageSource,
  readRealStatistics,
  writeRealStatistics,
} from "../../lib/gan/real_statistics.ts";
import { overGrey, poseOfRow, renderSample, rowsOfClass } from "../../lib/gan/sampling.ts";
import { loadFeatureNetwork } from "../../lib/metrics/load_feature_network.ts";
import { toyDataset } from "../gan/_dataset.ts";
import { toyRun } from "../gan/_run.ts";
import { assertFacts, assertRejectsWith, assertThrowsWith } from "../helpers/assert_facts.ts";

/** Discs of random colours on mid grey. */
const IMAGES: ImageSource = {
  name: "toy",
  length: 7,
  image(index, resolution) {
    const image = floatImage(resolution, resolution, 3), prng = new Prng(1, "disc", index);
    const colour = [prng.next(), prng.next(), prng.next()];
    image.data.forEach((_, i, data) => {
      const pixel = Math.floor(i / 3), x = pixel % resolution, y = Math.floor(pixel / resolution);
      data[i] = Math.hypot(x - resolution / 2, y - resolution / 2) < resolution / 3 ? colour[i % 3] : 0.5;
    });
    return Promise.resolve(image);
  },
};

Deno.test("chooseFakes takes exactly as many as wanted of whole passes, without replacement", () => {
  for (const count of [4, 5, 6, 11]) {
    const chosen = chooseFakes(count, 5, 1);
    assertEquals([chosen.length, new Set(chosen).size], [count, count]);
    assert(chosen.every((fake) => fake < Math.ceil(count / 5) * 5));
  }
});

Deno.test("images of objects have mid grey of exactly 0.5 behind them, and a pose's depth only if wanted", async () => {
  const dataset = toyDataset(1, 64);
  const { displacementMap, texture } = await dataset.sample(0);
  const pose = poseOfRow(dataset.poses, 0, false);
  assertEquals(pose.perspective, Infinity);
  assertEquals(poseOfRow(dataset.poses, 0, true).perspective, 3);
  const options = { size: 64, supersample: 1, symmetric: true };
  const image = overGrey(renderSample(displacementMap, texture, pose, options));
  assertEquals([...image.data.subarray(0, 3)], [0.5, 0.5, 0.5]);
  const centre = 3 * (32 * 64 + 32);
  assert(image.data.subarray(centre, centre + 3).some((value) => Math.abs(value - 0.5) > 0.05));
});

Deno.test("real statistics survive their file and refuse another network", async () => {
  await tf.setBackend("cpu");
  const folder = await Deno.makeTempDir(), path = `${folder}/statistics.safetensors`;
  const network = await loadFeatureNetwork("random_features");
  const real = await computeRealStatistics(IMAGES, network);
  await writeRealStatistics(path, real);
  const back = await readRealStatistics(path, network);
  assertEquals([back.config, back.features], [real.config, real.features]);
  real.statistics.covariance.forEach((value, i) =>
    assertAlmostEquals(back.statistics.covariance[i], value, 1e-6)
  );
  await assertRejectsWith(
    () => readRealStatistics(path, { ...network, weightsHash: "0" }),
    UserError,
    path,
    "weights",
    0,
  );
  await assertRejectsWith(
    () => computeRealStatistics({ ...IMAGES, length: 1 }, network),
    UserError,
    "toy",
    1,
    2,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("evaluateCheckpoints repeats, does not depend on the batch, searches the best and keeps results", async () => {
  const folder = await Deno.makeTempDir();
  await toyRun(folder, { 1: 5, 2: 6, 3: 5, latest: 7 }); // 1 and 3 are equal: a tie
  const network = await loadFeatureNetwork("random_features");
  const real = await computeRealStatistics(IMAGES, network);
  const inputs = { folder, dataset: toyDataset(3, 64), real, network };
  const [three] = await evaluateCheckpoints(inputs, { batchSize: 3 });
  const [two] = await evaluateCheckpoints(inputs, { batchSize: 2, fresh: true });
  assertAlmostEquals(two.combined, three.combined, 1e-3 * three.combined);
  assertEquals([three.recipe.samples, three.recipe.posedImages, three.recipe.featureNetwork], [
    7,
    3,
    "random_features",
  ]);
  assertEquals(three.label, "FD(random_features)");
  assert(three.textureOnly !== null && three.meshOnly !== null && three.caution !== null);

  let evaluated = 0;
  const callbacks = { onProgress: () => void evaluated++ };
  const [best] = await evaluateCheckpoints(inputs, { whichEpoch: "best", hybrids: false }, callbacks);
  const { entries, best: recorded } = await readEvaluations(folder);
  const numbered = entries.filter(({ whichEpoch }) => /^\d+$/.test(whichEpoch));
  const least = Math.min(...numbered.map(({ combined }) => combined));
  assertEquals([best.combined, recorded?.combined], [least, least]);
  if (best.whichEpoch !== "2") assertEquals(best.whichEpoch, "3"); // the later one of a tie
  assertEquals(await bestCheckpoint(folder), recorded?.whichEpoch);
  const before = evaluated;
  await evaluateCheckpoints(inputs, { whichEpoch: "best", hybrids: false }, callbacks);
  assertEquals(evaluated, before);
  await Deno.copyFile(`${folder}/checkpoint_latest.safetensors`, `${folder}/checkpoint_best.safetensors`);
  const messages: string[] = [];
  const onMessage = (message: string) => void messages.push(message);
  await evaluateCheckpoints(inputs, { whichEpoch: "best", hybrids: false }, { onMessage });
  assertFacts(messages.join("; "), "best", 3);
  const sweep = await evaluateCheckpoints(inputs, { truncationSigma: [0.5, 1], hybrids: false });
  assertEquals(sweep.map(({ recipe }) => recipe.truncationSigma), [0.5, 1]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("rowsOfClass splits the rows by class", () => {
  const { poses } = toyDataset(6, 16, 2);
  const networks = {
    preset: "demo",
    textureResolution: 64,
    symmetric: true,
    latentDim: 64,
    classes: 2,
    normG: "batch",
    normD: "none",
    numDiscriminators: 2,
    startFromMean: true,
  } as const;
  const names = ["car", "bird"];
  const rows = names.map((name) => rowsOfClass(poses, networks, name, names));
  assertEquals(rows, [[0, 1, 2], [3, 4, 5]]);
  assertThrowsWith(
    () => rowsOfClass(poses, networks, "cat", names),
    UserError,
    "'filterClass'",
    "car, bird",
    "cat",
  );
  assertThrowsWith(
    () => rowsOfClass(poses, { ...networks, classes: 0 }, "car", names),
    UserError,
    "'filterClass'",
    "'conditionalClass'",
  );
});
