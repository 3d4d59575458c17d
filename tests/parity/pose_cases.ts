/**
 * Cases of the pose folder that need no loop: the camera and the full-matrix optimiser.
 *
 * @module
 */
import { FullMatrixAdam } from "../../lib/pose/full_matrix_adam.ts";
import { POSE_PARAMETERS, projectVertices, projectVerticesBackward } from "../../lib/rendering/cameras.ts";
import { type CaseData, joined } from "./case_data.ts";
import { type Check, close } from "./check.ts";

const VALUES = { absolute: 1e-5 };

/** Projection of points with and without perspective, and its gradients. */
export function transformsCase(data: CaseData): Check[] {
  const points = data.rows("points");
  const weights = data.eighths("g_eighths");
  const size = points[0].length;
  const [q, s, t, z0] = ["q", "s", "t", "z0"].map((name) => data.rows(name));
  const pose = (b: number) => ({
    rotation: q[b],
    scale: s[b][0],
    translation: t[b],
    perspective: z0[b][0],
  });
  const screen = joined(points.map((list, b) => projectVertices(list, pose(b))));
  const orthographic = points.map((list, b) => projectVertices(list, { ...pose(b), perspective: Infinity }));
  const gradientPoints: Float64Array[] = [];
  const gradientPoses = points.map((list, b) => {
    const gradientPose = new Float64Array(POSE_PARAMETERS);
    const gradientVertices = new Float64Array(size);
    const gradientScreen = weights.subarray(b * size, (b + 1) * size);
    projectVerticesBackward(list, pose(b), gradientScreen, gradientPose, gradientVertices);
    gradientPoints.push(gradientVertices);
    return gradientPose;
  });
  const part = (from: number, to: number) =>
    joined(gradientPoses.map((gradient) => gradient.subarray(from, to)));
  return [
    close("out", screen, data.floats("out"), VALUES),
    close("out_reconstruction", screen, data.floats("out_reconstruction"), VALUES),
    close("no_perspective", joined(orthographic), data.floats("out_generation_no_perspective"), VALUES),
    close("grad_points", joined(gradientPoints), data.floats("grad_points"), VALUES),
    close("grad_q", part(0, 4), data.floats("grad_q"), VALUES),
    close("grad_s", part(4, 5), data.floats("grad_s"), VALUES),
    close("grad_t", part(5, 7), data.floats("grad_t"), VALUES),
    close("grad_z0", part(7, 8), data.floats("grad_z0"), VALUES),
  ];
}

/** Steps kept at the full learning rate by the recorded runs. */
const FULL_RATE_STEPS = 9;
/** Steps after which the recorded run drops items. */
const PRUNE_AFTER = 6;

/** Given gradients through the full-matrix optimiser, with items dropped on the way. */
export function fullMatrixCase(data: CaseData): Check[] {
  const [steps, items, size] = data.shape("gradients");
  const kept = data.ints("kept_after_step5");
  let alive = Array.from({ length: items }, (_, i) => i);
  let parameters = data.floats("initial");
  const optimiser = new FullMatrixAdam(items, size);
  const gradients = data.rows("gradients");
  const truth = data.rows("parameters_after_step_f64");
  const ours: Float64Array[] = [];
  const theirs: Float64Array[] = [];
  for (let step = 0; step < steps; step++) {
    const rows = joined(alive.map((item) => gradients[step].subarray(item * size, (item + 1) * size)));
    optimiser.update(parameters, rows, step < FULL_RATE_STEPS ? 0.1 : 0.01);
    ours.push(parameters.slice());
    theirs.push(...alive.map((item) => truth[step].subarray(item * size, (item + 1) * size)));
    if (step + 1 !== PRUNE_AFTER || kept.length === items) continue;
    const before = parameters;
    parameters = joined(Array.from(kept, (item) => before.subarray(item * size, (item + 1) * size)));
    optimiser.select(kept);
    alive = Array.from(kept);
  }
  return [close("parameters", joined(ours), joined(theirs), { absolute: 1e-6 })];
}
