/**
 * The end of a search by hand: a pose near the right one, moved to where the silhouette fits.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { iou } from "../metrics/iou.ts";
import type { Pose } from "../rendering/cameras.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";
import { FullMatrixAdam } from "./full_matrix_adam.ts";
import { HypothesisSet } from "./hypothesis_set.ts";
import { BASE_SHARPNESS } from "./schedule.ts";

/** Steps, and learning rates of the first and the last one: small, so that the pose stays what a person meant. */
const STEPS = 60, LEARNING_RATES = [0.02, 0.002] as const;

/**
 * Moves poses of one template down the gradient of their silhouettes' error, each by itself.
 *
 * @param mask Observed mask, 0 to 1, `[S, S]`
 * @param faces Faces of the template, `[F, 3]`
 * @param vertices The template, `[V, 3]`
 * @param poses Poses to begin with
 * @returns The poses in their order, with the IoUs of their silhouettes
 */
export function settlePoses(
  mask: Float32Array,
  faces: Int32Array,
  vertices: FloatArray,
  poses: readonly Pose[],
): { readonly pose: Pose; readonly iou: number }[] {
  const size = Math.sqrt(mask.length);
  const silhouette = new SoftSilhouette(faces, vertices.length / 3, size, { sharpness: BASE_SHARPNESS });
  const rows = poses.flatMap(({ rotation, scale, translation, perspective }) => [
    ...Array.from(rotation),
    scale,
    ...Array.from(translation),
    perspective,
  ]);
  const set = new HypothesisSet(Float64Array.from(rows), [vertices]),
    optimiser = new FullMatrixAdam(set.count, 8);
  const squares = mask.reduce((sum, value) => sum + value * value, 0);
  for (let step = 0; step < STEPS; step++) {
    for (let h = 0; h < set.count; h++) set.evaluate(h, silhouette, mask, squares);
    const [first, last] = LEARNING_RATES;
    optimiser.update(set.parameters, set.gradients, first * (last / first) ** (step / (STEPS - 1)));
    set.constrain();
  }
  return poses.map((_, h) => {
    set.render(h, silhouette);
    return { pose: set.poseOf(h).pose, iou: iou(silhouette.image(), mask) };
  });
}
