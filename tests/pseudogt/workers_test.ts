import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { datasetOf } from "../../lib/datasets/open_dataset.ts";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import type { PoseEstimates } from "../../lib/pose/files.ts";
import { generatePseudoGroundTruth } from "../../lib/pseudogt/generate.ts";
import { UvStore } from "../../lib/pseudogt/uv_store.ts";
import { createRunner } from "../../lib/pseudogt/uv_task.ts";
import type { ReconstructionState } from "../../lib/reconstruction/files.ts";

await useBackend({ backend: "auto", threads: 1 });

/** The true poses of a data set. */
function truePoses({ records }: Dataset): PoseEstimates {
  const values = (pick: (i: number) => ArrayLike<number>) =>
    Float32Array.from(records.flatMap((_, i) => Array.from(pick(i))));
  const ones = new Float32Array(records.length).fill(1);
  return {
    indices: Int32Array.from(records.keys()),
    ids: records.map(({ id }) => id),
    rotation: values((i) => records[i].truePose!.rotation),
    scale: values((i) => [records[i].truePose!.scale]),
    translation: values((i) => records[i].truePose!.translation),
    perspective: values((i) => [records[i].truePose!.perspective]),
    weights: ones,
    iou: ones,
    miou: ones,
  };
}

Deno.test("any number of workers writes the same files", async () => {
  const root = await Deno.makeTempDir();
  try {
    const photos = join(root, "photos");
    await makeSynthetic(photos, { category: "car", count: 5, seed: 2, resolution: 96 });
    const { description } = await inspectPhotographs(photos, { name: "workers", category: "car" });
    const dataset = datasetOf(description!);
    const config = reconstructionConfig("demo", {
      imageResolution: 32,
      width: 1 / 16,
      predictionType: "texture",
      partChannels: 1,
    });
    const network = new ReconstructionNetwork(config, new Prng(1, "test"));
    const state = {
      classParts: [[]] as number[][],
      partNames: [] as string[],
    } as unknown as ReconstructionState;
    for (const workers of [0, 2]) {
      const folder = join(root, `${workers}`), metadataFile = join(root, `${workers}.safetensors`);
      const sizes = { pseudogtResolution: 32, projectionResolution: 128, batchSize: 2 };
      const { count } = await generatePseudoGroundTruth(
        new UvStore(folder, metadataFile),
        dataset,
        truePoses(dataset),
        { network, state },
        { workers, ...sizes },
      );
      assertEquals(count, 5);
    }
    network.dispose();
    const names = (folder: string) =>
      [...Deno.readDirSync(join(root, folder))].map(({ name }) => name).sort();
    assertEquals(names("2"), [...Array(5).keys()].map((i) => `${i}.safetensors`).concat("settings.json"));
    assertEquals(names("0"), names("2"));
    for (const name of names("2")) {
      assertEquals(
        await Deno.readFile(join(root, "2", name)),
        await Deno.readFile(join(root, "0", name)),
        name,
      );
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("a task without anything of the object writes no file", async () => {
  const side = 16, size = side * side;
  const run = createRunner({
    resolution: 32,
    projectionResolution: side,
    visibilitySide: 2,
    symmetric: true,
  });
  const image = (channels: number) => ({
    data: new Float32Array(size * channels),
    height: side,
    width: side,
    channels,
  });
  const file = join(await Deno.makeTempDir(), "0.safetensors");
  const answer = await run({
    id: "empty",
    classIndex: 0,
    photograph: { image: image(3), mask: image(1) },
    pose: { rotation: [1, 0, 0, 0], scale: 1, translation: [0, 0], perspective: 3 },
    vertices: new Float32Array(962 * 3),
    displacementMap: new Float32Array(32 * 32 * 3),
    parts: null,
    file,
  });
  assertEquals(answer, "empty");
  assert(await Deno.stat(file).catch(() => null) === null);
});
