/**
 * The stages of a pipeline: what each depends on, where its result is, and how it is run.
 *
 * @module
 */
import { join } from "@std/path";
import type { BackendName } from "../backend/options.ts";
import {
  correctionsFile,
  datasetFile,
  ganFolder,
  hypothesesFile,
  outputFolder,
  poseMetadataFile,
  posesFile,
  reconstructionFolder,
  reconstructionsFolder,
} from "../core/paths.ts";
import { hashText } from "../core/prng.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { PRESETS } from "../networks/presets.ts";
import { evaluatePoses } from "../pose/evaluate.ts";
import { photographChoice, ROBUST_CHOICE } from "../pose/robust_choice.ts";
import { meanHardIou } from "../pose/hard_ious.ts";
import { removePartialFile } from "../pose/files.ts";
import { readPoseCorrections } from "../pose/pose_corrections.ts";
import { loadTemplates } from "../templates/load_templates.ts";
import { checkpointFile } from "../training/checkpoint.ts";
import { runEvaluation } from "./evaluate.ts";
import { runExport } from "./export.ts";
import { runExportReconstructions } from "./export_reconstructions.ts";
import { runPseudoGroundTruth } from "./generate_pseudogt.ts";
import { LEAST_FOR_NETWORKS, type PipelineRequest, STAGE_NAMES, type StageName } from "./pipeline_request.ts";
import { runPoseStep1 } from "./pose_step1.ts";
import { runPoseStep2 } from "./pose_step2.ts";
import { exists } from "../io/exists.ts";
import { ganStage, reconstructStage } from "./network_stages.ts";
import type { StageInputs, StageResult, StageStart } from "./stage_record.ts";

export { LEAST_FOR_NETWORKS, STAGE_NAMES, type StageName } from "./pipeline_request.ts";

/**
 * Versions of the stages' code: a number is raised when its stage comes to another result from the same inputs, so that
 * results of older code are redone.
 */
export const STAGE_VERSIONS = {
  import: 2,
  pose_step1: 3,
  pose_step2: 5,
  refine: 4,
  reconstruct: 2,
  export_reconstructions: 4,
  generate_pseudogt: 5,
  train_gan: 4,
  evaluate: 1,
  export: 2,
} as const satisfies Record<StageName, number>;

/** Stages after the import that need no network: pose_step1, pose_step2 and refine. */
const WITHOUT_NETWORKS = STAGE_NAMES.indexOf("reconstruct") - 1;

/** Whether the stages that train networks, and those that rest on them, are part of a pipeline. */
export function trainsNetworks(
  { train = false }: Pick<PipelineRequest, "train">,
  photographs: number,
): boolean {
  return train || photographs >= LEAST_FOR_NETWORKS;
}

/** A stage of a pipeline. */
export interface PipelineStage extends StageInputs {
  /** Name of the stage. */
  readonly name: StageName;
  /** Runs it. */
  run(start: Exclude<StageStart, "skip">, callbacks: StageCallbacks): Promise<StageResult>;
}

/** The import, for photographs that `dataset.json` describes so. */
export function importInputs(name: string, description: string): StageInputs {
  const settings = { version: STAGE_VERSIONS.import, hash: hashText(description) };
  return { name: "import", settings, resultFile: datasetFile(name) };
}

/**
 * The stages after the import, in order; those of networks only where they are trained.
 *
 * @param request What the pipeline is run on
 * @param photographs Photographs that the import found usable
 */
export async function stagesOf(request: PipelineRequest, photographs: number): Promise<PipelineStage[]> {
  const { name, mode, seed, workers, backend, sizes, refine = "full" } = request;
  const { parts = ROBUST_CHOICE.parts, partsFrom, featureModel } = request;
  const usesFeatures = parts === "features" || Boolean(partsFrom);
  const dataset = name, networks = { ...sizes, backend: backend.name as BackendName, seed };
  const templates = await templateHash(request);
  const poses = { imageResolution: sizes.poseResolution, workers },
    corrections = await readPoseCorrections(correctionsFile(dataset));
  /** A stage that depends on the networks' settings. */
  const networkStage = (stage: StageName, resultFile: string, run: PipelineStage["run"]): PipelineStage => ({
    name: stage,
    settings: { version: STAGE_VERSIONS[stage], mode, networks },
    resultFile,
    run,
  });
  const stages: PipelineStage[] = [
    {
      name: "pose_step1",
      settings: {
        version: STAGE_VERSIONS.pose_step1,
        mode,
        templates,
        resolution: sizes.poseResolution,
        steps: sizes.poseSteps,
      },
      resultFile: hypothesesFile(dataset, mode),
      async run(start, callbacks) {
        if (start === "scratch") await removePartialFile(hypothesesFile(dataset, mode));
        const decay = {
          cameraOptimSteps: sizes.poseSteps,
          cameraLrDecayAfter: Math.round(0.8 * sizes.poseSteps),
        };
        const { N, H } = await runPoseStep1(
          { dataset, mode, ...poses, ...decay, overwrite: true },
          callbacks,
        );
        return { images: N, hypotheses: H };
      },
    },
    {
      name: "pose_step2",
      settings: {
        version: STAGE_VERSIONS.pose_step2,
        mode,
        resolution: sizes.poseResolution,
        ...parts !== ROBUST_CHOICE.parts && { parts },
        ...partsFrom && { partsFrom },
        ...usesFeatures && { features: featureModel?.model ?? "auto" },
        ...Object.keys(corrections).length > 0 && { corrections: hashText(JSON.stringify(corrections)) },
      },
      resultFile: posesFile(dataset, mode),
      async run(_, callbacks) {
        const { estimates, dataset: opened, templates } = await runPoseStep2(
          {
            dataset,
            mode,
            ...poses,
            ...photographChoice(request.category),
            parts,
            partsFrom,
            overwrite: true,
          },
          callbacks,
        );
        const { medianDegrees, geodesicDistance, under10, flips, recall } = evaluatePoses(opened, estimates);
        const meanIou = await meanHardIou(opened, templates, estimates);
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
      name: "refine",
      settings: { version: STAGE_VERSIONS.refine, mode, templates },
      resultFile: reconstructionsFolder(name, "full"),
      async run(_, callbacks) {
        const request = { name, dataset, mode, run: null, workers };
        const { paths, refined, iou, folder } = await runExportReconstructions(request, callbacks);
        return { meshes: paths.length, refined, iou, folder };
      },
    },
    networkStage(
      "reconstruct",
      checkpointFile(reconstructionFolder(name), "latest"),
      (start, callbacks) => reconstructStage(request, start, callbacks),
    ),
    {
      ...networkStage("export_reconstructions", reconstructionsFolder(name, refine), async (_, callbacks) => {
        const request = { name, dataset, mode, refine, run: name, workers };
        const { paths, refined, iou } = await runExportReconstructions(request, callbacks);
        return { meshes: paths.length, refined, iou };
      }),
      settings: { version: STAGE_VERSIONS.export_reconstructions, mode, networks, refine },
    },
    networkStage("generate_pseudogt", poseMetadataFile(dataset, mode, name), async (start, callbacks) => {
      const pseudogtResolution = PRESETS[sizes.preset].textureResolution;
      const overwrite = start === "scratch";
      const request = { name, dataset, mode, pseudogtResolution, skipInvalid: true, overwrite };
      const { count, skipped } = await runPseudoGroundTruth(request, callbacks);
      return { files: count, skipped: skipped.length };
    }),
    networkStage(
      "train_gan",
      checkpointFile(ganFolder(name), "latest"),
      (start, callbacks) => ganStage(request, start, callbacks),
    ),
    networkStage("evaluate", join(ganFolder(name), "evaluation.json"), async (_, callbacks) => {
      const whichEpoch = await bestOrLatest(name);
      const [entry] = await runEvaluation({ name, whichEpoch, searchBest: false }, callbacks);
      const { label, combined, textureOnly, meshOnly, kernel } = entry;
      return { checkpoint: whichEpoch, label, distance: combined, textureOnly, meshOnly, kernel };
    }),
    networkStage("export", join(outputFolder(name), "samples.json"), async (_, callbacks) => {
      const whichEpoch = await bestOrLatest(name);
      const { samples, folder } = await runExport(
        { name, howMany: sizes.exports, seed, whichEpoch, perspective: true },
        callbacks,
      );
      return { meshes: samples.length, folder };
    }),
  ];
  return trainsNetworks(request, photographs) ? stages : stages.slice(0, WITHOUT_NETWORKS);
}

/** Changes with the shapes and parts of the templates, whoever made them. */
async function templateHash({ category, mode }: PipelineRequest): Promise<number> {
  const templates = await loadTemplates(category, mode);
  return hashText(
    templates.map(({ vertices, partLabels, partNames }) => [vertices, partLabels, partNames].join(";"))
      .join(),
  );
}

async function bestOrLatest(name: string): Promise<string> {
  return await exists(checkpointFile(ganFolder(name), "best")) ? "best" : "latest"; // a damaged one is told by its reader
}
