/**
 * The silhouette term of all templates of a class, in this thread or over workers, with the same result to the bit.
 *
 * @module
 */
import { shareArray, WorkerPool } from "../core/worker_pool.ts";
import type { SilhouetteTargets } from "./silhouette_targets.ts";
import { createRunner, VIEWS_KIND, type ViewsResult, type ViewsTask } from "./views_task.ts";

/** Views that are summed up by themselves: sums of sums are the same for any number of workers. */
const CHUNK = 8;

/** Compares T templates with their target silhouettes. */
export interface ClassFit extends Disposable {
  /** Number of templates, T. */
  readonly count: number;
  /** Softness: 1 is the softest, smaller values are sharper. */
  sigma: number;
  /**
   * Mean over templates, views and pixels of |silhouette − target| or of its square.
   *
   * @param vertices Positions, `[T, V, 3]`
   * @param kind Which mean
   * @param gradient Where the gradient is added, `[T, V, 3]`
   */
  loss(
    vertices: Float64Array,
    kind: "absolute" | "squared",
    gradient: Float64Array,
  ): number | Promise<number>;
}

/**
 * Prepares the silhouette term.
 *
 * @param faces Faces of the mesh that is fitted, `[F, 3]`
 * @param vertexCount Number of its vertices, V
 * @param targets What each template is fitted to
 * @param workers Number of workers; 0 computes in this thread
 */
export async function createClassFit(
  faces: Int32Array,
  vertexCount: number,
  targets: readonly SilhouetteTargets[],
  workers = 0,
): Promise<ClassFit> {
  const chunks = targets.flatMap(({ rotations }, template) => {
    const views = rotations.length / 4;
    return Array.from({ length: Math.ceil(views / CHUNK) }, (_, k) => ({
      template,
      first: k * CHUNK,
      last: Math.min(views, (k + 1) * CHUNK),
    }));
  });
  const size = 3 * vertexCount, count = targets.length;
  const tasksOf = (vertices: Float64Array, kind: "absolute" | "squared", sigma: number) =>
    chunks.map((chunk): ViewsTask => ({
      ...chunk,
      kind,
      sigma,
      vertices: vertices.subarray(chunk.template * size, (chunk.template + 1) * size),
    }));
  const add = (results: readonly ViewsResult[], gradient: Float64Array) => {
    let sum = 0;
    results.forEach((result, k) => {
      sum += result.loss / count;
      const start = chunks[k].template * size;
      for (let i = 0; i < size; i++) gradient[start + i] += result.gradient[i] / count;
    });
    return sum;
  };
  if (workers === 0) {
    const runViews = createRunner({ faces, vertexCount, targets });
    const fit: ClassFit = {
      count,
      sigma: 1,
      loss: (vertices, kind, gradient) => add(tasksOf(vertices, kind, fit.sigma).map(runViews), gradient),
      [Symbol.dispose]() {},
    };
    return fit;
  }
  const shared = {
    faces: shareArray(faces),
    vertexCount,
    targets: targets.map((target) => ({ ...target, masks: shareArray(target.masks) })),
  };
  const pool = await WorkerPool.start(VIEWS_KIND, shared, workers);
  const fit: ClassFit = {
    count,
    sigma: 1,
    async loss(vertices, kind, gradient) {
      const tasks = tasksOf(vertices, kind, fit.sigma);
      const taskOf = (k: number) => ({ ...tasks[k], vertices: tasks[k].vertices.slice() });
      return add(await pool.run(tasks.length, taskOf, { shared: true }), gradient);
    },
    [Symbol.dispose]: () => pool.close(),
  };
  return fit;
}
