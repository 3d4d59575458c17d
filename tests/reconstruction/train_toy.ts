/**
 * Trains on the toy photographs, as a process that a test can kill: `train_toy.ts FOLDER`.
 *
 * @module
 */
import { useBackend } from "../../lib/backend/select_backend.ts";
import type { ReconstructionOptions } from "../../lib/reconstruction/options.ts";
import { hasRun } from "../../lib/training/run_settings.ts";
import { trainIn } from "./train_in.ts";
import { makeToyInputs } from "./toy_dataset.ts";

/** Options of the training, of 4 epochs with 3 iterations each. */
export const TOY_OPTIONS: ReconstructionOptions = {
  preset: "demo",
  imageResolution: 32,
  width: 1 / 16,
  batchSize: 2,
  epochs: 4,
  lr: 1e-3,
  saveFreq: 1,
};

/** Trains from scratch, or resumes where a killed training was saved. */
export async function trainToy(folder: string, onIteration?: (done: number) => void): Promise<void> {
  await useBackend({ backend: "auto", threads: 1 });
  const { dataset, poses, templates } = makeToyInputs(6);
  const options = { ...TOY_OPTIONS, folder, continueTrain: await hasRun(folder) };
  await trainIn(dataset, poses, templates, options, {
    onProgress: ({ done }) => onIteration?.(done),
  });
}

if (import.meta.main) await trainToy(Deno.args[0], console.log);
