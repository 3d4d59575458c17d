/**
 * Cases of the pose folder about step 1: schedule, scores, single steps and the first steps of a run.
 *
 * @module
 */
import { resolveOptions } from "../../lib/core/option.ts";
import { ESTIMATE_OPTIONS } from "../../lib/pose/estimate_options.ts";
import { rotationDisagreement } from "../../lib/metrics/rotation_disagreement.ts";
import { geodesicDistance } from "../../lib/metrics/geodesic_distance.ts";
import { iou } from "../../lib/metrics/iou.ts";
import { FullMatrixAdam } from "../../lib/pose/full_matrix_adam.ts";
import { HypothesisSet } from "../../lib/pose/hypothesis_set.ts";
import { hypothesisCount } from "../../lib/pose/fit_settings.ts";
import { resizeMask } from "../../lib/pose/resize_mask.ts";
import { indexOfLargest } from "../../lib/pose/running_scores.ts";
import { poseSchedule, renderSizes } from "../../lib/pose/schedule.ts";
import { complementaryRotation, sideViewScore } from "../../lib/pose/side_view.ts";
import { START_PERSPECTIVE, startScale, startViews } from "../../lib/pose/start_views.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { benchmarkTemplate } from "../../tools/evaluation/pose_benchmark.ts";
import { type CaseData, joined } from "./case_data.ts";
import { type Check, close, same } from "./check.ts";

/** Rows and columns of the recorded steps. */
const SIZE = 64;
const SCORES = { absolute: 1e-5 };
const COLUMNS = { R: [0, 4], s: [4, 1], t: [5, 2], z0: [7, 1] } as const;

/** Sharpness, resolution, number of hypotheses and learning rate of every step, with one template and with five. */
export function scheduleCase(data: CaseData): Check[] {
  const { cameraOptimSteps: steps, cameraLrDecayAfter: learningRateDecayAfter } = resolveOptions(
    ESTIMATE_OPTIONS,
    {},
  );
  const schedule = poseSchedule({ steps, learningRateDecayAfter, sharpening: "original" });
  const sizes = renderSizes(resolveOptions(ESTIMATE_OPTIONS, {}).imageResolution);
  const rows = data.rows("columns_nt_step_sigmafactor_sigmainv_res_hypotheses_lr");
  const ours = rows.map(([templates, step]) => {
    let count = 40 * templates;
    for (const { pruneAfter } of schedule.slice(0, step)) if (pruneAfter && templates > 1) count >>= 1;
    const { sharpness, level, learningRate } = schedule[step];
    return [sharpness, sizes[level], count, Math.fround(learningRate)];
  });
  const last = rows[rows.length - 1];
  return [
    same("steps", ours.flat(), rows.flatMap((row) => Array.from(row.subarray(3)))),
    same("hypotheses left", [hypothesisCount(last[0], resolveOptions(ESTIMATE_OPTIONS, {}))], [last[5]]),
    close("views", startViews(), data.floats("initial_views_wxyz"), { absolute: 1e-6 }),
  ];
}

/** Agreement, distances to the truth, recall, complementary poses. */
export function scoresCase(data: CaseData): Check[] {
  const ious = data.rows("iou"), rotations = data.rows("R"), truths = data.rows("gt");
  const disagreement = ious.map((row, i) => rotationDisagreement(row, rotations[i]));
  const best = ious.map((row, i) => rotations[i].subarray(4 * indexOfLargest(row)).subarray(0, 4));
  const threshold = data.number("threshold");
  const agreeing = disagreement.map((value) => value < threshold);
  const distances = (wanted: (i: number) => boolean) =>
    best.flatMap((q, i) => truths[i][0] === -1000 || !wanted(i) ? [] : [geodesicDistance(q, truths[i])]);
  const all = distances(() => true), sure = distances((i) => agreeing[i]);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const quaternions = rotations.flatMap((row) =>
    Array.from({ length: row.length / 4 }, (_, h) => row.subarray(4 * h, 4 * h + 4))
  );
  return [
    close("v_agr", disagreement, data.floats("v_agr"), SCORES),
    close("best_R", joined(best), data.floats("best_R"), SCORES),
    close("gd", [mean(all), mean(sure)], [data.number("gd_at_1"), data.number("gd_at_recall")], SCORES),
    same("counts", [all.length, sure.length], [
      data.number("gd_at_1_count"),
      data.number("gd_at_recall_count"),
    ]),
    close("recall", [mean(agreeing.map(Number))], [data.number("recall")], SCORES),
    close(
      "complementary_q",
      joined(quaternions.map(complementaryRotation)),
      data.floats("complementary_q"),
      SCORES,
    ),
    close(
      "complementary_score",
      quaternions.map(sideViewScore),
      data.floats("complementary_score"),
      SCORES,
    ),
  ];
}

/** One evaluation of the loss: its parts, the IoUs, the gradients of all parameters. */
export async function stepCase(data: CaseData): Promise<Check[]> {
  const { vertices, faces } = await templateOf(data);
  const bits = data.ints("mask_256_packed");
  const mask = Float32Array.from({ length: 256 * 256 }, (_, i) => bits[i >> 3] >> (7 - (i & 7)) & 1);
  const target = resizeMask(mask, 256, SIZE);
  const names = ["R", "s", "t", "z0"] as const;
  const count = data.shape("R")[0];
  const start = new Float64Array(8 * count); // [H, 8]
  for (const name of names) {
    const [first, width] = COLUMNS[name];
    data.rows(name).forEach((row, h) => start.set(row.subarray(0, width), 8 * h + first));
  }
  const run = evaluateAll(new HypothesisSet(start, [vertices]), new SoftSilhouette(faces, 962, SIZE), target);
  const views = startViews();
  const scales = Array.from(
    { length: views.length / 4 },
    (_, i) => startScale(vertices, views.subarray(4 * i, 4 * i + 4)),
  );
  return [
    close("target", target, data.floats("target_64"), { absolute: 1e-6 }),
    close("start scale", scales, data.floats("scale_init_all_views"), { absolute: 1e-5 }),
    close("loss", [run.silhouette + run.boundaryPenalty], [data.number("loss")], { relative: 1e-5 }),
    close("silhouette_loss", [run.silhouette], [data.number("silhouette_loss")], { relative: 1e-5 }),
    close("wall_loss", run.walls, data.floats("wall_loss"), { absolute: 1e-6, relative: 1e-5 }),
    close("iou", run.ious, data.floats("iou"), { absolute: 1e-5 }),
    ...names.map((name) =>
      close(`grad_${name}`, columnOf(run.gradients, name), data.floats(`grad_${name}`), { ofLargest: 1e-3 })
    ),
  ];
}

/** The first 20 steps: the first one closely, then the level of loss and IoU only, since rounding grows fast. */
export async function trajectoryCase(data: CaseData): Promise<Check[]> {
  const { vertices, faces } = await templateOf(data);
  const target = Float32Array.from(data.floats("target_64"));
  const views = data.rows("views"), scales = data.floats("scale_init");
  const start = Float64Array.from(views.flatMap((q, h) => [...q, scales[h], 0, 0, START_PERSPECTIVE]));
  const set = new HypothesisSet(start, [vertices]);
  const silhouette = new SoftSilhouette(faces, 962, SIZE), optimiser = new FullMatrixAdam(set.count, 8);
  const losses: number[] = [], ious: number[] = [];
  let first = new Float64Array(0);
  const steps = data.shape("gradients")[0];
  for (let step = 0; step < steps; step++) {
    const run = evaluateAll(set, silhouette, target);
    losses.push(run.silhouette + run.boundaryPenalty);
    ious.push(run.ious.reduce((sum, value) => sum + value, 0) / set.count);
    optimiser.update(set.parameters, set.gradients, 0.1);
    set.constrain();
    if (step === 0) first = set.parameters.slice();
  }
  const theirLosses = data.floats("loss_before_step");
  const theirIous = data.rows("iou_before_step").map((row) =>
    row.reduce((sum, value) => sum + value, 0) / row.length
  );
  return [
    close("parameters after step 1", first, data.rows("parameters_after_step")[0], { absolute: 5e-3 }),
    close("loss before steps 1 and 2", losses.slice(0, 2), theirLosses.slice(0, 2), { relative: 0.01 }),
    close("loss before step 20", losses.slice(-1), theirLosses.slice(-1), { relative: 0.25 }),
    close("mean IoU before step 20", ious.slice(-1), theirIous.slice(-1), { absolute: 0.05 }),
  ];
}

/** All hypotheses once. */
function evaluateAll(set: HypothesisSet, silhouette: SoftSilhouette, target: Float32Array) {
  const squares = target.reduce((sum, value) => sum + value * value, 0);
  const walls: number[] = [], ious: number[] = [];
  let silhouetteLoss = 0;
  for (let h = 0; h < set.count; h++) {
    const parts = set.evaluate(h, silhouette, target, squares);
    silhouetteLoss += parts.silhouette;
    walls.push(parts.boundaryPenalty);
    ious.push(iou(silhouette.image(), target));
  }
  const boundaryPenalty = walls.reduce((sum, value) => sum + value, 0);
  return { silhouette: silhouetteLoss, boundaryPenalty, walls, ious: ious, gradients: set.gradients };
}

function columnOf(gradients: Float64Array, name: keyof typeof COLUMNS): Float64Array {
  const [first, width] = COLUMNS[name];
  const rows = Array.from({ length: gradients.length / 8 }, (_, h) => 8 * h + first);
  return joined(rows.map((row) => gradients.subarray(row, row + width)));
}

/** The template that the case's name ends in. */
function templateOf({ root, name }: CaseData) {
  return benchmarkTemplate(`${root}/pose_benchmark`, name.slice(name.lastIndexOf("_") + 1));
}
