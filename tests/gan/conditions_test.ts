import { assert, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { exportSamples } from "../../lib/pipeline/export_samples.ts";
import { evaluateGenerator } from "../../lib/gan/evaluate_generator.ts";
import { truncatedLatent } from "../../lib/gan/latent.ts";
import { sharpenParts } from "../../lib/gan/part_maps.ts";
import { computeRealStatistics } from "../../lib/gan/real_statistics.ts";
import { generateSamples } from "../../lib/gan/generate_samples.ts";
import { loadGenerator } from "../../lib/gan/files.ts";
import { loadFeatureNetwork } from "../../lib/metrics/load_feature_network.ts";
import { loadCheckpoint } from "../../lib/training/checkpoint.ts";
import { assertRejectsWith, assertThrowsWith } from "../helpers/assert_facts.ts";
import { toyDataset } from "./_dataset.ts";
import { inFolderOnWasm, runIn, trainIn } from "./_run.ts";

const OPTIONS = { preset: "demo", textureResolution: 64, batchSize: 2, epochs: 1, lrG: 0.01 } as const;

Deno.test("sharpened part maps have one part a texel", () => {
  const map = {
    data: Float32Array.of(0.6, 0.4, 0.45, 0.55, 0, 1, 0.5, 0.5),
    height: 2,
    width: 2,
    channels: 2,
  };
  const { data, height } = sharpenParts(map, "a");
  const at = (row: number, column: number) => data[(row * 128 + column) * 2];
  assertEquals(height, 128);
  assert(at(0, 0) > 0.999 && at(63, 64) < 1e-3 && at(64, 63) < 1e-3 && at(127, 127) === 0.5);
  assertThrowsWith(() => sharpenParts(null, "a"), UserError, "parts", "a", "generate_pseudogt");
});

Deno.test("--conditional_semantics trains, generates by the parts and is exported", () =>
  inFolderOnWasm(async (folder) => {
    const dataset = toyDataset(4, 64, 1, 3);
    // without components, with which the last convolution starts at zero and a few steps show little of the parts
    const options = { ...OPTIONS, conditionalSemantics: true, components: 0 };
    const { folder: path } = await trainIn(dataset, runIn(folder), options);
    const { arrays } = await loadCheckpoint(path, "latest");
    assertEquals(arrays["generator/enc1.weight_orig"].shape.slice(0, 3), [3, 3, 3]);
    assertEquals(arrays["discriminator/d1.conv1.weight_orig"].shape[2], 8 + 3);
    const loaded = await loadGenerator(path, "latest");
    const latent = truncatedLatent(1, 0, 64, 1);
    const reals = [await dataset.sample(0), await dataset.sample(1)];
    const [a, b] = await generateSamples(loaded.generator, [latent, latent], [0, 0], reals);
    assert(a.texture.data.some((value, i) => Math.abs(value - b.texture.data[i]) > 1e-4));
    await assertRejectsWith(
      () => generateSamples(loaded.generator, [latent], [0]),
      TypeError,
      "UV maps",
      1,
      "null",
    );
    loaded.dispose();
    const run = { name: "toy", folder: path, output: `${folder}/out`, poses: dataset.poses, dataset };
    assertEquals((await exportSamples(run, { howMany: 2, formats: ["glb"] })).meshes.length, 2);
    await assertRejectsWith(
      () => trainIn(toyDataset(4, 64), runIn(`${folder}/none`), options),
      UserError,
      "'conditionalSemantics'",
      0,
      "'predictionType: both'",
    );
  }));

Deno.test("--texture_only trains two texture discriminators and shows textures on the photographs' meshes", () =>
  inFolderOnWasm(async (folder) => {
    const dataset = toyDataset(4, 64);
    const { folder: path } = await trainIn(dataset, runIn(folder), { ...OPTIONS, textureOnly: true });
    const { arrays } = await loadCheckpoint(path, "latest");
    assertEquals(arrays["generator/conv_mesh.weight"], undefined);
    assertEquals(arrays["discriminator/d2.pos_emb"].shape, [1, 32, 32, 4]);
    assertEquals(arrays["discriminator/d2.conv1.weight_orig"].shape[2], 8);
    const loaded = await loadGenerator(path, "latest");
    const real = await dataset.sample(2);
    const [sample] = await generateSamples(loaded.generator, [truncatedLatent(1, 0, 64, 1)], [0], [real]);
    assertEquals(sample.map, real.displacementMap);
    const network = await loadFeatureNetwork("random_features");
    const grey = { data: new Float32Array(64 * 64 * 3).fill(0.5), height: 64, width: 64, channels: 3 };
    const image = (i: number) =>
      Promise.resolve({ ...grey, data: grey.data.map((value, k) => value + 0.1 * ((k * (i + 1)) % 3)) });
    const statistics = await computeRealStatistics({ name: "toy", length: 4, image }, network);
    const distances = await evaluateGenerator(loaded.generator, dataset, statistics, network);
    assert(Number.isFinite(distances.combined));
    assertEquals([distances.textureOnly, distances.meshOnly], [null, null]);
    network.dispose();
    loaded.dispose();
  }));
