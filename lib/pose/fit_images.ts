/**
 * Fitting the templates to the images of a data set, by workers and processes.
 *
 * @module
 */
import { StoppedError, UserError } from "../core/errors.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { defaultWorkerCount, shareArray, WorkerPool } from "../core/worker_pool.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { LEAST_HARD_SIZE } from "../rendering/hard_silhouette.ts";
import type { Template } from "../templates/template_file.ts";
import { createRunner, FIT_KIND, type FitResult, type FitShared } from "./fit_task.ts";
import type { HypothesisStore } from "./hypothesis_store.ts";
import type { PoseParts } from "./own_loss.ts";
import { canSplit, type FitSettings } from "./fit_settings.ts";
import { joinFitted, VIEWS } from "./fitted_image.ts";
import { indexOfLargest, RunningScores } from "./running_scores.ts";

/** What is fitted, and how. */
export interface FitJob {
  /** The images. */
  readonly dataset: Dataset;
  /** Templates on the sphere topology. */
  readonly templates: readonly Template[];
  /** Sizes and schedule. */
  readonly settings: FitSettings;
  /** Number of worker threads, 0 for none; `null` is one per core. */
  readonly workers: number | null;
  /** Largest disagreement that counts as agreement. */
  readonly vAgrThreshold: number;
  /** A user's own loss; functions do not go to workers, so that it is computed in this thread. */
  readonly parts?: PoseParts;
}

/**
 * Fits all images that are pending, and saves at the end, also at a bad one.
 *
 * @param job What is fitted, and how
 * @param store Where the hypotheses go
 * @param callbacks Progress
 */
export async function fitImages(
  { dataset, templates, settings, workers, vAgrThreshold, parts: own = {} }: FitJob,
  store: HypothesisStore,
  callbacks: StageCallbacks,
): Promise<void> {
  const { pending } = store, before = dataset.length - pending.length;
  const scores = new RunningScores(vAgrThreshold);
  const truthOf = (i: number) => dataset.records[i].truePose?.rotation ?? null;
  addScoresBefore(scores, store, dataset.length, truthOf);
  if (pending.length === 0) return;

  const started = performance.now();
  let done = before;
  const shared = {
    faces: shareArray(sphereTopology().faces),
    templates: templates.map((template) => shareArray(template.vertices)),
    settings,
  };
  const wanted = own.loss ? 0 : workers ?? defaultWorkerCount();
  const parts = partsOfImage(wanted, pending.length, canSplit(templates.length, settings));
  const kind = { ...FIT_KIND, createRunner: (all: FitShared) => createRunner(all, own) };
  const pool = await WorkerPool.start(kind, shared, Math.min(wanted, pending.length * parts));
  const begun = new Map<number, FitResult[]>(); // images of which not all parts are there
  const taskOf = async (task: number) => {
    const k = Math.floor(task / parts);
    const { imageResolution } = settings;
    const { mask } = await dataset.sample(pending[k], imageResolution);
    const shownMask = imageResolution >= LEAST_HARD_SIZE
      ? mask
      : (await dataset.sample(pending[k], LEAST_HARD_SIZE)).mask;
    if (!mask.data.some((value) => value > 0.5)) throw emptyMaskError(dataset, pending[k]);
    const part = task % parts;
    const views = { first: Math.floor(part * VIEWS / parts), end: Math.floor((part + 1) * VIEWS / parts) };
    return { mask: Float32Array.from(mask.data), shownMask, ...(parts > 1 && { views }) };
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
      keep: false,
      onResult: async (task, part) => {
        const k = Math.floor(task / parts), fitted = begun.get(k) ?? [];
        fitted[task % parts] = part;
        begun.set(k, fitted);
        if (Object.keys(fitted).length < parts) return;
        begun.delete(k);
        const whole = joinFitted(fitted);
        scores.add(whole, truthOf(pending[k]), shownIou(fitted));
        done++;
        report();
        await store.put(pending[k], whole);
      },
    });
    await store.save();
  } catch (error) {
    if (done > before) {
      const saved = store.save();
      await (error instanceof StoppedError ? saved : saved.catch(() => {}));
    }
    throw error;
  } finally {
    pool.close();
  }
}

/** Scores of the images that were done when the job began. */
function addScoresBefore(
  scores: RunningScores,
  store: HypothesisStore,
  count: number,
  truthOf: (i: number) => ArrayLike<number> | null,
): void {
  for (let i = 0, k = 0; i < count; i++) {
    if (store.pending[k] === i) {
      k++;
      continue;
    }
    const found = store.scoresOf(i);
    if (found !== null) scores.add(found, truthOf(i), null);
  }
}

/** The figure that is shown of an image: that of the part with the best hypothesis. */
function shownIou(fitted: readonly FitResult[]): number {
  return fitted[indexOfLargest(fitted.map(({ iou }) => Math.max(...iou)))].hardIou;
}

/** Into how many tasks an image is cut, so that all workers have something to do. */
function partsOfImage(workers: number, images: number, isPossible: boolean): number {
  return isPossible && images < workers ? Math.min(8, Math.ceil(workers / images)) : 1;
}

function emptyMaskError({ name, records }: Dataset, i: number): UserError {
  const { id, maskPath, imagePath } = records[i];
  return new UserError(
    `Cannot estimate poses: the mask of "${id}" (${
      maskPath ?? imagePath
    }) is empty. Correct it, or leave the image ` +
      `out of the data set "${name}": import it again with 'skipInvalid'.`,
  );
}
