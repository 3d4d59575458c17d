/**
 * The pose load over a pool of workers: 40 hypotheses for 100 steps, 4,000 renders forward and backward.
 *
 * @module
 */
import { shareArray, type WorkerKind, WorkerPool } from "../../lib/core/worker_pool.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import type { Workload } from "./workload.ts";

/** Sizes of the pose load, and the steps at each. */
export const POSE_STEPS = [[128, 31], [192, 30], [256, 39]] as const;
/** Hypotheses of a step. */
export const HYPOTHESES = 40;

/** What all workers hold. */
export interface PoseShared {
  /** `[F, 3]`. */
  readonly faces: Int32Array;
  /** `[40, V, 3]`. */
  readonly views: Float32Array;
  /** Masks by size, `[S, S]` each. */
  readonly targets: Readonly<Record<number, Float32Array>>;
}

/** Makes the function that renders all hypotheses at one size; its result is the sum of losses and of gradients. */
export function createRunner({ faces, views, targets }: PoseShared): (task: number) => number {
  const length = views.length / HYPOTHESES;
  const renderers = new Map(
    POSE_STEPS.map(([size]) => [size as number, new SoftSilhouette(faces, length / 3, size)]),
  );
  const squares = new Map(
    POSE_STEPS.map(([size]) => [size as number, targets[size].reduce((sum, x) => sum + x * x, 0)]),
  );
  return (size) => {
    const silhouette = renderers.get(size)!;
    let sum = 0;
    for (let h = 0; h < HYPOTHESES; h++) {
      silhouette.forward(views, h * length);
      sum += silhouette.meanSquaredError(targets[size], squares.get(size)!);
      sum += silhouette.backwardMeanSquaredError()[0];
    }
    return sum;
  };
}

const KIND: WorkerKind<PoseShared, number, number> = {
  module: new URL(import.meta.url),
  createRunner,
};

/** A pool that does pose loads. */
export class PoseLoad {
  readonly #pool: WorkerPool<number, number>;

  private constructor(pool: WorkerPool<number, number>) {
    this.#pool = pool;
  }

  /** Starts workers with the second group of views (the bird in perspective), or the only one. */
  static async start({ mesh, groups }: Workload, workers: number): Promise<PoseLoad> {
    const { views, target } = groups[Math.min(1, groups.length - 1)];
    const all = new Float32Array(HYPOTHESES * mesh.vertices.length); // [40, V, 3]
    views.forEach((view, i) => all.set(view, i * view.length));
    const targets = Object.fromEntries(POSE_STEPS.map(([size]) => [size, shareArray(target(size))]));
    const shared = { faces: shareArray(mesh.faces), views: shareArray(all), targets };
    return new PoseLoad(await WorkerPool.start(KIND, shared, workers));
  }

  /** Seconds of one pose load, and the sum of its results. */
  async run(): Promise<{ seconds: number; sum: number }> {
    const sizes = POSE_STEPS.flatMap(([size, steps]) => new Array<number>(steps).fill(size));
    const start = performance.now();
    const sums = await this.#pool.run(sizes.length, (step) => sizes[step]);
    return { seconds: (performance.now() - start) / 1000, sum: sums.reduce((total, x) => total + x, 0) };
  }

  /** Milliseconds an image of `steps` steps at one size. */
  async measure(size: number, steps: number): Promise<number> {
    const start = performance.now();
    await this.#pool.run(steps, () => size);
    return (performance.now() - start) / steps / HYPOTHESES;
  }

  /** Ends the workers. */
  close(): void {
    this.#pool.close();
  }
}
