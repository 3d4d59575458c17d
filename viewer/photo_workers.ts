/**
 * Workers that fit poses and shapes, so that the page never waits for them.
 *
 * @module
 */
import { UserError } from "../lib/core/errors.ts";
import { type WorkerKind, WorkerPool } from "../lib/core/worker_pool.ts";
import type { BackgroundRemoval } from "../lib/datasets/background_removal/plain_background.ts";
import type { FloatImage } from "../lib/core/arrays.ts";
import type { ByteImage } from "../lib/io/byte_image.ts";
import type { PhotoPool } from "../lib/photo/find_photo_poses.ts";
import type { PhotoMesh } from "../lib/photo/photo_mesh.ts";
import type { PhotoAnswer, PhotoTask } from "../lib/photo/photo_task.ts";

/** Most workers: a class has at most six templates, which are searched two at a time. */
const MOST_WORKERS = 3;

/** Workers that do one job after another, and are restarted when one was stopped or failed. */
export class PhotoWorkers implements PhotoPool {
  #pool: Promise<WorkerPool<PhotoTask, PhotoAnswer>> | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** Does tasks, see `WorkerPool.run`. */
  run(...job: Parameters<PhotoPool["run"]>): Promise<PhotoAnswer[]> {
    const done = this.#last.then(async () => {
      const pool = await (this.#pool ??= startWorkers());
      return await pool.run(...job);
    });
    this.#last = done.catch(() => this.#pool = null);
    return done;
  }
}

/** Starts workers on the cores of this machine. */
async function startWorkers(): Promise<WorkerPool<PhotoTask, PhotoAnswer>> {
  const workers = Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency ?? 1));
  const createRunner: WorkerKind<null, PhotoTask, PhotoAnswer>["createRunner"] = () => {
    throw new TypeError("Cannot fit photographs in the page itself");
  };
  const worker = new URL("photo_worker.js", document.baseURI);
  try {
    return await WorkerPool.start({ module: worker, worker, createRunner }, null, workers);
  } catch (error) {
    throw new UserError("Cannot start the workers that make 3D models: reload the page.", { cause: error });
  }
}

/** Removes a plain background, as `--masks auto` does without a model. */
export async function removeBackgroundInWorker(
  image: ByteImage,
  pool: PhotoPool,
  signal: AbortSignal,
): Promise<BackgroundRemoval> {
  const [found] = await pool.run(1, () => ({ kind: "remove background", image }), { signal });
  return found as BackgroundRemoval;
}

/** Draws a mesh as its photograph shows it, `[size, size, 4]`. */
export async function drawInWorker(
  { vertices, pose, texture }: PhotoMesh,
  size: number,
  pool: PhotoPool,
): Promise<FloatImage> {
  const [drawn] = await pool.run(1, () => ({ kind: "draw", object: { vertices, pose, texture }, size }));
  return drawn as FloatImage;
}
