/**
 * Pose estimation, step 2: learns which part of the object each vertex of the template belongs to, scores all hypotheses
 * by parts, and chooses one per image.
 *
 * @module
 */
import { resolveOptions } from "../core/option.ts";
import { UserError } from "../core/errors.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Template } from "../templates/template_file.ts";
import { type Choice, chooseImages } from "./choose.ts";
import type { Hypotheses, PoseEstimates } from "./files.ts";
import { findParts } from "./auto_parts.ts";
import { CHOOSE_OPTIONS, type ChooseOptions } from "./choose_options.ts";
import { type ChooseJob, type Scored, weightedScores } from "./choose_job.ts";
import type { FeatureSource } from "./object_features.ts";
import { scoreByFeatures } from "./score_by_features.ts";
import { scoreByParts } from "./score_parts.ts";

/** Largest side of the images that found parts are compared in: clusters are found at half of it. */
const AUTO_RESOLUTION = 128;

/** Result of step 2. */
export interface PoseChoice extends Choice, Scored {
  /** Poses of the kept images. */
  readonly estimates: PoseEstimates;
  /** The best pose of every image, those of discarded ones too. */
  readonly everyImage: PoseEstimates;
  /** 1 for images whose pose a person set, 2 for those that a person left out, else 0, `[N]`; missing where nobody did. */
  readonly corrected?: Uint8Array;
}

/**
 * Chooses one hypothesis for each image, and which images are kept.
 *
 * Data sets without parts are chosen by the IoU of silhouettes, which cannot tell front from back as well.
 *
 * @param dataset The images of step 1
 * @param templates The templates of step 1
 * @param hypotheses Result of step 1
 * @param options Settings
 * @param callbacks Progress over images, and sentences about what was decided
 * @param features Finds features of the images, for `parts: features`
 * @returns Poses of the kept images, and everything that the choice is based on
 * @throws {UserError} If the hypotheses belong to other images or templates
 * @throws {StoppedError} If the signal was aborted
 */
export async function choosePoses(
  dataset: Dataset,
  templates: readonly Template[],
  hypotheses: Hypotheses,
  options: ChooseOptions = {},
  callbacks: StageCallbacks = {},
  features?: () => Promise<FeatureSource>,
): Promise<PoseChoice> {
  const chosen = { featureModel: options.featureModel, ...resolveOptions(CHOOSE_OPTIONS, options) };
  const job: ChooseJob = {
    dataset,
    templates,
    hypotheses,
    options: chosen,
    before: null,
    callbacks,
  };
  checkBelonging(job);
  const scored = await scoreAll(job, features);
  const { rotation, H } = hypotheses;
  const choice = chooseImages({ ...scored, rotation, H }, job.options);
  tellRule(choice, job);
  const all = Int32Array.from(choice.best.keys());
  return {
    ...choice,
    ...scored,
    estimates: estimatesOf(choice.kept, choice, scored, job),
    everyImage: estimatesOf(all, choice, scored, job),
  };
}

async function scoreAll(job: ChooseJob, features?: () => Promise<FeatureSource>): Promise<Scored> {
  const { dataset, options: { parts }, callbacks } = job;
  const hasParts = dataset.partNames.length > 0;
  if (parts === "features") {
    if (!features) throw new TypeError("Cannot choose poses by features without a function that finds them");
    return await scoreByFeatures(job, await features());
  }
  if (parts === "data") return hasParts ? await scoreByParts(job) : scoreBySilhouette(job);
  const found = await findParts(dataset, {}, callbacks);
  const { autoRounds: rounds } = job.options;
  const imageResolution = Math.min(AUTO_RESOLUTION, job.options.imageResolution);
  const options = { ...job.options, semantics: "data" as const, rounds, imageResolution };
  const auto = { ...job, dataset: found, options };
  if (parts === "auto" || !hasParts) return await scoreByParts(auto);
  const own = await scoreByParts(job);
  const { scores, miou, iou } = await scoreByParts({ ...auto, before: own.scores });
  const alone = weightedScores(miou, iou, job);
  return { ...own, scores, kinds: [own, { scores: alone, miou }] };
}

function scoreBySilhouette(job: ChooseJob): Scored {
  const { dataset, hypotheses, callbacks } = job;
  callbacks.onMessage?.(
    `The data set "${dataset.name}" has no part labels: poses are chosen by the IoU of silhouettes alone, which ` +
      `may take the front for the back. 'parts: auto' finds parts without labels.`,
  );
  const { iou } = hypotheses;
  const plain = { ...job, options: { ...job.options, silhouetteWeight: 0, partsWeight: 0 } };
  return { iou, miou: iou, scores: weightedScores(iou, iou, plain), semantics: null, semanticImages: [] };
}

function estimatesOf(
  images: Int32Array,
  { best }: Choice,
  { iou, miou }: Scored,
  { dataset, hypotheses }: ChooseJob,
): PoseEstimates {
  const { H, T } = hypotheses;
  const gather = (values: Float32Array, width: number) => {
    const rows = new Float32Array(images.length * width); // [M, width]
    images.forEach((i, m) =>
      rows.set(values.subarray((i * H + best[i]) * width, (i * H + best[i] + 1) * width), m * width)
    );
    return rows;
  };
  return {
    indices: images,
    rotation: gather(hypotheses.rotation, 4),
    scale: gather(hypotheses.scale, 1),
    translation: gather(hypotheses.translation, 2),
    perspective: gather(hypotheses.perspective, 1),
    weights: gather(hypotheses.weights, T),
    iou: gather(iou, 1),
    miou: gather(miou, 1),
    ids: Array.from(images, (i) => dataset.records[i].id),
  };
}

function tellRule({ rule, kept }: Choice, { hypotheses: { N }, callbacks, options }: ChooseJob): void {
  if (rule === "all") {
    callbacks.onMessage?.(
      `All ${N} images are kept: the discard rule needs at least ${options.keepAllBelow}.`,
    );
  } else if (rule === "better half") {
    callbacks.onMessage?.(
      `The hypotheses agree in hardly any image: the better half by score is kept, ${kept.length} of ${N}.`,
    );
  } else callbacks.onMessage?.(`${kept.length} of ${N} images are kept.`);
}

function checkBelonging({ dataset, templates, hypotheses }: ChooseJob): void {
  const { N, T, ids } = hypotheses;
  const different = dataset.records.findIndex((record, i) => record.id !== ids[i]);
  if (N !== dataset.length || different >= 0) {
    throw new UserError(
      `Cannot choose poses: step 1 was run on other images (${N}, now ${dataset.length}` +
        `${
          different >= 0 ? `; the first other one is "${dataset.records[different].id}"` : ""
        }). Run it again.`,
    );
  }
  if (T !== templates.length) {
    throw new UserError(
      `Cannot choose poses: step 1 was run with ${T} templates, now there are ${templates.length}. Run it again.`,
    );
  }
}
