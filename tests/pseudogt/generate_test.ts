import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { StoppedError, UserError } from "../../lib/core/errors.ts";
import { Prng } from "../../lib/core/prng.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { mirrorTexture } from "../../lib/mesh/mirror_texture.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { readPoseMetadata, readUvSample, uvSampleFile } from "../../lib/pseudogt/files.ts";
import { UvStore } from "../../lib/pseudogt/uv_store.ts";
import { generatePseudoGroundTruth } from "../../lib/pseudogt/generate.ts";
import type { TrainedReconstruction } from "../../lib/reconstruction/files.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { makeToyInputs } from "../reconstruction/toy_dataset.ts";

await useBackend({ backend: "auto", threads: 1 });

const inputs = makeToyInputs(5);

function untrained(): TrainedReconstruction {
  const config = reconstructionConfig("demo", { imageResolution: 32, width: 1 / 16, partChannels: 3 });
  const network = new ReconstructionNetwork(config, new Prng(1, "test"));
  const head = network.parameters.trainable.get("conv_mesh.weight")!; // a displacement that is not zero
  head.assign(head.add(0.01));
  return {
    network,
    state: {
      type: network.type,
      config,
      classParts: [[0, 1]],
      partNames: ["top", "bottom"],
      iteration: 0,
      epoch: 0,
      position: 0,
      semiCoefficient: 1,
      flatWarmup: 1,
      learningRate: 0,
      seed: 1,
      bestHardIou: null,
    },
  };
}

const options = { pseudogtResolution: 32, projectionResolution: 128, batchSize: 2 };

async function withRun(
  run: (store: UvStore, trained: TrainedReconstruction) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir(), trained = untrained();
  try {
    await run(new UvStore(join(root, "maps"), join(root, "poses.safetensors")), trained);
  } finally {
    trained.network.dispose();
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("every posed photograph gives a file, in the order of the table", () =>
  withRun(async (store, trained) => {
    const { dataset, poses } = inputs;
    const result = await generatePseudoGroundTruth(store, dataset, poses, trained, options);
    assertEquals([result.count, result.skipped], [5, []]);
    const table = await readPoseMetadata(store.metadataFile);
    assertEquals(table.ids, poses.ids);
    assertEquals(table.rotation, poses.rotation);
    for (let i = 0; i < 5; i++) {
      const sample = await readUvSample(uvSampleFile(store.folder, i));
      assertEquals(sample.id, table.ids[i]);
      const { texture, alpha, parts, displacementMap } = sample;
      assert(alpha.data.some((value) => value === 1));
      alpha.data.forEach((value, texel) => {
        assert(value >= 0 && value <= 1);
        for (let c = 0; c < 3; c++) assert(Math.abs(texture.data[texel * 3 + c]) <= value);
      });
      for (let texel = 0; texel < 64 * 64; texel++) {
        const [a, b, c] = parts!.data.subarray(texel * 3, texel * 3 + 3);
        assert(Math.abs(a + b + c - 1) < 1e-5);
      }
      const map = { data: displacementMap, height: 32, width: 32, channels: 3 };
      assertEquals(mirrorTexture(map).data, displacementMap);
      for (const row of [0, 31]) {
        for (let j = 0; j < 32 * 3; j++) {
          assertEquals(displacementMap[row * 96 + j], displacementMap[row * 96 + j % 3]);
        }
      }
    }
  }));

Deno.test("a stopped run resumes and ends as one run; files of another network are not mixed in", () =>
  withRun(async (store, trained) => {
    const { dataset, poses } = inputs;
    const whole = new UvStore(store.folder + "2", store.metadataFile + "2");
    await generatePseudoGroundTruth(whole, dataset, poses, trained, { ...options, batchSize: 3 });
    const stop = new AbortController();
    const stopped = generatePseudoGroundTruth(store, dataset, poses, trained, options, {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await assertRejects(() => stopped, StoppedError);
    await Deno.writeFile(uvSampleFile(store.folder, 1), new Uint8Array(100)); // a damaged file is made again
    const kept = await Deno.stat(uvSampleFile(store.folder, 0));
    await generatePseudoGroundTruth(store, dataset, poses, trained, options);
    assertEquals((await Deno.stat(uvSampleFile(store.folder, 0))).mtime, kept.mtime);
    for (let i = 0; i < 5; i++) {
      const [a, b] = await Promise.all(
        [store, whole].map(({ folder }) => readUvSample(uvSampleFile(folder, i))),
      );
      assertEquals(a.alpha, b.alpha);
      const difference = a.displacementMap.map((value, k) => Math.abs(value - b.displacementMap[k]));
      assert(Math.max(...difference) < 1e-5);
    }
    const other = untrained();
    other.network.parameters.trainable.get("conv_mesh.bias")!.assign(
      other.network.parameters.trainable.get("conv_mesh.bias")!.add(1),
    );
    const mixed = () => generatePseudoGroundTruth(store, dataset, poses, other, options);
    await assertRejectsWith(mixed, UserError, store.folder, "weights", "'overwrite'");
    const replaced = new UvStore(store.folder, store.metadataFile, true);
    await generatePseudoGroundTruth(replaced, dataset, poses, other, options);
    other.network.dispose();
  }));

Deno.test("a photograph that shows nothing stops the run, or is left out with its row", () =>
  withRun(async (store, trained) => {
    const { dataset, poses } = inputs;
    const translation = poses.translation.slice();
    translation[2] = 5; // the second photograph
    const moved = { ...poses, translation };
    const failing = () => generatePseudoGroundTruth(store, dataset, moved, trained, options);
    await assertRejectsWith(failing, UserError, "toy1");
    const result = await generatePseudoGroundTruth(store, dataset, moved, trained, {
      ...options,
      skipInvalid: true,
    });
    assertEquals([result.count, result.skipped], [4, ["toy1"]]);
    const ids = ["toy0", "toy2", "toy3", "toy4"];
    assertEquals((await readPoseMetadata(store.metadataFile)).ids, ids);
    for (const [i, id] of ids.entries()) {
      assertEquals((await readUvSample(uvSampleFile(store.folder, i))).id, id);
    }
    const again = await generatePseudoGroundTruth(store, dataset, moved, trained, {
      ...options,
      skipInvalid: true,
    });
    assertEquals([again.count, again.skipped], [4, ["toy1"]]);
  }));
