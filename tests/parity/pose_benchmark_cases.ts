/**
 * The pose benchmark: whole fits of masks at known poses, beside the original's results.
 *
 * @module
 */
import { resolveOptions } from "../../lib/core/option.ts";
import { ESTIMATE_OPTIONS } from "../../lib/pose/estimate_options.ts";
import { join } from "@std/path";
import { defaultWorkerCount } from "../../lib/core/worker_pool.ts";
import { readNpz } from "../../lib/io/npz.ts";
import { rotationDisagreement } from "../../lib/metrics/rotation_disagreement.ts";
import { geodesicDistance, rotationAngleDegrees } from "../../lib/metrics/geodesic_distance.ts";
import { iou } from "../../lib/metrics/iou.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import {
  benchmarkFigures,
  benchmarkTemplate,
  fitBenchmark,
  type PoseBenchmark,
  readPoseBenchmark,
} from "../../tools/evaluation/pose_benchmark.ts";
import type { Hypotheses } from "../../lib/pose/files.ts";
import { PoseFitter } from "../../lib/pose/pose_fitter.ts";
import { indexOfLargest } from "../../lib/pose/running_scores.ts";
import { poseSchedule } from "../../lib/pose/schedule.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { type CaseData, joined } from "./case_data.ts";
import { type Check, close, same } from "./check.ts";

/** How far the best IoU of an image may be from the original's; rounding alone moves it by 0.001. */
const IOU = { absolute: 0.005 };
/** How much larger the error of one image may be, in degrees. */
const DEGREES = 5;
/** Bounds over a set: what may be worse than the original. */
const MEDIAN_DEGREES = 1, FEWER_UNDER_10 = 1, MEAN_IOU = 0.003;

interface Fitted {
  readonly benchmark: PoseBenchmark;
  readonly hypotheses: Hypotheses;
}
const fits = new Map<string, Promise<Fitted>>();

/** A file of the folder: a mask, the truth, a template or the original's results. */
export async function poseBenchmarkCase({ root, folder: name, name: file }: CaseData): Promise<Check[]> {
  const folder = join(root, name);
  const reference = /^reference_(.+)\.npz$/.exec(file)?.[1];
  if (reference === "multi") return await multiChecks(folder);
  if (reference) return await referenceChecks(folder, reference);
  const [, set, rest] = /^(.+?)_(.+)$/.exec(file)!;
  if (rest === "template.obj") return await templateChecks(folder, set);
  const fitted = await fitSet(folder, set);
  return rest === "truth.json" ? truthChecks(fitted) : imageChecks(fitted, file.replace(/\.png$/, ""));
}

/** One fit of a set serves all of its cases. */
function fitSet(folder: string, set: string): Promise<Fitted> {
  const key = join(folder, set);
  const fit = async () => {
    const benchmark = await readPoseBenchmark(folder, set);
    const workers = Math.min(2, defaultWorkerCount());
    return { benchmark, hypotheses: await fitBenchmark(benchmark, { workers }) };
  };
  if (!fits.has(key)) fits.set(key, fit());
  return fits.get(key)!;
}

/** The template is symmetric: the mirror image of each vertex is where the topology says. */
async function templateChecks(folder: string, set: string): Promise<Check[]> {
  const { vertices } = await benchmarkTemplate(folder, set);
  const { negativeIndices, positiveIndices } = sphereTopology();
  const of = (indices: ArrayLike<number>, sign: number) =>
    Array.from(indices).flatMap((i) => [sign * vertices[3 * i], vertices[3 * i + 1], vertices[3 * i + 2]]);
  return [close("mirror image", of(negativeIndices, -1), of(positiveIndices, 1), { absolute: 2e-5 })];
}

/** True rotations have unit length, and the fits reach what the issue asks of the whole set. */
function truthChecks({ benchmark: { dataset, reference }, hypotheses }: Fitted): Check[] {
  const ours = benchmarkFigures(dataset, hypotheses), theirs = benchmarkFigures(dataset, reference);
  const lengths = dataset.records.map(({ truePose }) => Math.hypot(...Array.from(truePose!.rotation)));
  const share = (what: string, worse: number, allowed: number): Check => ({
    what,
    share: worse <= 0 ? 0 : worse / allowed,
    error: worse,
  });
  const N = dataset.length;
  return [
    close("true rotations", lengths, lengths.map(() => 1), { absolute: 1e-6 }),
    share("median angle", ours.medianDegrees! - theirs.medianDegrees!, MEDIAN_DEGREES),
    share("images under 10°", Math.round(N * (theirs.under10! - ours.under10!)), FEWER_UNDER_10),
    share("flips", Math.round(N * (ours.flips! - theirs.flips!)), 0),
    share("mean IoU", theirs.meanIou - ours.meanIou, MEAN_IOU),
  ];
}

/** One image: IoU and error of the best hypothesis. */
function imageChecks({ benchmark: { dataset, reference }, hypotheses }: Fitted, id: string): Check[] {
  const i = dataset.records.findIndex((record) => record.id === id);
  const truth = dataset.records[i].truePose!.rotation;
  const best = ({ H, rotation, iou }: PoseBenchmark["reference"]) => {
    const at = i * H + indexOfLargest(iou.subarray(i * H, (i + 1) * H));
    return { iou: iou[at], degrees: rotationAngleDegrees(rotation.subarray(4 * at, 4 * at + 4), truth) };
  };
  const ours = best(hypotheses), theirs = best(reference);
  const worse = Math.max(0, ours.degrees - theirs.degrees);
  return [
    close("best IoU", [ours.iou], [theirs.iou], IOU),
    { what: "angle", share: worse / DEGREES, error: worse },
  ];
}

/** The original's poses, rendered and scored by us, have its IoUs and scores. */
async function referenceChecks(folder: string, set: string): Promise<Check[]> {
  const { dataset, template, reference } = await readPoseBenchmark(folder, set);
  const arrays = await readNpz(join(folder, `reference_${set}.npz`));
  const masks = await Promise.all(dataset.records.map((_, i) => dataset.sample(i, 256)));
  const ious = iousOf([template.vertices], reference, () => 0, masks.map(({ mask }) => mask.data));
  const { N, H, rotation, iou } = reference;
  const rows = Array.from({ length: N }, (_, i) => [i * H, (i + 1) * H] as const);
  return [
    close("iou", ious, iou, { absolute: 2e-3 }),
    close(
      "v_agr",
      rows.map(([a, b]) => rotationDisagreement(iou.subarray(a, b), rotation.subarray(4 * a, 4 * b))),
      Float64Array.from(arrays.v_agr.data, Number),
      { absolute: 1e-4 },
    ),
    close(
      "gd",
      rows.map(([a, b], i) => {
        const at = a + indexOfLargest(iou.subarray(a, b));
        return geodesicDistance(rotation.subarray(4 * at, 4 * at + 4), dataset.records[i].truePose!.rotation);
      }),
      Float64Array.from(arrays.gd.data, Number),
      { absolute: 1e-4 },
    ),
  ];
}

/** Both templates at once: the images 0 and 3 of each set get the template that the original chose. */
async function multiChecks(folder: string): Promise<Check[]> {
  const sets = await Promise.all(["car", "bird"].map((set) => readPoseBenchmark(folder, set)));
  const arrays = await readNpz(join(folder, "reference_multi.npz"));
  const floats = (key: string) => Float32Array.from(arrays[key].data, Number);
  const theirs = {
    N: 4,
    H: arrays.iou.shape[1],
    rotation: floats("R"),
    scale: floats("s"),
    translation: floats("t"),
    perspective: floats("z0"),
    iou: floats("iou"),
  };
  const weights = floats("w");
  const images = sets.flatMap(({ dataset }) => [0, 3].map((i) => ({ dataset, i })));
  const masks = await Promise.all(
    images.map(async ({ dataset, i }) => (await dataset.sample(i, 256)).mask.data),
  );
  const templates = sets.map(({ template }) => template.vertices);
  const fitter = new PoseFitter(sphereTopology().faces, templates, {
    ...resolveOptions(ESTIMATE_OPTIONS, {}),
    silhouetteTarget: "plain",
  });
  const chosen: number[] = [], best: number[] = [], degrees: number[] = [];
  masks.forEach((mask, m) => {
    const fitted = fitter.fit(mask), at = indexOfLargest(fitted.iou);
    const { dataset, i } = images[m];
    chosen.push(fitted.template[at]);
    best.push(fitted.iou[at]);
    degrees.push(
      rotationAngleDegrees(
        fitted.rotation.subarray(4 * at, 4 * at + 4),
        dataset.records[i].truePose!.rotation,
      ),
    );
  });
  const theirBest = masks.map((_, m) =>
    m * theirs.H + indexOfLargest(theirs.iou.subarray(m * theirs.H, (m + 1) * theirs.H))
  );
  const templateOf = (at: number) => weights[2 * at] === 1 ? 0 : 1;
  const theirDegrees = theirBest.map((at, m) =>
    rotationAngleDegrees(
      theirs.rotation.subarray(4 * at, 4 * at + 4),
      images[m].dataset.records[images[m].i].truePose!.rotation,
    )
  );
  const worse = Math.max(0, ...degrees.map((angle, m) => angle - theirDegrees[m]));
  return [
    close("iou", iousOf(templates, theirs, templateOf, masks), theirs.iou, { absolute: 2e-3 }),
    same("template", chosen, theirBest.map(templateOf)),
    close("best IoU", best, theirBest.map((at) => theirs.iou[at]), IOU),
    { what: "angle", share: worse / DEGREES, error: worse },
  ];
}

/** Our IoU of every given pose. */
function iousOf(
  templates: readonly Float32Array[],
  poses: PoseBenchmark["reference"],
  templateOf: (at: number) => number,
  masks: readonly ArrayLike<number>[],
): Float64Array {
  const { cameraOptimSteps: steps, cameraLrDecayAfter: learningRateDecayAfter } = resolveOptions(
    ESTIMATE_OPTIONS,
    {},
  );
  const last = poseSchedule({ steps, learningRateDecayAfter, sharpening: "original" })[steps - 1];
  const silhouette = new SoftSilhouette(sphereTopology().faces, templates[0].length / 3, 256, {
    sharpness: last.sharpness,
  });
  const rows = masks.map((mask, i) =>
    Array.from({ length: poses.H }, (_, h) => {
      const at = i * poses.H + h;
      silhouette.forward(projectVertices(templates[templateOf(at)], {
        rotation: poses.rotation.subarray(4 * at, 4 * at + 4),
        scale: poses.scale[at],
        translation: poses.translation.subarray(2 * at, 2 * at + 2),
        perspective: poses.perspective[at],
      }));
      return iou(silhouette.image(), Float32Array.from(mask));
    })
  );
  return joined(rows);
}
