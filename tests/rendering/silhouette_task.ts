/** What the workers of the kernels' tests do: gradients of a silhouette at several sizes of the mesh. */
import type { WorkerKind } from "../../lib/core/worker_pool.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { randomWeights } from "./scenes.ts";

export interface SilhouetteShared {
  readonly faces: Int32Array;
  readonly vertices: Float64Array;
  readonly size: number;
}

export function createRunner({ faces, vertices, size }: SilhouetteShared) {
  const silhouette = new SoftSilhouette(faces, vertices.length / 3, size);
  const weights = randomWeights(1, size * size);
  return (index: number): Float32Array => {
    silhouette.forward(vertices.map((x) => x * (1 - 0.1 * index)));
    return silhouette.backward(weights).slice();
  };
}

export const SILHOUETTE_KIND: WorkerKind<SilhouetteShared, number, Float32Array> = {
  module: new URL(import.meta.url),
  createRunner,
};
