/**
 * Pose estimation, step 1: fits every template from 40 start views to every picture's mask, and keeps all hypotheses.
 *
 * @module
 */
import { StoppedError, UserError } from "../core/errors.ts";
import { hashText } from "../core/prng.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { defaultWorkerCount, shareArray, WorkerPool } from "../core/worker_pool.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { Template } from "../templates/template_file.ts";
import { type Hypotheses, partialFileOf } from "./files.ts";
import { FIT_KIND } from "./fit_task.ts";
import { HypothesisStore, type StoredSettings } from "./hypothesis_store.ts";
import {
  canSplit,
  type FitSettings,
  type FittedImage,
  hypothesisCount,
  joinFitted,
  VIEWS,
} from "./pose_fitter.ts";
import { RunningScores } from "./running_scores.ts";

/** Options of `estimateHypotheses`. */
export interface EstimateOptions extends Partial<FitSettings> {
  /** Largest disagreement that counts as agreement, 0 to 1; only for the figures shown. */
  vAgrThreshold?: number;
  /** Number of worker threads, 0 for none; `null` is one per core. Does not change the result. */
  workers?: number | null;
  /** File that the caller writes the result to; a partial file lies beside it meanwhile. `null` saves nothing. */
  resultFile?: string | null;
  /** Pictures after which the partial file is written again. */
  saveEvery?: number;
}

/** Defaults of `estimateHypotheses`. */
export const ESTIMATE_DEFAULTS = {
  imageResolution: 256,
  cameraOptimSteps: 100,
  cameraLrDecayAfter: 80,
  noPrune: false,
  sharpening: "original",
  schedule: "original",
  vAgrThreshold: 0.3,
  workers: null,
  resultFile: null,
  saveEvery: 10,
} as const satisfies Required<EstimateOptions>;

/**
 * Fits all pictures of a data set. The result does not depend on the number of workers, nor on stops in between.
 *
 * @param dataset The pictures
 * @param templates One or more templates on the sphere topology
 * @param options Settings
 * @param callbacks Progress with the values "images/s", "IoU" (mean of the best), with true poses "GD" and "GD@recall",
 * and "min left"
 * @returns All hypotheses
 * @throws {UserError} If there are no pictures, a mask is empty, or the partial file belongs to other settings
 * @throws {StoppedError} If the signal was aborted; what was done is saved
 */
export async function estimateHypotheses(
  dataset: Dataset,
  templates: readonly Template[],
  options: EstimateOptions = {},
  callbacks: StageCallbacks = {},
): Promise<Hypotheses> {
  const { vAgrThreshold, workers, resultFile, saveEvery, ...settings } = { ...ESTIMATE_DEFAULTS, ...options };
  if (dataset.length === 0) {
    throw new UserError(`Cannot estimate poses: the data set "${dataset.name}" is empty`);
  }
  warnOfSchedule(settings, callbacks);
  const store = new HypothesisStore(
    dataset.records.map((record) => record.id),
    hypothesisCount(templates.length, settings),
    templates.length,
    storedSettings(dataset, templates, settings),
  );
  const partialFile = resultFile ? partialFileOf(resultFile) : null;
  const before = partialFile === null ? 0 : await store.load(partialFile);
  if (before > 0) {
    callbacks.onMessage?.(`Goes on after ${before} of ${dataset.length} pictures (${partialFile}).`);
  }
  const pending = store.pending();
  const scores = new RunningScores(vAgrThreshold);
  const truths = dataset.records.map((record) => record.truePose?.rotation ?? null);
  const isPending = new Set(pending);
  truths.forEach((truth, i) => isPending.has(i) || scores.add(store.values, i, truth));
  if (pending.length === 0) return store.values;

  const started = performance.now();
  let done = before;
  const shared = {
    faces: shareArray(sphereTopology().faces),
    templates: templates.map((template) => shareArray(template.vertices)),
    settings,
  };
  const wanted = workers ?? defaultWorkerCount();
  const parts = partsOfPicture(wanted, pending.length, canSplit(templates.length, settings));
  const pool = await WorkerPool.start(FIT_KIND, shared, Math.min(wanted, pending.length * parts));
  const fitted = pending.map((): FittedImage[] => []);
  const taskOf = async (task: number) => {
    const k = Math.floor(task / parts);
    const { mask } = await dataset.sample(pending[k], settings.imageResolution);
    if (!mask.data.some((value) => value > 0.5)) throw emptyMaskError(dataset, pending[k]);
    const part = task % parts;
    const views = { first: Math.floor(part * VIEWS / parts), end: Math.floor((part + 1) * VIEWS / parts) };
    return { mask: Float32Array.from(mask.data), ...(parts > 1 && { views }) };
  };
  const report = () => {
    const perSecond = (done - before) / ((performance.now() - started) / 1000);
    const left = (dataset.length - done) / perSecond / 60;
    const values = { "images/s": perSecond, ...scores.values(), "min left": left };
    callbacks.onProgress?.({ done, total: dataset.length, values });
    callbacks.onScalars?.(done, values);
  };
  try {
    await pool.run(pending.length * parts, taskOf, {
      signal: callbacks.signal,
      what: "Pose estimation",
      shared: true,
      onResult: async (task, part) => {
        const k = Math.floor(task / parts);
        fitted[k][task % parts] = part;
        if (Object.keys(fitted[k]).length < parts) return;
        store.put(pending[k], joinFitted(fitted[k]));
        fitted[k] = [];
        scores.add(store.values, pending[k], truths[pending[k]]);
        done++;
        report();
        if (partialFile !== null && done % saveEvery === 0) await store.save(partialFile);
      },
    });
    if (partialFile !== null) await store.save(partialFile);
  } catch (error) {
    if (partialFile !== null && done > before) {
      const saved = store.save(partialFile);
      await (error instanceof StoppedError ? saved : saved.catch(() => {}));
    }
    throw error;
  } finally {
    pool.close();
  }
  return store.values;
}

/** Into how many tasks a picture is cut, so that all workers have something to do. */
function partsOfPicture(workers: number, pictures: number, isPossible: boolean): number {
  return isPossible && pictures < workers ? Math.min(8, Math.ceil(workers / pictures)) : 1;
}

function emptyMaskError({ name, records }: Dataset, i: number): UserError {
  const { id, maskPath, imagePath } = records[i];
  return new UserError(
    `Cannot estimate poses: the mask of "${id}" (${
      maskPath ?? imagePath
    }) is empty. Correct it, or leave the picture ` +
      `out of the data set "${name}": import it again with --skip_invalid.`,
  );
}

function warnOfSchedule(
  { cameraOptimSteps, cameraLrDecayAfter, schedule }: FitSettings,
  callbacks: StageCallbacks,
): void {
  if (schedule === "fast" || cameraLrDecayAfter < cameraOptimSteps - 1) return;
  callbacks.onMessage?.(
    `The learning rate is never lowered: it would be after step ${cameraLrDecayAfter} (camera_lr_decay_after) of ` +
      `${cameraOptimSteps} (camera_optim_steps).`,
  );
}

/** Everything that the numbers depend on, by the name of its flag. */
function storedSettings(
  dataset: Dataset,
  templates: readonly Template[],
  settings: FitSettings,
): StoredSettings {
  const shapes = templates.map((template) => hashText(template.vertices.join(" ")).toString(16));
  return {
    dataset: dataset.name,
    images: dataset.length,
    image_names: hashText(dataset.records.map((record) => record.id).join("\n")).toString(16),
    templates: shapes.join(" "),
    image_resolution: settings.imageResolution,
    camera_optim_steps: settings.cameraOptimSteps,
    camera_lr_decay_after: settings.cameraLrDecayAfter,
    no_prune: settings.noPrune,
    sharpening: settings.sharpening,
    schedule: settings.schedule,
  };
}
