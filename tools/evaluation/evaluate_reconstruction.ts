/**
 * How well objects are reconstructed that were never trained on: training on some models of an annotated set, test with the
 * others, poses of both by our own estimation.
 *
 * @module
 */
import { json, limit, optionalName, seed, workersThat } from "../../lib/core/common_options.ts";
import { option, type OptionsOutput } from "../../lib/core/option.ts";
import { basename, join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import {
  cacheFolder,
  datasetFile,
  hypothesesFile,
  outputFolder,
  posesFile,
  reconstructionFolder,
} from "../../lib/core/paths.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { importPhotographs } from "../../lib/datasets/import_photographs.ts";
import { type AnnotatedModels, chooseTestModels, readAnnotatedModels } from "./model_split.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { schedule } from "../../lib/pose/estimate_options.ts";
import { readPoseEstimates } from "../../lib/pose/files.ts";
import { photographChoice } from "../../lib/pose/robust_choice.ts";
import { maskTarget } from "../../lib/reconstruction/options.ts";
import type { PhotographFigures } from "./measure_photograph.ts";
import { checkpointFile } from "../../lib/training/checkpoint.ts";
import { readRunSettings } from "../../lib/training/run_settings.ts";
import { planFromIterations } from "../../lib/training/schedules.ts";
import { runPoseStep1 } from "../../lib/pipeline/pose_step1.ts";
import { runPoseStep2 } from "../../lib/pipeline/pose_step2.ts";
import { runReconstruction } from "../../lib/pipeline/reconstruct.ts";
import { exists } from "../../lib/io/exists.ts";
import { StageRecord } from "../../lib/pipeline/stage_record.ts";
import { measureReconstructions } from "./measure_reconstructions.ts";
import { measureMethods, type ViewResult } from "./measure_methods.ts";

/** Word that stands for a synthetic set, made when it is asked for. */
export const SYNTHETIC_SET = "synthetic";

/** Options of the task `evaluate_reconstruction`. */
export const EVALUATE_RECONSTRUCTION_OPTIONS = {
  name: optionalName("Trained run to test; without it one is trained from scratch."),
  data: option.list({
    doc: "Folders of annotated images, each named as its category, and synthetic for images that are drawn.",
    default: ["auto"],
  }),
  limit,
  iters: option.integer({ doc: "Iterations of the training.", default: 2400, minimum: 1, maximum: 6000 }),
  batchSize: option.integer({ doc: "Photographs in a batch.", default: 8, minimum: 2 }),
  lr: option.number({ doc: "Learning rate.", default: 5e-4, above: 0 }),
  maskTarget,
  schedule: schedule("fast"),
  seed,
  workers: workersThat(" of pose estimation, 0 for none"),
  json,
} as const;

/** What is evaluated, and how. */
export interface EvaluateReconstructionSetRequest
  extends Omit<OptionsOutput<typeof EVALUATE_RECONSTRUCTION_OPTIONS>, "name" | "data" | "json"> {
  /** Folder of annotated images whose name is the category, or `synthetic`. */
  readonly data: string;
  /** Name of a trained run; null trains one. */
  readonly name: string | null;
}

/** Mean figures over photographs. */
export interface MeanFigures {
  /** Photographs. */
  readonly count: number;
  /** Mean IoU of silhouette and mask. */
  readonly iou: number | null;
  /** Mean PSNR inside the mask, decibels. */
  readonly psnr: number | null;
  /** Mean distance to the visible true surface, half lengths. */
  readonly chamfer: number | null;
}

/** Result of an evaluation. */
export interface ReconstructionEvaluation {
  /** Name of the data set. */
  readonly dataset: string;
  /** Name of the run. */
  readonly run: string;
  /** Iterations that it was trained for. */
  readonly iterations: number;
  /** Minutes of training; null for a run that was trained elsewhere. */
  readonly trainingMinutes: number | null;
  /** Models that were trained on. */
  readonly trainingModels: readonly string[];
  /** Models that were tested with. */
  readonly testModels: readonly string[];
  /** Test photographs whose pose step 2 kept. */
  readonly test: MeanFigures;
  /** All test photographs, those of discarded poses too. */
  readonly testAll: MeanFigures;
  /** Training photographs. */
  readonly training: MeanFigures;
  /** The template in place of the reconstruction, on the kept test photographs. */
  readonly template: MeanFigures;
  /** Kept test photographs by model. */
  readonly perModel: Readonly<Record<string, MeanFigures>>;
  /** Objects of single test photographs in their own and in other views; empty where true poses are not known. */
  readonly views: readonly ViewResult[];
  /** Image of some test photographs and their reconstructions. */
  readonly image: string;
}

const MODE = "singletpl", PRESET = "small", TEST_SHARE = 0.25, SYNTHETIC_IMAGES = 160;

/**
 * Imports the images, estimates poses, trains unless a run is named, and tests. Every stage is kept, so that a stopped
 * call resumes where it was.
 *
 * @param request What is evaluated
 * @param callbacksOf Callbacks by stage
 * @throws {UserError} If images, models or the run are missing
 * @throws {StoppedError} If it was stopped
 */
export async function runReconstructionEvaluation(
  request: EvaluateReconstructionSetRequest,
  callbacksOf: (stage: string) => StageCallbacks,
): Promise<ReconstructionEvaluation> {
  const { limit, seed } = request;
  const { dataset, folder } = await importSet(request, callbacksOf);
  const models = await readAnnotatedModels(folder);
  const modelOf = modelsOf(dataset, models);
  const present = new Set(modelOf.values());
  const families = models.families.map((family) => family.filter((model) => present.has(model)));
  const testModels = chooseTestModels(families.filter(({ length }) => length > 0), TEST_SHARE, seed);
  if (testModels.size === 0) {
    throw new UserError(
      `Cannot evaluate on ${folder}: ${present.size} models${
        limit > 0 ? ` of ${limit} images` : ""
      } leave none to ` +
        `test with; take more images.`,
    );
  }
  await estimatePoses(dataset, request, callbacksOf);
  const isTest = (id: string) => testModels.has(modelOf.get(id)!);
  const testIds = new Set([...modelOf.keys()].filter(isTest));
  const run = request.name ?? dataset.name;
  const minutes = request.name === null
    ? await train(run, dataset.name, testIds, request, callbacksOf)
    : null;
  if (request.name !== null) await warnOfSeenModels(run, dataset.name, callbacksOf("test"));
  const { results, image, iterations } = await measureReconstructions(
    dataset,
    run,
    models,
    modelOf,
    isTest,
    callbacksOf("test"),
  );
  const views = await measureMethods(dataset, run, modelOf, isTest, request.workers, callbacksOf("views"));
  const kept = results.filter(({ isKept }) => isKept), tested = kept.filter(({ id }) => isTest(id));
  const perModel = Object.groupBy(tested, ({ id }) => modelOf.get(id)!);
  return {
    dataset: dataset.name,
    run,
    iterations,
    trainingMinutes: minutes,
    trainingModels: [...present].filter((model) => !testModels.has(model)).sort(),
    testModels: [...testModels].sort(),
    test: meanOf(tested.map(({ figures }) => figures)),
    testAll: meanOf(results.filter(({ id }) => isTest(id)).map(({ figures }) => figures)),
    training: meanOf(kept.filter(({ id }) => !isTest(id)).map(({ figures }) => figures)),
    template: meanOf(tested.map(({ template }) => template)),
    perModel: Object.fromEntries(
      Object.entries(perModel).map(([model, found]) => [model, meanOf(found!.map(({ figures }) => figures))]),
    ),
    views,
    image,
  };
}

/** Describes the images as a data set, rendered for the synthetic one if it is not there. */
async function importSet(
  { data, limit, schedule, seed }: EvaluateReconstructionSetRequest,
  callbacksOf: (stage: string) => StageCallbacks,
): Promise<{ dataset: Dataset; folder: string }> {
  const isSynthetic = data === SYNTHETIC_SET;
  const category = isSynthetic ? "car" : basename(data);
  // poses are kept with the data set: those of another schedule are another one's
  const suffix = (limit > 0 ? `_${limit}` : "") + (schedule === "fast" ? "" : `_${schedule}`);
  const name = `evaluate_reconstruction_${isSynthetic ? SYNTHETIC_SET : category}${suffix}`;
  const folder = isSynthetic ? join(cacheFolder(name), "photos") : data;
  if (isSynthetic && !await exists(join(folder, "annotations.json"))) {
    const count = limit > 0 ? limit : SYNTHETIC_IMAGES;
    await makeSynthetic(folder, { category, count, seed }, callbacksOf("synthetic photographs"));
  }
  if (!await exists(datasetFile(name))) {
    const options = { name, category, limit: isSynthetic ? 0 : limit, seed };
    await importPhotographs(folder, options, callbacksOf("import"));
  }
  return { dataset: await openDataset(name), folder };
}

/** Model of each photograph by its id. */
function modelsOf(dataset: Dataset, { modelOfImage }: AnnotatedModels): Map<string, string> {
  return new Map(dataset.records.map(({ id, imagePath }) => {
    const model = modelOfImage.get(basename(imagePath).replace(/\.[^.]*$/, ""));
    if (model === undefined) {
      throw new UserError(
        `Cannot evaluate on ${dataset.name}: the annotations name no model of ${imagePath}`,
      );
    }
    return [id, model];
  }));
}

/** Poses, chosen as a pipeline does. */
async function estimatePoses(
  { name: dataset, category }: Dataset,
  { schedule, workers }: EvaluateReconstructionSetRequest,
  callbacksOf: (stage: string) => StageCallbacks,
): Promise<void> {
  if (!await exists(hypothesesFile(dataset, MODE))) {
    await runPoseStep1({ dataset, mode: MODE, schedule, workers }, callbacksOf("pose step 1"));
  }
  if (!await exists(posesFile(dataset, MODE))) {
    await runPoseStep2(
      { dataset, mode: MODE, workers, ...photographChoice(category) },
      callbacksOf("pose step 2"),
    );
  }
}

/** Trains on all photographs but those of the test; returns the minutes, those of earlier calls too. */
async function train(
  run: string,
  dataset: string,
  leaveOut: ReadonlySet<string>,
  { iters, batchSize, lr, maskTarget, seed }: EvaluateReconstructionSetRequest,
  callbacksOf: (stage: string) => StageCallbacks,
): Promise<number> {
  const record = await StageRecord.open(join(outputFolder(run), "evaluation_stages.json"));
  const settings = { iters, batchSize, lr, maskTarget, seed, leaveOut: [...leaveOut] };
  const resultFile = checkpointFile(reconstructionFolder(run), "latest");
  const { seconds } = await record.stage({ name: "reconstruct", settings, resultFile }, async (start) => {
    const posed = (await readPoseEstimates(posesFile(dataset, MODE))).ids.filter((id) => !leaveOut.has(id));
    const { epochs, decayEvery } = planFromIterations(posed.length, batchSize, iters);
    const { state } = await runReconstruction({
      ...{ name: run, dataset, mode: MODE, preset: PRESET, epochs, batchSize, lr, maskTarget, seed },
      ...{ leaveOut, lrDecayEvery: decayEvery, saveFreq: 2, checkpointFreq: epochs, imageFreq: epochs },
      continueTrain: start === "resume",
      overwrite: start === "scratch",
    }, callbacksOf("training"));
    return { iterations: state.iteration };
  });
  return seconds / 60;
}

/** A run of one's own on the same data set has seen all models; that of this evaluation has the name of the data set. */
async function warnOfSeenModels(run: string, dataset: string, { onMessage }: StageCallbacks): Promise<void> {
  const settings = await readRunSettings(reconstructionFolder(run));
  if (settings.dataset !== dataset || run === dataset) return;
  onMessage?.(
    `The run ${run} was trained on ${dataset} with its test models: the figures say nothing of others.`,
  );
}

function meanOf(figures: readonly PhotographFigures[]): MeanFigures {
  const mean = (name: keyof PhotographFigures): number | null => {
    const values = figures.flatMap((found) => found[name] ?? []).filter(Number.isFinite);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return { count: figures.length, iou: mean("iou"), psnr: mean("psnr"), chamfer: mean("chamfer") };
}
