/**
 * The demo: a synthetic data set, and the pipeline on it.
 *
 * @module
 */
import { seed, workers } from "../lib/core/common_options.ts";
import { option, type OptionsOutput } from "../lib/core/option.ts";
import { join } from "@std/path";
import type { ActiveBackend } from "../lib/backend/select_backend.ts";
import { cacheFolder, ganFolder, outputFolder, reconstructionFolder } from "../lib/core/paths.ts";
import { makeSynthetic } from "./synthetic/make_synthetic.ts";
import { type FinishedPipeline, finishPipeline } from "../lib/pipeline/finish.ts";
import { runPipeline } from "../lib/pipeline/pipeline.ts";
import type { CallbacksOf, PipelineRequest } from "../lib/pipeline/pipeline_request.ts";
import { exists } from "../lib/io/exists.ts";
import { demoSizes } from "./demo_sizes.ts";
import { removeIfThere } from "../lib/io/remove_if_there.ts";

/** Options of the task `demo`. */
export const DEMO_OPTIONS = {
  quick: option.boolean({
    doc: "The smallest setting: 3 to 6 minutes on two cores, by the processor.",
    default: false,
  }),
  seed,
  workers,
} as const;

/** Name of the demo's run and data set. */
export const DEMO_NAME = "demo";
const CATEGORY = "car", IMAGE_SIZE = 256;

/**
 * Runs the demo from scratch, or resumes one that was stopped.
 *
 * @param demo Its options; `backend` computes the networks
 * @param callbacksOf What each stage calls
 * @returns The closing table and the files
 */
export async function runDemo(
  demo: OptionsOutput<typeof DEMO_OPTIONS> & { readonly backend: ActiveBackend },
  callbacksOf: CallbacksOf,
): Promise<FinishedPipeline> {
  const { quick, seed, workers, backend } = demo;
  const sizes = demoSizes(backend.name, quick);
  const { onMessage } = callbacksOf("demo");
  if (await exists(join(outputFolder(DEMO_NAME), "summary.json"))) await removeDemo();
  if (backend.name !== "native") {
    onMessage?.(
      `The backend ${backend.name} is slower than the native one: ${sizes.images} images, ` +
        `${sizes.reconstructionIterations} and ${sizes.ganIterations} training steps are used.`,
    );
  }
  const images = join(cacheFolder(DEMO_NAME), "photos");
  const synthetic = { category: CATEGORY, count: sizes.images, seed, resolution: IMAGE_SIZE };
  await makeSynthetic(images, synthetic, callbacksOf("synthetic photographs"));
  const request: PipelineRequest = {
    name: DEMO_NAME,
    images,
    category: CATEGORY,
    mode: "singletpl",
    sizes,
    limit: 0,
    seed,
    skipInvalid: false,
    train: true,
    workers,
    backend,
  };
  const result = await runPipeline(request, callbacksOf);
  return await finishPipeline(request, result, callbacksOf("report"));
}

async function removeDemo(): Promise<void> {
  for (const folder of [cacheFolder, outputFolder, reconstructionFolder, ganFolder]) {
    await removeIfThere(folder(DEMO_NAME));
  }
}
