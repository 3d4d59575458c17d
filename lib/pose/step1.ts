/**
 * Pose estimation, step 1: fits every template from 40 start views to every image's mask, and keeps all hypotheses.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { resolveOptions } from "../core/option.ts";
import { hashText } from "../core/prng.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Template } from "../templates/template_file.ts";
import { type Hypotheses, partialFileOf } from "./files.ts";
import { photographsHash } from "../datasets/photographs_hash.ts";
import { madeFrom, templatesHash } from "./made_from.ts";
import { fitImages } from "./fit_images.ts";
import { FileStore } from "./hypothesis_file.ts";
import type { HypothesisCounts } from "./hypothesis_row.ts";
import { MemoryStore } from "./hypothesis_store.ts";
import type { PoseParts } from "./own_loss.ts";
import { type FitSettings, hypothesisCount } from "./fit_settings.ts";
import { BASE_SHARPNESS } from "./schedule.ts";
import { ESTIMATE_OPTIONS, type EstimateOptions } from "./estimate_options.ts";

/**
 * Fits all images of a data set, in memory. The result does not depend on the number of workers.
 *
 * @param dataset The images
 * @param templates One or more templates on the sphere topology
 * @param options Settings
 * @param callbacks Progress with the values "images/s", "IoU" (mean of the best, of the meshes themselves), with true poses "GD" and "GD@recall",
 * and "min left"
 * @param parts A user's own loss, for which no workers are started
 * @returns All hypotheses
 * @throws {UserError} If there are no images, or a mask is empty
 * @throws {StoppedError} If the signal was aborted
 */
export async function estimateHypotheses(
  dataset: Dataset,
  templates: readonly Template[],
  options: Omit<EstimateOptions, "saveEvery"> = {},
  callbacks: StageCallbacks = {},
  parts: PoseParts = {},
): Promise<Hypotheses> {
  const { job, counts, ids } = prepare(dataset, templates, options, callbacks);
  const store = new MemoryStore(ids, counts);
  await fitImages({ ...job, parts }, store, callbacks);
  return store.values;
}

/**
 * Fits all images of a data set into a file that `readHypotheses` reads. What is done lies in a partial file beside it
 * until then, from which the same call resumes after a stop; memory does not grow with the number of images.
 *
 * @param resultFile Target
 * @param dataset The images
 * @param templates One or more templates on the sphere topology
 * @param options Settings
 * @param callbacks As of `estimateHypotheses`
 * @param parts A user's own loss, for which no workers are started
 * @returns Numbers of images, hypotheses of each, and templates
 * @throws {UserError} If there are no images, a mask is empty, or the partial file belongs to other settings
 * @throws {StoppedError} If the signal was aborted; what was done is saved
 */
export async function estimateHypothesesToFile(
  resultFile: string,
  dataset: Dataset,
  templates: readonly Template[],
  options: EstimateOptions = {},
  callbacks: StageCallbacks = {},
  parts: PoseParts = {},
): Promise<HypothesisCounts> {
  const { job, counts, ids, saveEvery } = prepare(dataset, templates, options, callbacks);
  const settings = {
    ...storedSettings(dataset, templates, job.settings),
    ...(parts.loss && { loss: "own" }),
  };
  const origin = madeFrom(dataset, templates);
  const store = await FileStore.open({ resultFile, settings, madeFrom: origin, saveEvery, ...counts });
  try {
    const before = counts.N - store.pending.length;
    if (before > 0) {
      callbacks.onMessage?.(
        `Resumes after ${before} of ${counts.N} images (${partialFileOf(resultFile)}).`,
      );
    }
    await fitImages({ ...job, parts }, store, callbacks);
    await store.finish(ids);
  } finally {
    store.close();
  }
  return counts;
}

/** What both ways have in common. */
function prepare(
  dataset: Dataset,
  templates: readonly Template[],
  options: EstimateOptions,
  callbacks: StageCallbacks,
) {
  const { vAgrThreshold, workers, saveEvery, ...settings } = resolveOptions(ESTIMATE_OPTIONS, options);
  if (dataset.length === 0) {
    throw new UserError(`Cannot estimate poses: the data set "${dataset.name}" is empty`);
  }
  warnOfSchedule(settings, callbacks);
  const T = templates.length;
  return {
    job: { dataset, templates, settings, workers, vAgrThreshold },
    counts: { N: dataset.length, H: hypothesisCount(T, settings), T },
    ids: dataset.records.map((record) => record.id),
    saveEvery,
  };
}

function warnOfSchedule(
  { cameraOptimSteps, cameraLrDecayAfter, schedule }: FitSettings,
  callbacks: StageCallbacks,
): void {
  if (schedule === "fast" || cameraLrDecayAfter < cameraOptimSteps - 1) return;
  callbacks.onMessage?.(
    `The learning rate is never lowered: it would be after step ${cameraLrDecayAfter} ('cameraLrDecayAfter') of ` +
      `${cameraOptimSteps} ('cameraOptimSteps').`,
  );
}

/** Everything that the numbers depend on, by the name of its flag. */
function storedSettings(
  dataset: Dataset,
  templates: readonly Template[],
  settings: FitSettings,
): Record<string, string | number | boolean> {
  return {
    dataset: dataset.name,
    images: dataset.length,
    image_names: hashText(dataset.records.map((record) => record.id).join("\n")).toString(16),
    photographs: photographsHash(dataset),
    templates: templatesHash(templates),
    image_resolution: settings.imageResolution,
    camera_optim_steps: settings.cameraOptimSteps,
    camera_lr_decay_after: settings.cameraLrDecayAfter,
    no_prune: settings.noPrune,
    sharpening: settings.sharpening,
    schedule: settings.schedule,
    ...(settings.sharpness !== BASE_SHARPNESS && { sharpness: settings.sharpness! }),
    ...(settings.silhouetteTarget !== "plain" && { silhouette_target: settings.silhouetteTarget }),
  };
}
