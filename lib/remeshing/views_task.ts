/**
 * The task of remeshing's workers: some views of one template.
 *
 * @module
 */
import type { WorkerKind } from "../core/worker_pool.ts";
import { SilhouetteFit } from "./silhouette_fit.ts";
import type { SilhouetteTargets } from "./silhouette_targets.ts";

/** What all tasks have in common. */
export interface ViewsShared {
  /** Faces of all templates, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Vertices of a template, V. */
  readonly vertexCount: number;
  /** What each template is fitted to. */
  readonly targets: readonly SilhouetteTargets[];
}

/** Some views of one template. */
export interface ViewsTask {
  /** Number of the template. */
  readonly template: number;
  /** First view. */
  readonly first: number;
  /** View after the last one. */
  readonly last: number;
  /** Which mean. */
  readonly kind: "absolute" | "squared";
  /** Softness. */
  readonly sigma: number;
  /** Positions of the template, `[V, 3]`. */
  readonly vertices: Float64Array;
}

/** What the views add to the template's loss and gradient. */
export interface ViewsResult {
  /** Share of the mean over all views. */
  readonly loss: number;
  /** Its gradient, `[V, 3]`. */
  readonly gradient: Float64Array;
}

/** Makes the function that does one task. */
export function createRunner(
  { faces, vertexCount, targets }: ViewsShared,
): (task: ViewsTask) => ViewsResult {
  const fits = targets.map((target) => new SilhouetteFit(faces, vertexCount, target));
  return ({ template, first, last, kind, sigma, vertices }) => {
    const gradient = new Float64Array(vertices.length); // [V, 3]
    fits[template].sigma = sigma;
    return { loss: fits[template].loss(vertices, kind, gradient, first, last), gradient };
  };
}

/** Workers that compare views. */
export const VIEWS_KIND: WorkerKind<ViewsShared, ViewsTask, ViewsResult> = {
  module: new URL(import.meta.url),
  createRunner,
};
