import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { GanModel } from "../../lib/gan/gan_model.ts";
import { type GanOptions, resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { ganNetworks } from "../../lib/gan/gan_networks.ts";
import type { GanCallbacks } from "../../lib/gan/gan_callbacks.ts";
import type { GanParts } from "../../lib/gan/own_parts.ts";
import { type GanResult, trainGan } from "../../lib/gan/train_gan.ts";
import type { UvDataset } from "../../lib/gan/uv_dataset.ts";
import { saveCheckpoint } from "../../lib/training/checkpoint.ts";
import { type RunControl, runFolder } from "../../lib/training/run_folder.ts";
import { writeRunSettings } from "../../lib/training/run_settings.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

/** Runs a test with a folder of its own, on the backend that is there everywhere. */
export async function inFolderOnWasm(test: (folder: string) => Promise<void>): Promise<void> {
  await useBackend({ backend: "wasm" });
  await inFolder(test);
}

/** The run of a test's folder. */
export const runIn = (folder: string) =>
  ({ name: "toy", mode: "singletpl", folder: `${folder}/run` }) as const;

/** Trains in a folder, as the pipeline does. */
export async function trainIn(
  dataset: UvDataset,
  { folder }: { folder: string },
  options: GanOptions & RunControl = {},
  callbacks: GanCallbacks = {},
  parts: GanParts = {},
): Promise<Omit<GanResult, "generator"> & { folder: string }> {
  const { continueTrain, whichEpoch, overwrite, ...build } = options;
  const run = runFolder(folder, { continueTrain, whichEpoch, overwrite });
  const { generator, ...result } = await trainGan(dataset, build, { ...callbacks, run }, parts);
  generator.dispose();
  return { folder, ...result };
}

/** Writes a run with checkpoints of untrained generators, one per tag; equal seeds are equal generators. */
export async function toyRun(folder: string, seeds: Record<string, number>, classes = 0): Promise<void> {
  await useBackend({ backend: "wasm" });
  const options = resolveGanOptions({ preset: "demo", textureResolution: 64, conditionalClass: classes > 0 });
  const networks = ganNetworks(options, classes);
  await writeRunSettings(folder, { stage: "gan", dataset: "toy", mode: "singletpl", ...options, networks });
  for (const [tag, seed] of Object.entries(seeds)) {
    const model = new GanModel(networks, seed);
    const prng = new Prng(seed, "toy run");
    const biases = Float32Array.from({ length: 3 }, () => prng.uniform(-1, 1));
    const name = "generator_running_avg/conv_final.bias";
    const arrays = { ...await model.toArrays(), [name]: { data: biases, shape: [3] } };
    const state = {
      networks,
      epoch: Number(tag) || 0,
      batch: 0,
      batchSize: 2,
      iteration: 0,
      bestDistance: null,
    };
    await saveCheckpoint(folder, tag === "latest" ? tag : Number(tag), arrays, state);
    model.dispose();
  }
}
