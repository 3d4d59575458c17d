/**
 * The chain of all stages, from photographs to exported meshes.
 *
 * @module
 */
import { join } from "@std/path";
import type { BackendName } from "../backend/options.ts";
import type { ActiveBackend } from "../backend/select_backend.ts";
import { UserError } from "../core/errors.ts";
import { hashText } from "../core/prng.ts";
import {
  cacheFolder,
  datasetFile,
  ganFolder,
  hypothesesFile,
  type Mode,
  outputFolder,
  poseMetadataFile,
  posesFile,
  reconstructionFolder,
} from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { importPhotographs } from "../datasets/import_photographs.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { removeLeftovers } from "../io/leftovers.ts";
import { evaluatePoses } from "../pose/evaluate.ts";
import { partialFileOf, readPoseEstimates } from "../pose/files.ts";
import { PRESETS } from "../networks/presets.ts";
import { checkpointFile, hasCheckpoint } from "../training/checkpoint.ts";
import { runEvaluation } from "./evaluate.ts";
import { runExport } from "./export.ts";
import { runExportReconstructions } from "./export_reconstructions.ts";
import { runPseudoGroundTruth } from "./generate_pseudogt.ts";
import { runPoseStep1 } from "./pose_step1.ts";
import { runPoseStep2 } from "./pose_step2.ts";
import { evaluateReconstructionRun, runReconstruction } from "./reconstruct.ts";
import type { PipelineSizes } from "./sizes.ts";
import { type StageOutcome, StageRecord, type StageResult, type StageStart } from "./stage_record.ts";
import { runGan } from "./train_gan.ts";

/** What a pipeline is run on. */
export interface PipelineRequest {
  /** Name of the run, and of its data set. */
  readonly name: string;
  /** Folder of photographs. */
  readonly images: string;
  /** Category, which chooses the template. */
  readonly category: string;
  /** One template or several. */
  readonly mode: Mode;
  /** Sizes of the stages. */
  readonly sizes: PipelineSizes;
  /** Number of photographs to take; 0 takes all. */
  readonly limit: number;
  /** Seed of all randomness. */
  readonly seed: number;
  /** Leave out photographs that cannot be used. */
  readonly skipInvalid: boolean;
  /** Workers of pose estimation; null is one per core. */
  readonly workers: number | null;
  /** Backend that computes the networks. */
  readonly backend: ActiveBackend;
}

/**
 * How a pipeline chooses poses: the template's own part labels seed the inference where the data set names the same
 * parts, silhouettes count beside parts, and cameras are held level for photographs without parts.
 */
const CHOICE = { semantics: "auto", silhouetteWeight: 1, levelWeight: 0.1 } as const;

/** The reconstruction's norms need a batch of two. */
const LEAST_PHOTOGRAPHS = 2;

/** What a pipeline calls: callbacks for each stage by its name. */
export type CallbacksOf = (stage: string) => StageCallbacks;

/** What all stages came to. */
export interface PipelineResult {
  /** Stages in order. */
  readonly stages: readonly StageOutcome[];
  /** Figures of each stage by its name. */
  readonly figures: Readonly<Record<string, StageResult>>;
}

/** File in which a pipeline remembers its stages. */
export function pipelineFile(name: string): string {
  return join(outputFolder(name), "pipeline.json");
}

/**
 * Runs all stages that are not up to date.
 *
 * @throws {UserError} If photographs cannot be used, or a stage fails
 * @throws {StoppedError} If a stop was asked for; the same call goes on
 */
export async function runPipeline(
  request: PipelineRequest,
  callbacksOf: CallbacksOf,
): Promise<PipelineResult> {
  for (const folderOf of [cacheFolder, outputFolder, reconstructionFolder, ganFolder]) {
    await removeLeftovers(folderOf(request.name));
  }
  const record = await StageRecord.open(pipelineFile(request.name));
  const stages: StageOutcome[] = [await importStage(record, request, callbacksOf)];
  for (const stage of stagesOf(request)) {
    const { name, settings, resultFile, run } = stage;
    stages.push(await record.stage(name, settings, resultFile, (start) => run(start, callbacksOf(name))));
  }
  return { stages, figures: Object.fromEntries(stages.map(({ name, result }) => [name, result])) };
}

/** The import runs always, as it is quick and sees changed photographs; later stages depend on what it found. */
async function importStage(
  record: StageRecord,
  { name, images, category, limit, seed, skipInvalid }: PipelineRequest,
  callbacksOf: CallbacksOf,
): Promise<StageOutcome> {
  const started = performance.now(), callbacks = callbacksOf("import");
  const report = await importPhotographs(
    images,
    { name, category, limit, seed, skipInvalid, overwrite: true },
    callbacks,
  );
  if (report.used < LEAST_PHOTOGRAPHS) {
    throw new UserError(
      `Cannot run the pipeline on ${images}: it needs at least ${LEAST_PHOTOGRAPHS} usable photographs, ` +
        `current value is ${report.used}; some dozens give a result worth looking at.`,
    );
  }
  const result = { found: report.found, used: report.used, notes: report.problems.length };
  const hash = hashText(await Deno.readTextFile(datasetFile(name)));
  const seconds = (performance.now() - started) / 1000;
  return await record.stage("import", { hash }, datasetFile(name), () => Promise.resolve(result), seconds);
}

interface Stage {
  readonly name: string;
  readonly settings: unknown;
  readonly resultFile: string;
  run(start: Exclude<StageStart, "skip">, callbacks: StageCallbacks): Promise<StageResult>;
}

function stagesOf(request: PipelineRequest): Stage[] {
  const { name, mode, seed, workers, backend, sizes } = request;
  const dataset = name, networks = { ...sizes, backend: backend.name as BackendName, seed };
  const poses = { imageResolution: sizes.poseResolution, workers };
  return [
    {
      name: "pose_step1",
      settings: { mode, resolution: sizes.poseResolution, steps: sizes.poseSteps },
      resultFile: hypothesesFile(dataset, mode),
      async run(start, callbacks) {
        if (start === "anew") await removePartial(hypothesesFile(dataset, mode));
        const decay = {
          cameraOptimSteps: sizes.poseSteps,
          cameraLrDecayAfter: Math.round(0.8 * sizes.poseSteps),
        };
        const { N, H } = await runPoseStep1(
          { dataset, mode, ...poses, ...decay, overwrite: true },
          callbacks,
        );
        return { pictures: N, hypotheses: H };
      },
    },
    {
      name: "pose_step2",
      settings: { mode, resolution: sizes.poseResolution },
      resultFile: posesFile(dataset, mode),
      async run(_, callbacks) {
        const { estimates } = await runPoseStep2(
          { dataset, mode, ...poses, ...CHOICE, overwrite: true },
          callbacks,
        );
        const { meanIou, medianDegrees, geodesicDistance, under10, flips, recall } = evaluatePoses(
          await openDataset(dataset),
          estimates,
        );
        return {
          kept: estimates.indices.length,
          recall,
          meanIou,
          medianDegrees,
          geodesicDistance,
          under10,
          flips,
        };
      },
    },
    {
      name: "reconstruct",
      settings: { mode, networks },
      resultFile: checkpointFile(reconstructionFolder(name), "latest"),
      run: (start, callbacks) => reconstructStage(request, start, callbacks),
    },
    {
      name: "export_reconstructions",
      settings: { mode, networks },
      resultFile: join(outputFolder(name), "reconstructions"),
      async run(_, callbacks) {
        await removeEntries(outputFolder(name), /^reconstructions$/);
        return { meshes: (await runExportReconstructions({ name, dataset }, callbacks)).length };
      },
    },
    {
      name: "generate_pseudogt",
      settings: { mode, networks },
      resultFile: poseMetadataFile(dataset, mode),
      async run(start, callbacks) {
        const pseudogtResolution = PRESETS[sizes.preset].textureResolution;
        const overwrite = start === "anew";
        const request = { name, dataset, mode, pseudogtResolution, skipInvalid: true, overwrite };
        const { count, skipped } = await runPseudoGroundTruth(request, callbacks);
        return { files: count, skipped: skipped.length };
      },
    },
    {
      name: "train_gan",
      settings: { mode, networks },
      resultFile: checkpointFile(ganFolder(name), "latest"),
      run: (start, callbacks) => ganStage(request, start, callbacks),
    },
    {
      name: "evaluate",
      settings: { mode, networks },
      resultFile: join(ganFolder(name), "evaluation.json"),
      async run(_, callbacks) {
        const whichEpoch = await bestOrLatest(name);
        const [entry] = await runEvaluation({ name, whichEpoch, searchBest: false }, callbacks);
        const { label, combined, textureOnly, meshOnly, kernel } = entry;
        return { checkpoint: whichEpoch, label, distance: combined, textureOnly, meshOnly, kernel };
      },
    },
    {
      name: "export",
      settings: { mode, networks },
      resultFile: join(outputFolder(name), "samples.json"),
      async run(_, callbacks) {
        await removeEntries(outputFolder(name), /^mesh_\d+\.(glb|obj|mtl|png)$/);
        const whichEpoch = await bestOrLatest(name);
        const { samples, folder } = await runExport(
          { name, howMany: sizes.exports, seed, whichEpoch, perspective: true },
          callbacks,
        );
        return { meshes: samples.length, folder };
      },
    },
  ];
}

async function reconstructStage(
  { name, mode, seed, sizes }: PipelineRequest,
  start: Exclude<StageStart, "skip">,
  callbacks: StageCallbacks,
): Promise<StageResult> {
  const plan = await planFor(name, mode, sizes.reconstructionBatch, 2, sizes.reconstructionIterations);
  const { state } = await runReconstruction({
    name,
    dataset: name,
    mode,
    preset: sizes.preset,
    batchSize: plan.batchSize,
    epochs: plan.epochs,
    lrDecayEvery: Math.ceil(plan.epochs / 3),
    checkpointFreq: plan.epochs,
    saveFreq: Math.ceil(plan.epochs / 10),
    imageFreq: plan.epochs,
    lr: sizes.reconstructionRate,
    seed,
    continueTrain: start === "resume",
    overwrite: start === "anew",
  }, callbacks);
  const figures = await evaluateReconstructionRun({
    ...{ name, dataset: name, mode, whichEpoch: "latest", batchSize: 8, loss: "mse" },
    ...{ meshRegularization: 5e-5, semiFraction: 0.1 },
  });
  return { iterations: state.iteration, iou: figures.iou, colour: figures.colour };
}

async function ganStage(
  { name, mode, seed, sizes }: PipelineRequest,
  start: Exclude<StageStart, "skip">,
  callbacks: StageCallbacks,
): Promise<StageResult> {
  const plan = await planFor(name, mode, sizes.ganBatch, 1, sizes.ganIterations);
  const sixth = Math.ceil(plan.epochs / 6);
  const { iterations, bestDistance } = await runGan({
    name,
    dataset: name,
    mode,
    preset: sizes.preset,
    batchSize: plan.batchSize,
    epochs: plan.epochs,
    checkpointFreq: sixth,
    evaluateFreq: sixth,
    saveFreq: Math.ceil(plan.epochs / 12),
    lrG: sizes.ganRates[0],
    lrD: sizes.ganRates[1],
    gRunningAverageAlpha: sizes.ganAverage,
    seed,
    continueTrain: start === "resume" && await hasCheckpoint(ganFolder(name), "latest"),
    overwrite: true,
  }, callbacks);
  return { iterations, bestDistance };
}

/** A batch that the posed photographs can fill, and the epochs that give about so many iterations. */
async function planFor(name: string, mode: Mode, wanted: number, least: number, iterations: number) {
  const posed = (await readPoseEstimates(posesFile(name, mode))).indices.length;
  if (posed < least) {
    throw new UserError(
      `Cannot train on ${name}: ${least} posed photographs are needed, current value is ${posed}; the poses of the ` +
        "others do not fit their masks. Add photographs, or check the masks and the template.",
    );
  }
  const batchSize = Math.min(wanted, posed);
  return {
    batchSize,
    epochs: Math.max(1, Math.round(iterations / Math.max(1, Math.floor(posed / batchSize)))),
  };
}

async function bestOrLatest(name: string): Promise<string> {
  return await hasCheckpoint(ganFolder(name), "best") ? "best" : "latest";
}

/** Removes what an earlier call left under names that this one may not write again. */
async function removeEntries(folder: string, pattern: RegExp): Promise<void> {
  for (const { name } of [...Deno.readDirSync(folder)].filter((entry) => pattern.test(entry.name))) {
    await Deno.remove(join(folder, name), { recursive: true });
  }
}

async function removePartial(resultFile: string): Promise<void> {
  await Deno.remove(partialFileOf(resultFile)).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
