import { assert, assertEquals, assertRejects } from "@std/assert";
import { useBackend } from "../../lib/backend/select_backend.ts";
import type { NdArray } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { Prng } from "../../lib/core/prng.ts";
import { poseMetadataFile, posesFile, pseudoGroundTruthFolder } from "../../lib/core/paths.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { writeDetections } from "../../original/datasets/detections_file.ts";
import { makeGenerator } from "../../lib/gan/make_generator.ts";
import { resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { ganNetworks } from "../../lib/gan/gan_networks.ts";
import { loadGenerator } from "../../lib/gan/files.ts";
import { readNpzValueFile } from "../../original/files/npy_values.ts";
import { RefusedFileError } from "../../lib/io/refused_file_error.ts";
import { readTorchFile } from "../../original/files/torch_file.ts";
import { encodeTorchFile, TensorToWrite } from "../../original/files/torch_writer.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { loadReconstruction } from "../../lib/reconstruction/files.ts";
import type { PickleValue } from "../../original/files/pickle_values.ts";
import { toTorchLayout } from "../../original/import/torch_layout.ts";
import { importOriginal } from "../../original/import/import_original.ts";
import { reconstructionConfigOf, toOurLayout } from "../../original/import/checkpoints.ts";
import { latentLengthOf, textureResolutionOf } from "../../original/import/settings.ts";
import { exportOriginal } from "../../original/import/export_original.ts";
import {
  encodeOriginalMetadata,
  encodeOriginalPoses,
  encodeOriginalStatistics,
  encodeOriginalUvSample,
  readOriginalStatistics,
} from "../../original/import/files.ts";
import { readPoseEstimates } from "../../lib/pose/files.ts";
import { readPoseMetadata, readUvSample, uvSampleFile } from "../../lib/pseudogt/files.ts";
import { assertFacts, assertRejectsWith } from "../helpers/assert_facts.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { detection, writeFile, writeImage } from "./datasets/project.ts";
import { inProject } from "../helpers/temporary_folder.ts";

const FOLDER = new URL("../fixtures/parity/checkpoints/", import.meta.url).pathname;
const image = (height: number, channels: number, value: (k: number) => number) => ({
  data: Float32Array.from({ length: height * height * channels }, (_, k) => value(k)),
  ...{ height, width: height, channels },
});

/** The original's cache of two birds. */
async function writeOriginal(): Promise<void> {
  for (const name of ["a", "b"]) await writeImage(`there/datasets/x/${name}.png`);
  await writeDetections("there/cache/birds/detections.npy", [
    detection({ imagePath: "datasets/x/a.png" }),
    detection({ id: 1, imagePath: "datasets/x/b.png" }),
  ]);
  const poses = {
    indices: Int32Array.of(1),
    rotation: Float32Array.of(1, 0, 0, 0),
    scale: Float32Array.of(0.75),
    translation: Float32Array.of(0.25, -0.5),
    perspective: Float32Array.of(2),
    weights: Float32Array.of(1),
    iou: Float32Array.of(0.875),
    miou: Float32Array.of(0.5),
    ids: ["b"],
  };
  await writeFile("there/cache/birds/poses_estimated_singletpl.bin", encodeOriginalPoses(poses));
  const metadata = { ...poses, classIndex: Int32Array.of(0) };
  await writeFile(
    "there/cache/birds/poses_metadata_singletpl.npz",
    encodeOriginalMetadata(metadata, ["datasets/x/b.png"]),
  );
  const sample = {
    ...{ id: "b", classIndex: 0 },
    displacementMap: image(32, 3, (k) => k / 4096).data,
    parts: image(8, 2, (k) => k % 2),
    texture: image(64, 3, (k) => (k % 64) / 64),
    alpha: image(64, 1, (k) => k % 2),
  };
  const bytes = encodeOriginalUvSample(sample, image(299, 4, () => 0));
  await writeFile("there/cache/birds/pseudogt_64x64_singletpl/0.npz", bytes);
  const statistics = { count: 7, mean: Float64Array.of(1, 2), covariance: Float64Array.of(4, 1, 1, 9) };
  const fid = encodeOriginalStatistics({ statistics, numImages: 7, resolution: 299 });
  await writeFile("there/cache/birds/precomputed_fid_299x299.npz", fid);
}

Deno.test("import_original: a cache is taken over, and given back byte for byte but for the photographs", () =>
  inProject(async () => {
    await writeOriginal();
    const entries = await importOriginal("there");
    assertEquals(entries.map(({ to, note }) => [to, note]), [
      ["cache/birds/detections.npy", "2 objects"],
      [posesFile("birds", "singletpl"), "1 poses"],
      [poseMetadataFile("birds", "singletpl"), "1 poses"],
      [pseudoGroundTruthFolder("birds", 64, "singletpl"), "1 photographs"],
      ["cache/birds/statistics_inception_v3.safetensors", "statistics of 7 images"],
    ]);
    const dataset = await openDataset("birds");
    assertEquals(dataset.records[1].imagePath, "there/datasets/x/b.png");
    assertEquals((await dataset.sample(1, 8)).image.height, 8);
    const poses = await readPoseEstimates(posesFile("birds", "singletpl"));
    assertEquals([poses.ids, [...poses.translation], poses.scale[0]], [["b"], [0.25, -0.5], 0.75]);
    assertEquals([...(await readPoseMetadata(poseMetadataFile("birds", "singletpl"))).translation], [
      0.25,
      -0.5,
    ]);
    const sample = await readUvSample(uvSampleFile(pseudoGroundTruthFolder("birds", 64, "singletpl"), 0));
    assertEquals([sample.texture.data[5], sample.displacementMap[7], sample.parts?.data[3]], [
      5 / 64,
      7 / 4096,
      1,
    ]);
    assert(
      (await importOriginal("there")).every(({ to, note }) => to === null && note.includes("'overwrite'")),
    );

    await exportOriginal("back", "birds");
    for (const name of ["poses_estimated_singletpl.bin", "precomputed_fid_299x299.npz"]) {
      assertEquals(
        await Deno.readFile(`back/cache/birds/${name}`),
        await Deno.readFile(`there/cache/birds/${name}`),
      );
    }
    const { data } = await readNpzValueFile("back/cache/birds/poses_metadata_singletpl.npz");
    assertEquals((data.data[0] as unknown as Map<string, unknown>).get("path"), ["there/datasets/x/b.png"]);
    const given = await readNpzValueFile("back/cache/birds/pseudogt_64x64_singletpl/0.npz");
    const names = [...(given.data.data[0] as unknown as Map<string, unknown>).keys()];
    assertEquals(names, ["mesh", "seg", "texture", "texture_alpha", "image", "category"]);
    await assertRejectsWith(
      () => exportOriginal("back", "none"),
      UserError,
      "none",
      "cache/none/poses_estimated_singletpl.safetensors",
    );
  }));

Deno.test("import_original: files that do not fit are told and left, hostile ones end it", () =>
  inProject(async () => {
    await assertRejectsWith(() => importOriginal("there"), UserError, "there", "cache/NAME");
    await writeOriginal();
    const bad = new Map([["indices", new TensorToWrite({ data: BigInt64Array.of(9n), shape: [1] })]]);
    await writeFile("there/cache/birds/poses_estimated_singletpl.bin", encodeTorchFile(bad));
    await writeFile("there/cache/birds/precomputed_fid_299x299.npz", Uint8Array.of(1, 2));
    const left = (await importOriginal("there")).filter(({ to }) => to === null);
    assertEquals(left.length, 2);
    assertFacts(left[0].note, "object 9", "2 objects");
    await Deno.copyFile(`${FOLDER}evil_os_system_zip.pth`, "there/cache/birds/poses_estimated_multitpl.bin");
    const { forbidden } = await assertRejects(
      () => importOriginal("there", { overwrite: true }),
      RefusedFileError,
    );
    assertEquals(forbidden, "posix.system");
  }));

Deno.test("import_original: the original's own statistics come back, symmetric", () =>
  inProject(async () => {
    const statistics = { count: 7, mean: Float64Array.of(1, 2), covariance: Float64Array.of(4, 1, 1, 9) };
    await writeFile("f.npz", encodeOriginalStatistics({ statistics, numImages: 7, resolution: 299 }));
    assertEquals(await readOriginalStatistics("f.npz"), { statistics, numImages: 7, resolution: 299 });
  }));

Deno.test("import_original: an averaged generator becomes a run that can be loaded", () =>
  inProject(async () => {
    await useBackend({ backend: "cpu" });
    const networks = ganNetworks(resolveGanOptions({ preset: "paper", textureResolution: 64 }), 0);
    const generator = makeGenerator(networks, new Prng(3, "test"));
    const weights = new Map(
      Object.entries(await generator.parameters.toArrays()).map(([name, array]) => [
        name,
        new TensorToWrite(toTorchLayout(generator.parameters, name, array)),
      ]),
    );
    weights.set(
      "blk1.norm1.num_batches_tracked",
      new TensorToWrite({ data: BigInt64Array.of(1n), shape: [] }),
    );
    await writeFile(
      "there/checkpoints_gan/my_multitpl/checkpoint_latest.pth",
      encodeTorchFile(new Map([["generator_running_avg", weights]])),
    );
    const [entry] = await importOriginal("there");
    assertFacts(entry.note, "generator", "64 texels", "1 classes");
    const loaded = await loadGenerator("checkpoints_gan/my_multitpl", "latest");
    assertEquals(loaded.settings.mode, "multitpl");
    assertEquals(await loaded.generator.parameters.toArrays(), await generator.parameters.toArrays());
    loaded.dispose();
    generator.dispose();
  }));

/** Weights of zeros with the names and shapes of the original. */
async function manifestWeights(): Promise<Map<string, Map<string, NdArray>>> {
  const manifest = JSON.parse(await Deno.readTextFile(`${FOLDER}manifest.json`));
  return new Map(
    Object.entries<{ generator: [string, number[]][] }>(manifest).map(([kind, { generator }]) => [
      kind,
      new Map(generator.map(([name, shape]) => {
        const size = shape.reduce((a, b) => a * b, 1);
        return [name.replace(/^module\./, ""), { data: new Float32Array(size), shape }];
      })),
    ]),
  );
}

slowTest("import_original: every network of the original has our names and shapes", async () => {
  await useBackend({ backend: "cpu" });
  for (const [kind, weights] of await manifestWeights()) {
    if (kind.startsWith("reconstruction")) {
      const network = new ReconstructionNetwork(reconstructionConfigOf(weights), new Prng(1, "test"));
      toOurLayout(network.parameters, weights, kind);
      network.dispose();
      continue;
    }
    const classes = weights.get("emb_class.weight")?.shape[0] ?? 0;
    const options = resolveGanOptions({
      preset: "paper",
      textureResolution: textureResolutionOf(weights),
      conditionalClass: classes > 0,
      latentDim: latentLengthOf(weights),
    });
    const generator = makeGenerator(ganNetworks(options, classes), new Prng(1, "test"));
    toOurLayout(generator.parameters, weights, kind);
    generator.dispose();
  }
});

slowTest(
  "import_original: a reconstruction network becomes a run that can be loaded",
  () =>
    inProject(async () => {
      await useBackend({ backend: "cpu" });
      const config = reconstructionConfig("paper", { partChannels: 3 });
      const network = new ReconstructionNetwork(config, new Prng(3, "test"));
      const weights = new Map(
        Object.entries(await network.parameters.toArrays()).map(([name, array]) => [
          `module.${name}`,
          new TensorToWrite(toTorchLayout(network.parameters, name, array)),
        ]),
      );
      const checkpoint = new Map<string, PickleValue>([["generator", weights], ["epoch", 5], [
        "iteration",
        70,
      ]]);
      await writeFile("there/checkpoints_recon/r/checkpoint_5.pth", encodeTorchFile(checkpoint));
      const [{ note }] = await importOriginal("there");
      assertFacts(note, "reconstruction network", "1 classes", "3 part channels", "optimiser");
      const loaded = await loadReconstruction("checkpoints_recon/r", "5");
      assertEquals([loaded.state.epoch, loaded.state.iteration, loaded.state.partNames.length], [5, 70, 2]);
      const wanted = await network.parameters.toArrays();
      for (const [name, array] of Object.entries(await loaded.network.parameters.toArrays())) {
        assert(array.data.every((value, i) => value === wanted[name].data[i]), name);
      }
      loaded.network.dispose();
      network.dispose();
    }),
);

Deno.test("import_original: toy checkpoints of the parity files are read as state dicts", async () => {
  const value = await readTorchFile(`${FOLDER}checkpoint_pretrained_tiny.pth`);
  assert(value instanceof Map && value.has("generator_running_avg"));
});
